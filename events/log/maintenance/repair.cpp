#include "events/log/fault.hpp"
#include "events/log/folder.hpp"
#include "events/log/format_version.hpp"
#include "events/log/key.hpp"
#include "events/log/maintenance/maintenance.hpp"
#include "events/log/maintenance/salvage.hpp"
#include "events/log/maintenance/survey.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace fc::events::log {

namespace fs = std::filesystem;

namespace {

/// Writes a proved prefix into a new database, some megabytes at a time.
class prefix_writer final : public survey_sink {
public:
  explicit prefix_writer(database& to) : to_(to) {}

  error take(const record& at, byte_view entry) override {
    auto key = position_key(at.at);
    add(family::streams, stream_key(at.stream, at.seq), as_bytes(key));
    add(family::log, std::move(key), entry);
    return size_ < batch_size ? error{} : flush();
  }

  error take(const digest& id, const bytes& data) override {
    std::string key{blob_key(id)};
    if (data.size() <= blob_chunk) {
      add(family::blobs, std::move(key), data);
    } else {
      if (auto err = write_chunks(to_, id, data))
        return err;
      add(family::blobs, std::move(key), as_bytes(blob_head(data.size())));
      const auto row = chunked_format_version();
      add(row.to, std::string{row.key}, row.value);
    }
    return size_ < batch_size ? error{} : flush();
  }

  error flush() {
    std::vector<put_row> rows;
    rows.reserve(kept_.size());
    for (const auto& each : kept_)
      rows.push_back({each.to, each.key, each.value});
    auto err = rows.empty() ? error{} : to_.write(rows);
    kept_.clear();
    size_ = 0;
    return err;
  }

private:
  static constexpr std::size_t batch_size = 4U << 20U;

  struct kept_row {
    family to;
    std::string key;
    bytes value;
  };

  void add(family to, std::string key, byte_view value) {
    size_ += key.size() + value.size();
    kept_.push_back({to, std::move(key), {value.begin(), value.end()}});
  }

  database& to_;
  std::vector<kept_row> kept_;
  std::size_t size_ = 0;
};

/// A repair of one log; the writer's lock is held all the while.
class repairer {
public:
  repairer(std::string path, const clock_function& now)
    : path_(std::move(path)), fresh_(path_ + repairing_suffix), now_(now) {}

  expected<repair_report> run() {
    auto lock = database_lock::take(path_);
    if (!lock)
      return lock.error();
    if (auto err = diagnose())
      return err;
    if (report_.damage.empty())
      return std::move(report_);
    if (auto err = rebuild())
      return err;
    if (auto err = exchange())
      return err;
    return std::move(report_);
  }

private:
  /// Without the advice, which is being followed.
  void damage(std::string what) {
    if (what.ends_with(way_out))
      what.resize(what.size() - std::string_view{way_out}.size());
    report_.damage.push_back(std::move(what));
  }

  /// All that is wrong, in the order a reader would meet it.
  error diagnose() {
    auto found = folder_state_at(path_);
    if (!found)
      return found.error();
    if (auto err = check_folder_state(path_, *found)) {
      if (code_of(err) != ec::corrupt)
        return err;
      damage(text_of(err));
    }
    auto mark = watermark_file::read(path_);
    if (mark && *mark)
      report_.acknowledged = (*mark)->at;
    else if (!mark)
      damage(text_of(mark.error()));
    if (auto err = read_as_it_is())
      return err;
    if (!source_ || lacks_something())
      if (auto err = read_what_else_there_is())
        return err;
    judge(rows_, mark ? *mark : std::nullopt);
    // The blobs of such a record are not known and would stay behind.
    if (!report_.damage.empty() && !rows_.unread.empty())
      return make_error(ec::too_new, path_ + ": " + report_.damage.front()
                                       + "; not repaired, as this program "
                                         "cannot read "
                                       + rows_.unread);
    return {};
  }

  /// The log as any reader sees it, if RocksDB opens it.
  error read_as_it_is() {
    auto opened = database::open_reader(path_);
    if (!opened) {
      if (report_.damage.empty())
        damage(text_of(opened.error()));
      return {};
    }
    if (auto err = check_format_version(*opened, path_)) {
      if (code_of(err) == ec::too_new)
        return err;
      if (code_of(err) == ec::invalid_argument)
        damage(path_ + ": the log's format marker is missing");
    }
    return take_source(std::move(*opened));
  }

  error take_source(database opened) {
    log_storage storage{std::move(opened)};
    auto rows = survey(storage, blob_check::whole);
    if (!rows)
      return rows.error();
    source_.emplace(std::move(storage));
    rows_ = std::move(*rows);
    return {};
  }

  /// Whether other files may hold what these rows do not. The index is made
  /// of the records in any case.
  bool lacks_something() const {
    return !rows_.broken.empty() || rows_.end.last < report_.acknowledged
           || !rows_.lost.empty();
  }

