#include "events/log/event_log.hpp"
#include "events/log/fault.hpp"
#include "events/log/folder.hpp"
#include "events/log/format_version.hpp"
#include "events/log/key.hpp"
#include "events/log/log_storage.hpp"
#include "events/log/plan.hpp"

#include <deque>
#include <limits>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <unordered_set>
#include <utility>

namespace fc::events::log {

namespace {

/// Newest records whose chain is verified before the log is appended to.
constexpr position verified_tail = 1000;

/// Names the log in an error from inside it.
error in_log(const std::string& path, const error& err) {
  return make_error(code_of(err), path + ": " + text_of(err));
}

/// The reading half of both kinds of log on disk.
template <class Interface>
class persistent_log : public Interface {
public:
  persistent_log(std::shared_ptr<log_storage> storage, position last)
    : storage_(std::move(storage)), last_(last) {}

  position last() const override {
    const std::shared_lock lock{mutex_};
    return last_;
  }

  error scan(position from, const record_visitor& visit) const override {
    const auto [storage, last] = now();
    return storage->scan(from, last, visit);
  }

  expected<std::vector<record>>
  read_stream(std::string_view stream) const override {
    return now().first->read_stream_to(stream,
                                       std::numeric_limits<sequence>::max());
  }

  expected<std::vector<record>>
  read_stream_to(std::string_view stream, sequence last) const override {
    return now().first->read_stream_to(stream, last);
  }

  expected<sequence> stream_version(std::string_view stream) const override {
    return now().first->stream_version(stream);
  }

  expected<std::vector<stream_name>>
  streams(std::string_view prefix, std::string_view after,
          std::size_t limit) const override {
    return now().first->streams(prefix, after, limit);
  }

  error visit_streams(std::string_view prefix, position until,
                      const stream_visitor& visit) const override {
    return now().first->visit_streams(prefix, until, visit);
  }

  expected<bytes> blob_of(const digest& id) const override {
    return now().first->blob_of(id);
  }

  error read_blob(const digest& id, const blob_sink& sink) const override {
    return now().first->read_blob(id, sink);
  }

protected:
  /// The rows to read and the last position known to be in them. Whoever reads
  /// keeps them alive, also when `advance` puts others in their place.
  std::pair<std::shared_ptr<log_storage>, position> now() const {
    const std::shared_lock lock{mutex_};
    return {storage_, last_};
  }

