#pragma once

#include "events/log/maintenance/maintenance.hpp"
#include "tests/events/log/damage.hpp"
#include "tests/events/log/log_kinds.hpp"
#include "tests/events/log/raw_rocksdb.hpp"

#include <gmock/gmock.h>

namespace fc::events::log {

/// A log that is damaged, then repaired.
class repaired_log : public testing::Test {
public:
  /// `records` records, remembered for a comparison.
  void make(std::size_t records) {
    const auto log = kind.open();
    fill(*log, records);
    known = records_of(*log);
  }

  /// Repairs and demands a sound log that is a prefix of what was there, with
  /// the damaged one whole beside it.
  repair_report repaired() {
    const auto damaged = contents(path);
    auto report = repair(path, fixed_clock());
    EXPECT_TRUE(report) << describe(report.error());
    if (!report)
      return {};
    EXPECT_THAT(report->damage, testing::Not(testing::IsEmpty()));
    EXPECT_TRUE(std::filesystem::is_directory(report->moved_to))
      << report->moved_to;
    EXPECT_EQ(contents(report->moved_to), damaged);
    EXPECT_FALSE(std::filesystem::exists(path + ".repairing"));
    expect_prefix(report->kept);
    return *report;
  }

  /// The log opens, has the first records as they were, and takes more.
  void expect_prefix(position kept) {
    ASSERT_LE(kept, known.size());
    const auto log = open_rocksdb_log({path, false, fixed_clock()});
    ASSERT_TRUE(log) << describe(log.error());
    EXPECT_EQ((*log)->last(), kept);
    known.resize(kept);
    EXPECT_EQ(records_of(**log), known);
    EXPECT_THAT(verify(**log).problems, testing::IsEmpty());
    append(**log, {request("run/" + event_id::random().hex(), 0, {"after"})});
    EXPECT_EQ(records_of(**log, kept + 1).size(), 1U);
  }

  /// Records, small and large blobs, in tables, values and write-ahead log.
  void make_all_kinds() {
    make(300);
    const auto log = kind.open();
    for (std::size_t i = 0; i < large.size(); ++i) {
      auto facts = samples::scraped();
      facts.issue_texts = {};
      facts.diff = {large[i].id, large[i].data.size()};
      append(*log,
             {{"pr/a/b#" + std::to_string(i + 1), 0, {make_event(facts)}}},
             {large[i]});
    }
  }

  void flush_all_kinds() {
    make_all_kinds();
    flush_raw(path);
    make(10); // Only in the write-ahead log.
  }

  /// What readers and the writer say of a damaged log.
  void expect_reported(const std::string& what) {
    for (const auto& failure :
         {open_rocksdb_reader(path).error(),
          open_rocksdb_log({path, false, system_now}).error()}) {
      EXPECT_EQ(code_of(failure), ec::corrupt) << describe(failure);
      EXPECT_THAT(describe(failure),
                  testing::AllOf(testing::HasSubstr(what),
                                 testing::HasSubstr("--repair")));
    }
  }

  /// Why nothing was repaired; the folder is as it was.
  error refused() {
    const auto before = contents(path);
    const auto report = repair(path, fixed_clock());
    EXPECT_FALSE(report);
    EXPECT_EQ(contents(path), before);
    return report ? error{} : report.error();
  }

  rocksdb_kind kind;
  std::string path = kind.folder / "log";
  std::vector<record> known;
  /// In one row each, but too large for a table; the last in chunks.
  std::vector<blob> large{large_blob(20'000), large_blob(30'000),
                          large_blob(1'500'000)};
};

} // namespace fc::events::log