  /// All whole files, named by the log or not.
  error read_what_else_there_is() {
    if (auto err = salvage_.make(path_))
      return err;
    auto opened = database::open_salvage(salvage_.path());
    if (!opened) {
      return source_
               ? error{}
               : make_error(ec::corrupt, text_of(opened.error())
                                           + "; not even a part can be read, "
                                             "restore the log from a backup");
    }
    const bool readable = source_.has_value();
    const auto before = std::pair{rows_.end.last, rows_.lost.size()};
    std::optional<log_storage> old_source{std::move(source_)};
    source_.reset();
    auto old_rows = std::exchange(rows_, {});
    if (auto err = take_source(std::move(*opened)))
      return err;
    const bool more = rows_.end.last > before.first
                      || (rows_.end.last == before.first
                          && rows_.lost.size() < before.second);
    if (readable && !more) {
      source_.reset();
      source_.emplace(std::move(*old_source));
      rows_ = std::move(old_rows);
      return {};
    }
    for (const auto& each : salvage_.left_out())
      damage(each);
    if (readable)
      damage(path_
             + ": its list of files (MANIFEST) does not name all that "
               "hold records or blobs");
    // Whoever has neither a record nor a watermark may be no log at all.
    if (rows_.end.last == 0 && report_.acknowledged == 0)
      return make_error(ec::corrupt,
                        path_ + ": " + report_.damage.front()
                          + "; no record can be read, restore the log from a "
                            "backup");
    return {};
  }

  void judge(const survey_result& x, const std::optional<watermark>& mark) {
    report_.kept = x.end.last;
    if (!x.broken.empty())
      damage(x.broken + rows_behind(x.end.last));
    if (!x.index.empty())
      damage(x.index);
    if (mark && mark->at > x.end.last)
      damage("record " + std::to_string(x.end.last + 1)
             + " and all after it are lost, up to " + std::to_string(mark->at)
             + " was acknowledged");
    else if (mark && mark->at > 0 && !has_chain(*mark))
      damage("record " + std::to_string(mark->at)
             + " is not the one that was acknowledged");
    for (const auto& each : x.lost) {
      report_.lost_blobs.push_back(to_string(each));
      // One that is absent is no better off in a new log.
      if (each.damaged)
        damage(report_.lost_blobs.back());
    }
  }

  /// Whether the acknowledged record is the one in the log.
  bool has_chain(const watermark& mark) const {
    bool same = false;
    const auto err = source_->scan(mark.at, mark.at, [&](const record& x) {
      same = x.chain == mark.chain;
      return false;
    });
    return !err && same;
  }

  /// What lies behind the prefix and cannot be proved.
  std::string rows_behind(position last) const {
    const auto end = source_->find_last();
    if (!end || *end <= last + 1)
      return "";
    return "; rows up to position " + std::to_string(*end)
           + " cannot be proved without it";
  }

  /// The prefix in a new folder, opened as a writer would before it counts.
  error rebuild() {
    if (auto err = renew_folder(fresh_))
      return err;
    {
      auto made = database::open_writer(fresh_, true);
      if (!made)
        return made.error();
      if (auto err = write(*made))
        return err;
    }
    const auto log = open_rocksdb_log({fresh_, false, now_});
    if (!log)
      return log.error();
    if ((*log)->last() != report_.kept)
      return make_error(ec::storage_failure,
                        fresh_ + ": ends at " + std::to_string((*log)->last())
                          + ", not at " + std::to_string(report_.kept)
                          + "; the log is as it was, repair it again");
    return {};
  }

  error write(database& to) {
    // Made first, so that whatever is there can be told from other databases.
    if (auto err = write_format_version(to, fresh_, 0, now_()))
      return err;
    prefix_writer sink{to};
    auto copied = survey(*source_, blob_check::whole, &sink);
    if (!copied)
      return copied.error();
    if (auto err = sink.flush())
      return err;
    auto mark = watermark_file::open(fresh_);
    if (!mark)
      return mark.error();
    return mark->write({copied->end.last, copied->end.chain});
  }

  /// Between the two renames there is no log at the path; `repair` and whoever
  /// opens it know by the folder beside.
  error exchange() {
    source_.reset();
    const auto aside = free_name();
    if (auto err = move_folder(path_, aside))
      return err;
    report_.moved_to = aside;
    return move_folder(fresh_, path_);
  }

  std::string free_name() const {
    auto time = to_iso8601(now_()).substr(0, 19);
    std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
    const auto name = path_ + ".damaged-" + time + "Z";
    auto free = name;
    for (int i = 2; fs::exists(free); ++i)
      free = name + "-" + std::to_string(i);
    return free;
  }

  std::string path_;
  std::string fresh_;
  const clock_function& now_;
  salvage_folder salvage_;
  std::optional<log_storage> source_;
  survey_result rows_; ///< Of the source.
  repair_report report_;
};

/// A repair that was killed between its renames.
expected<repair_report>
finish(const std::string& path, const clock_function& now) {
  const auto fresh = path + repairing_suffix;
  repair_report report;
  report.damage.emplace_back(
    "a repair was interrupted when the damaged log was "
    "moved and the new one was not yet in its place");
  {
    // Written last: without it something else was going on.
    const auto mark = watermark_file::read(fresh);
    if (!mark)
      return mark.error();
    if (!*mark)
      return make_error(ec::corrupt, fresh
                                       + ": not a finished repair; move the "
                                         "log back from beside it and repair "
                                         "again");
    const auto log = open_rocksdb_log({fresh, false, now});
    if (!log)
      return log.error();
    report.kept = (*log)->last();
  }
  if (auto err = move_folder(fresh, path))
    return err;
  return report;
}

} // namespace

expected<repair_report>
repair(const std::string& path, const clock_function& now) {
  // What a link names is repaired, and the link still names it.
  const auto clean = without_links(path).string();
  if (is_between_renames(clean))
    return finish(clean, now);
  auto found = folder_state_at(clean);
  if (!found)
    return found.error();
  if (*found == folder_state::absent || *found == folder_state::empty
      || *found == folder_state::unfinished)
    return no_log_at(clean);
  if (*found == folder_state::other)
    return check_folder_state(clean, *found);
  return repairer{clean, now}.run();
}

} // namespace fc::events::log
