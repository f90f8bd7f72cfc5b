#include "events/log/key.hpp"
#include "events/log/maintenance/maintenance.hpp"
#include "events/log/maintenance/survey.hpp"

#include <algorithm>
#include <utility>

namespace fc::events::log {

namespace {

/// What is garbage, and the keys of its rows.
struct found_garbage {
  garbage_report report;
  std::vector<std::string> keys;

  /// A row of a blob; those of one blob come together, its head first.
  void add(const digest& id, std::string_view key, std::uint64_t size) {
    const bool is_chunk = key.size() > id.value.size();
    if (report.blobs.empty() || report.blobs.back().id != id)
      report.blobs.push_back({id, 0});
    else if (is_chunk && keys.back().size() == id.value.size())
      take_back(); // It was a head, which is none of the blob's bytes.
    report.blobs.back().size += size;
    report.bytes += size;
    keys.emplace_back(key);
  }

private:
  void take_back() {
    report.bytes -= report.blobs.back().size;
    report.blobs.back().size = 0;
  }
};

/// Blobs that no record refers to. Whoever cannot read every record cannot
/// know, and gets an error.
expected<found_garbage>
find_garbage(const std::string& path, const log_storage& storage) {
  auto known = survey(storage, blob_check::none);
  if (!known)
    return known.error();
  const auto obstacle = !known->broken.empty()  ? known->broken
                        : !known->index.empty() ? known->index
                                                : known->unread;
  if (!obstacle.empty())
    return make_error(ec::corrupt, path + ": " + obstacle
                                     + "; garbage cannot be recognised, see "
                                       "fcreplay --verify");
  found_garbage found;
  auto walk = storage.rows().walk(family::blobs, reading::bulk);
  for (walk.seek_first(); walk.valid(); walk.next()) {
    digest id;
    const auto key = walk.key();
    if (key.size() != id.value.size()
        && key.size() != blob_chunk_key(id, 0).size())
      continue; // Not ours to judge.
    std::ranges::copy(as_bytes(key.substr(0, id.value.size())),
                      id.value.begin());
    if (!known->blobs.contains(id))
      found.add(id, key, walk.value().size());
  }
  if (const auto failure = walk.failure())
    return make_error(ec::corrupt, path + ": blobs: " + *failure
                                     + "; see fcreplay --repair");
  return found;
}

} // namespace

expected<garbage_report> list_garbage(const std::string& path) {
  // Says what is wrong with a log in the words of any reader.
  if (auto log = open_rocksdb_reader(path); !log)
    return log.error();
  auto opened = database::open_reader(path);
  if (!opened)
    return opened.error();
  auto found = find_garbage(path, log_storage{std::move(*opened)});
  if (!found)
    return found.error();
  return std::move(found->report);
}

expected<garbage_report> remove_garbage(const std::string& path) {
  // Everything that a writer checks, before anything is removed.
  if (auto log = open_rocksdb_log({path, false, system_now}); !log)
    return log.error();
  auto opened = database::open_writer(path, false);
  if (!opened)
    return opened.error();
  log_storage storage{std::move(*opened)};
  auto found = find_garbage(path, storage);
  if (!found)
    return found.error();
  if (found->keys.empty())
    return std::move(found->report);
  if (auto err = storage.rows().remove(family::blobs, found->keys))
    return err;
  if (auto err = storage.rows().compact(family::blobs))
    return err;
  found->report.removed = true;
  return std::move(found->report);
}

} // namespace fc::events::log