  void advance(std::shared_ptr<log_storage> storage, position last) {
    const std::unique_lock lock{mutex_};
    storage_ = std::move(storage);
    last_ = last;
  }

private:
  mutable std::shared_mutex mutex_;
  std::shared_ptr<log_storage> storage_;
  position last_;
};

/// The one writer: one thread plans, one commits.
class persistent_writer final : public persistent_log<event_log>,
                                private written_records {
public:
  persistent_writer(rocksdb_options options,
                    std::shared_ptr<log_storage> storage, const log_end& end,
                    stream_versions versions, watermark_file mark)
    : persistent_log(storage, end.last), options_(std::move(options)),
      storage_(std::move(storage)), planner_(end, std::move(versions)),
      mark_(std::move(mark)) {}

  expected<append_plan_ptr>
  plan(const append_batch& batch, const origin& by) override {
    if (auto err = broken_.refusal(options_.path))
      return err;
    return planner_.plan(batch, {by, options_.now()}, *this);
  }

  error commit(std::span<const append_plan_ptr> plans) override {
    if (auto err = broken_.refusal(options_.path))
      return err;
    if (!follow(plans, last()))
      return stop(
        make_error(ec::internal, "a batch before it was planned, not written"));
    return write(plans);
  }

private:
  /// The write that failed, if one did.
  class failed_write {
  public:
    void set(const error& cause) {
      const std::unique_lock lock{mutex_};
      text_ = text_of(cause);
    }

    error refusal(const std::string& path) const {
      const std::shared_lock lock{mutex_};
      if (text_.empty())
        return {};
      return make_error(ec::storage_failure,
                        path + ": takes no appends after a failed write ("
                          + text_ + "); make room and open the log again");
    }

  private:
    mutable std::shared_mutex mutex_;
    std::string text_;
  };

  position written() const override {
    return last();
  }

  expected<stored_id>
  id_at(const stream_name& stream, sequence seq) const override {
    return storage_->id_at(stream, seq);
  }

  /// Blobs and records in one synced batch, after the chunks of large blobs.
  error write(std::span<const append_plan_ptr> plans) {
    std::size_t entries = 0;
    for (const auto& plan : plans)
      entries += plan->entries.size();
    std::vector<put_row> rows;
    rows.reserve(entries * 2);
    std::deque<std::string> heads;
    if (auto err = add_blobs(plans, rows, heads))
      return stop(err);
    for (const auto& plan : plans)
      for (const auto& each : plan->entries) {
        const auto key = plan->at(each.log_key);
        rows.push_back({family::log, as_text(key), plan->at(each.entry)});
        rows.push_back(
          {family::streams, as_text(plan->at(each.stream_key)), key});
      }
    if (rows.empty())
      return {};
    if (auto err = storage_->rows().write(rows))
      return stop(err);
    publish(*plans.back());
    return {};
  }

  /// Rows of the blobs that are new.
  error add_blobs(std::span<const append_plan_ptr> plans,
                  std::vector<put_row>& rows, std::deque<std::string>& heads) {
    std::unordered_set<std::string_view> seen;
    for (const auto& plan : plans)
      for (const auto* each : plan->blobs) {
        if (!seen.insert(blob_key(each->id)).second)
          continue;
        auto known = storage_->has_blob(each->id);
        if (!known)
          return known.error();
        if (*known)
          continue;
        const auto key = blob_key(each->id);
        if (each->data.size() <= blob_chunk) {
          rows.push_back({family::blobs, key, each->data});
          continue;
        }
        if (auto err = write_chunks(storage_->rows(), each->id, each->data))
          return err;
        const auto& head = heads.emplace_back(blob_head(each->data.size()));
        rows.push_back({family::blobs, key, as_bytes(head)});
        rows.push_back(chunked_format_version());
      }
    return {};
  }

  /// Takes no more appends after a failed write: what was planned behind it
  /// has no place any more.
  error stop(const error& cause) {
    broken_.set(cause);
    return make_error(ec::storage_failure,
                      text_of(cause)
                        + "; whether the batch was written shows when "
                          "the log is opened again");
  }

  /// What was written becomes the state of the log.
  void publish(const append_plan& newest) {
    advance(storage_, newest.last);
    // This batch is safe; only the next one must not go on without the mark.
    if (auto err = mark_.write({newest.last, newest.chain}))
      broken_.set(err);
  }

  rocksdb_options options_;
  std::shared_ptr<log_storage> storage_;
  planner planner_;
  watermark_file mark_;
  failed_write broken_;
};

/// Refuses a log that ends before records whose append was answered.
error check_watermark(const log_storage& storage, position last,
                      const std::optional<watermark>& mark) {
  if (!mark || mark->at == 0)
    return {};
  if (last < mark->at)
    return make_error(
      ec::corrupt,
      "record " + std::to_string(last + 1)
        + " and all after it are lost, up to " + std::to_string(mark->at)
        + " was acknowledged; restore the log from a backup, or go on without "
          "them by fcreplay --repair");
  digest chain;
  if (auto err = storage.scan(mark->at, last, [&](const record& x) {
        chain = x.chain;
        return false;
      }))
    return err;
  if (chain != mark->chain)
    return make_error(ec::corrupt, "record " + std::to_string(mark->at)
                                     + " is not the one that was acknowledged"
                                     + way_out);
  return {};
}

/// A log with records has a format, unless it lost what was only in its
/// write-ahead log.
error without_format(const std::string& path) {
  return make_error(ec::corrupt,
                    path + ": the log's format marker is lost" + way_out);
}

/// The newest record was written together with its row of the index.
error check_newest(const log_storage& storage, position last) {
  if (last == 0)
    return {};
  stream_name stream;
  sequence seq = 0;
  if (auto err = storage.scan(last, last, [&](const record& x) {
        stream = x.stream;
        seq = x.seq;
        return false;
      }))
    return err;
  const auto named = storage.id_at(stream, seq);
  if (!named)
    return named.error();
  return named->at == last
           ? error{}
           : make_error(ec::corrupt, "stream index of " + stream
                                       + ": does not name the newest record"
                                       + way_out);
}

/// A damaged write-ahead log keeps a log from opening at all: name the place.
error name_first_lost(const std::string& path, const error& cause) {
  if (code_of(cause) != ec::corrupt)
    return cause;
  auto frozen = database::open_frozen(path, family::log);
  if (!frozen)
    return make_error(ec::corrupt, text_of(cause) + way_out);
  auto last = log_storage{std::move(*frozen)}.find_last();
  if (!last)
    return cause;
  // The damage may be in what is made of the records.
  const auto mark = watermark_file::read(path);
  if (mark && *mark && (*mark)->at <= *last)
    return make_error(ec::corrupt,
                      text_of(cause) + "; record " + std::to_string((*mark)->at)
                        + ", the newest that was acknowledged, is there: the "
                          "damage is in what is made of the records"
                        + way_out);
  return make_error(ec::corrupt,
                    text_of(cause) + "; record " + std::to_string(*last + 1)
                      + " is the first that cannot be read" + way_out);
}

/// Makes a database, also in the place of one whose creation was cut short; as
/// no record was in it, damage to it is no reason to refuse.
expected<database>
make_database(const rocksdb_options& options, folder_state found) {
  auto made = database::open_writer(options.path, true, options.files);
  if (made || found != folder_state::unfinished
      || code_of(made.error()) != ec::corrupt)
    return made;
  {
    auto lock = database_lock::take(options.path);
    if (!lock)
      return lock.error();
    if (auto err = clear_unfinished(options.path))
      return err;
  }
  return database::open_writer(options.path, true, options.files);
}

expected<std::unique_ptr<event_log>>
start_writer(const rocksdb_options& options, database opened) {
  const auto& path = options.path;
  auto storage = std::make_shared<log_storage>(std::move(opened));
  auto end = storage->verified_end(verified_tail);
  if (!end)
    return in_log(path, end.error());
  auto mark = watermark_file::read(path);
  if (!mark)
    return mark.error();
  if (auto err = check_watermark(*storage, end->last, *mark))
    return in_log(path, err);
  if (auto err
      = write_format_version(storage->rows(), path, end->last, options.now()))
    return code_of(err) == ec::invalid_argument && end->last > 0
             ? without_format(path)
             : err;
  auto versions = storage->all_versions(end->last);
  if (!versions)
    return in_log(path, versions.error());
  auto file = watermark_file::open(path);
  if (!file)
    return file.error();
  if (auto err = file->write({end->last, end->chain}))
    return err;
  return std::make_unique<persistent_writer>(
    options, std::move(storage), *end, std::move(*versions), std::move(*file));
}

/// A log as a reader found it.
struct found_log {
  std::shared_ptr<log_storage> storage;
  position last = 0;
};

expected<found_log> try_reading(const std::string& path) {
  // Read before the database: what it names is there by then.
  auto mark = watermark_file::read(path);
  if (!mark)
    return mark.error();
  auto opened = database::open_reader(path);
  if (!opened)
    return name_first_lost(path, opened.error());
  const auto unmarked = check_format_version(*opened, path);
  if (unmarked && code_of(unmarked) != ec::invalid_argument)
    return unmarked;
  found_log found{std::make_shared<log_storage>(std::move(*opened)), 0};
  auto last = found.storage->find_last();
  if (!last)
    return in_log(path, last.error());
  if (auto err = check_watermark(*found.storage, *last, *mark))
    return in_log(path, err);
  if (unmarked)
    return *last > 0 ? without_format(path) : unmarked;
  if (auto err = check_newest(*found.storage, *last))
    return in_log(path, err);
  found.last = *last;
  return found;
}

/// A writer may remove files between our looking and opening: try again.
expected<found_log> start_reading(const std::string& path) {
  constexpr int attempts = 5;
  for (int attempt = 1;; ++attempt) {
    auto found = try_reading(path);
    if (found || attempt == attempts)
      return found;
  }
}

/// A reader beside a writer, or without one.
class persistent_reader final : public persistent_log<log_reader> {
public:
  persistent_reader(std::string path, const found_log& found)
    : persistent_log(found.storage, found.last), path_(std::move(path)) {}

