#include "events/log/key.hpp"
#include "events/log/upkeep/survey.hpp"
#include "events/log/upkeep/upkeep.hpp"

#include <algorithm>
#include <utility>

namespace fc::events::log {

namespace {

/// Blobs that no record refers to. Whoever cannot read every record cannot
/// know, and gets an error.
expected<garbage_report>
find_garbage(const std::string& path, const stored_log& stored) {
  auto known = survey(stored, blob_check::none);
  if (!known)
    return known.error();
  const auto obstacle = !known->broken.empty()  ? known->broken
                        : !known->index.empty() ? known->index
                                                : known->unread;
  if (!obstacle.empty())
    return make_error(ec::corrupt, path + ": " + obstacle
                                     + "; what is garbage cannot be told, see "
                                       "fcreplay --verify");
  garbage_report report;
  auto walk = stored.rows().walk(family::blobs, reading::bulk);
  for (walk.seek_first(); walk.valid(); walk.next()) {
    digest id;
    const auto key = walk.key();
    if (key.size() != id.value.size())
      continue; // Not ours to judge.
    std::ranges::copy(as_bytes(key), id.value.begin());
    if (known->blobs.contains(id))
      continue;
    report.blobs.push_back({id, walk.value().size()});
    report.bytes += report.blobs.back().size;
  }
  if (const auto failure = walk.failure())
    return make_error(ec::corrupt, path + ": blobs: " + *failure
                                     + "; see fcreplay --repair");
  return report;
}

} // namespace

expected<garbage_report> list_garbage(const std::string& path) {
  // Says what is wrong with a log in the words of any reader.
  if (auto log = open_rocksdb_reader(path); !log)
    return log.error();
  auto opened = database::open_reader(path);
  if (!opened)
    return opened.error();
  return find_garbage(path, stored_log{std::move(*opened)});
}

expected<garbage_report> remove_garbage(const std::string& path) {
  // Everything that a writer checks, before anything is removed.
  if (auto log = open_rocksdb_log({path, false, system_now}); !log)
    return log.error();
  auto opened = database::open_writer(path, false);
  if (!opened)
    return opened.error();
  stored_log stored{std::move(*opened)};
  auto report = find_garbage(path, stored);
  if (!report || report->blobs.empty())
    return report;
  std::vector<std::string> keys;
  for (const auto& each : report->blobs)
    keys.emplace_back(blob_key(each.id));
  if (auto err = stored.rows().remove(family::blobs, keys))
    return err;
  if (auto err = stored.rows().compact(family::blobs))
    return err;
  report->removed = true;
  return report;
}

} // namespace fc::events::log
