#include "tests/events/log/faults/storm.hpp"

#include "events/log/maintenance/maintenance.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <set>

using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;

namespace fc::events::log {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t stream_count = 5;

disk_fault random_fault(std::mt19937_64& dice, std::size_t operations) {
  const auto roll = [&](std::size_t max) {
    return std::uniform_int_distribution<std::size_t>{0, max}(dice);
  };
  disk_fault x;
  x.at = roll(operations);
  x.tears = roll(1) == 0;
  x.full = roll(1) == 0;
  if (roll(1) == 0)
    x.refused = 1 + roll(3);
  return x;
}

} // namespace

storm::storm(std::string path, unsynced how, const storm_size& size,
             std::uint64_t seed)
  : path_(std::move(path)), how_(how), size_(size), dice_(seed), files_(path_) {
  note_watermark();
}

std::size_t storm::dice(std::size_t max) {
  return std::uniform_int_distribution<std::size_t>{0, max}(dice_);
}

bool storm::chance(std::size_t one_in) {
  return dice(one_in - 1) == 0;
}

// -- what is appended ---------------------------------------------------------

void storm::add_request(batch& to, std::map<stream_name, sequence>& versions) {
  const auto stream = "run/" + std::to_string(dice(stream_count - 1));
  auto& version = versions[stream];
  if (chance(6) && !done_.empty()) {
    to.requests.push_back(done_[dice(done_.size() - 1)]);
    to.conflicts.push_back(false);
    return;
  }
  const bool is_conflict = chance(5);
  append_request x{stream, version + (is_conflict ? 1000 : 0), {}};
  for (std::size_t i = dice(2); i < 3; ++i)
    x.events.push_back(noted(std::string(dice(chance(8) ? 40'000 : 200), 'x')));
  if (chance(3) && !to.blobs.empty()) {
    auto facts = samples::scraped();
    facts.issue_texts = {};
    facts.diff = {to.blobs.back().id, to.blobs.back().data.size()};
    x.events.push_back(make_event(facts));
  }
  to.requests.push_back(x);
  to.conflicts.push_back(is_conflict);
  if (is_conflict)
    return;
  for (const auto& each : x.events)
    to.ids.push_back(each.id);
  version += static_cast<sequence>(x.events.size());
}

blob storm::random_blob() {
  std::string text;
  const auto size = chance(size_.one_in) ? dice(size_.blob) : dice(9000);
  while (text.size() < size) {
    const auto word = dice_();
    text.append(reinterpret_cast<const char*>(&word), sizeof word);
  }
  return make_blob(text);
}

storm::batch storm::next_batch() {
  batch x;
  for (std::size_t i = dice(3); i < 2; ++i)
    x.blobs.push_back(random_blob());
  auto versions = versions_;
  for (std::size_t i = dice(3); i < 4; ++i)
    add_request(x, versions);
  return x;
}

/// @returns the batch that failed.
std::optional<storm::batch> storm::append_until_failure(event_log& log) {
  for (std::size_t i = dice(size_.batches); i <= size_.batches; ++i) {
    auto next = next_batch();
    const auto results = log.append(next.requests, next.blobs, here);
    if (results) {
      acknowledge(log, next, *results);
      continue;
    }
    EXPECT_EQ(code_of(results.error()), ec::storage_failure)
      << describe(results.error());
    EXPECT_EQ(log.last(), safe_.size());
    const auto refused
      = log.append({request("run/new", 0, {"never"})}, {}, here);
    EXPECT_FALSE(refused);
    if (!refused) {
      EXPECT_EQ(code_of(refused.error()), ec::storage_failure);
      EXPECT_THAT(describe(refused.error()),
                  HasSubstr("no appends after a failed"));
    }
    ++report_.failed_appends;
    return next;
  }
  return std::nullopt;
}

void storm::acknowledge(event_log& log, const batch& x,
                        const std::vector<append_result>& results) {
  ASSERT_EQ(results.size(), x.requests.size());
  const auto before = safe_.size();
  for (auto& each : records_of(log, before + 1))
    safe_.push_back(std::move(each));
  ASSERT_EQ(safe_.size(), before + x.ids.size());
  for (std::size_t i = 0; i < x.ids.size(); ++i)
    EXPECT_EQ(safe_[before + i].id, x.ids[i]);
  for (std::size_t i = 0; i < results.size(); ++i) {
    const auto& asked = x.requests[i];
    if (x.conflicts[i]) {
      EXPECT_EQ(code_of(results[i].failure), ec::conflict);
      continue;
    }
    ASSERT_FALSE(results[i].failure) << describe(results[i].failure);
    ASSERT_LE(results[i].first + asked.events.size() - 1, safe_.size());
    for (std::size_t k = 0; k < asked.events.size(); ++k)
      EXPECT_EQ(safe_[results[i].first + k - 1].id, asked.events[k].id);
    done_.push_back(asked);
  }
  for (auto i = before; i < safe_.size(); ++i)
    versions_[safe_[i].stream] = safe_[i].seq;
  note_watermark();
}

// -- the watermark, which goes round RocksDB ----------------------------------

void storm::note_watermark() {
  const auto file = fs::path{path_} / "WATERMARK";
  marks_.push_back(fs::exists(file) ? std::optional{support::read_file(file)}
                                    : std::nullopt);
}

/// It is not synced after a write, so the disk may have any of its states: the
/// newest is the one that must not lead.
void storm::choose_watermark() {
  const auto file = fs::path{path_} / "WATERMARK";
  if (!fs::exists(file) || chance(2))
    return;
  const auto& old = marks_[dice(marks_.size() - 1)];
  if (old)
    support::write_file(file, *old);
  else if (chance(3))
    fs::remove(file);
  else
    support::write_file(file, std::string(dice(1) * 86, '\0'));
}

// -- the storm ----------------------------------------------------------------

std::optional<storm::batch> storm::append_on_failing_disk() {
  files_.plan(random_fault(dice_, size_.operations), dice_);
  const auto log = open_rocksdb_log({path_, true, fixed_clock(), files_.env()});
  if (log) {
    note_watermark();
    EXPECT_EQ((*log)->last(), safe_.size());
    return append_until_failure(**log);
  }
  EXPECT_TRUE(files_.has_struck()) << describe(log.error());
  EXPECT_EQ(code_of(log.error()), ec::storage_failure) << describe(log.error());
  ++report_.failed_opens;
  return std::nullopt;
}

void storm::round() {
  ++report_.rounds;
  const auto unsure = append_on_failing_disk();
  cut_power();
  // What is left may have to be opened more than once.
  while (chance(3)) {
    files_.plan(random_fault(dice_, 40), dice_);
    (void)open_rocksdb_log({path_, true, fixed_clock(), files_.env()});
    cut_power();
  }
  files_.plan({}, dice_);
  compare(files_.env(), unsure);
}

void storm::end() {
  cut_power();
  compare(nullptr, std::nullopt);
}

void storm::cut_power() {
  files_.cut_power(how_, dice_);
  choose_watermark();
  marks_.clear();
  note_watermark();
}

/// On a sound disk. Only bytes that never were what was written may keep a log
/// from opening; a repair must keep all that was acknowledged then.
std::unique_ptr<event_log> storm::reopen(rocksdb::Env* files) {
  const rocksdb_options options{path_, true, fixed_clock(), files};
  auto log = open_rocksdb_log(options);
  if (log)
    return std::move(*log);
  EXPECT_TRUE(how_ == unsynced::garbled || how_ == unsynced::zeroed)
    << describe(log.error());
  EXPECT_EQ(code_of(log.error()), ec::corrupt) << describe(log.error());
  EXPECT_THAT(describe(log.error()), ContainsRegex("record [0-9]+|MANIFEST"));
  EXPECT_THAT(describe(log.error()), HasSubstr("--repair"));
  const auto repaired = repair(path_, fixed_clock());
  EXPECT_TRUE(repaired) << describe(repaired.error());
  if (!repaired)
    return nullptr;
  ++report_.repairs;
  EXPECT_TRUE(fs::exists(repaired->moved_to));
  fs::remove_all(repaired->moved_to);
  log = open_rocksdb_log(options);
  EXPECT_TRUE(log) << describe(log.error());
  return log ? std::move(*log) : nullptr;
}

void storm::compare(rocksdb::Env* files, const std::optional<batch>& unsure) {
  const auto opened = reopen(files);
  if (!opened)
    return;
  note_watermark();
  auto& log = *opened;
  const auto found = records_of(log);
  ASSERT_GE(found.size(), safe_.size());
  for (std::size_t i = 0; i < safe_.size(); ++i)
    ASSERT_EQ(found[i].chain, safe_[i].chain) << "record " << i + 1;
  const auto more = found.size() - safe_.size();
  if (unsure) {
    ASSERT_TRUE(more == 0 || more == unsure->ids.size()) << more;
    report_.found_again += more > 0 ? 1 : 0;
    for (std::size_t i = 0; i < more; ++i)
      EXPECT_EQ(found[safe_.size() + i].id, unsure->ids[i]);
    const auto results = log.append(unsure->requests, unsure->blobs, here);
    ASSERT_TRUE(results) << describe(results.error());
    acknowledge(log, *unsure, *results);
  } else {
    ASSERT_EQ(more, 0U);
  }
  const auto checked = verify(log);
  EXPECT_THAT(checked.problems, IsEmpty());
  std::set<std::array<std::uint8_t, 16>> ids;
  for (const auto& each : safe_)
    EXPECT_TRUE(ids.insert(each.id.value).second) << "twice: " << each.at;
  EXPECT_EQ(checked.records, safe_.size());
}

} // namespace fc::events::log