  /// Opens again, unless the watermark shows that there is nothing new.
  error refresh() override {
    auto mark = watermark_file::read(path_);
    if (!mark)
      return mark.error();
    if (*mark && (*mark)->at == last())
      return {};
    auto found = start_reading(path_);
    if (!found)
      return found.error();
    advance(found->storage, found->last);
    return {};
  }

private:
  std::string path_;
};

} // namespace

expected<std::unique_ptr<event_log>>
open_rocksdb_log(const rocksdb_options& options) {
  auto found = folder_state_at(options.path);
  if (!found)
    return found.error();
  const bool is_new = *found == folder_state::absent
                      || *found == folder_state::empty
                      || *found == folder_state::unfinished;
  // A new log in the place of one under repair would hide it.
  if (is_new && (!options.create || is_between_renames(options.path)))
    return no_log_at(options.path);
  if (is_new) {
    if (auto err = make_folder(options.path))
      return err;
  } else if (auto err = check_folder_state(options.path, *found)) {
    return err;
  }
  auto opened = is_new
                  ? make_database(options, *found)
                  : database::open_writer(options.path, false, options.files);
  if (opened)
    return start_writer(options, std::move(*opened));
  return name_first_lost(options.path, opened.error());
}

expected<std::unique_ptr<log_reader>>
open_rocksdb_reader(const std::string& path) {
  auto found = folder_state_at(path);
  if (!found)
    return found.error();
  if (*found == folder_state::absent || *found == folder_state::empty
      || *found == folder_state::unfinished)
    return no_log_at(path);
  if (auto err = check_folder_state(path, *found))
    return err;
  auto reading = start_reading(path);
  if (!reading)
    return reading.error();
  return std::make_unique<persistent_reader>(path, *reading);
}

} // namespace fc::events::log
