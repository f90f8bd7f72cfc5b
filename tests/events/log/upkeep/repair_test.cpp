#include "events/log/database.hpp"
#include "events/log/entry.hpp"
#include "events/log/key.hpp"
#include "events/log/upkeep/upkeep.hpp"
#include "tests/events/log/damage.hpp"
#include "tests/events/log/log_kinds.hpp"
#include "tests/events/log/raw_rocksdb.hpp"

#include <gmock/gmock.h>

#include <functional>

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace fc::events::log {

namespace {

namespace fs = std::filesystem;

/// The newest table of a family.
fs::path table_of(const fs::path& folder, const std::string& family) {
  fs::path found;
  for (const auto& file : fs::directory_iterator{folder})
    if (file.path().extension() == ".sst")
      if (const auto of = family_of_table(file.path().string());
          of && *of == family && file.path() > found)
        found = file.path();
  return found;
}

void cut_in_half(const fs::path& file) {
  fs::resize_file(file, fs::file_size(file) / 2);
}

} // namespace

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
    EXPECT_THAT(report->damage, testing::Not(IsEmpty()));
    EXPECT_TRUE(fs::is_directory(report->moved_to)) << report->moved_to;
    EXPECT_EQ(contents(report->moved_to), damaged);
    EXPECT_FALSE(fs::exists(path + ".repairing"));
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
    EXPECT_THAT(verify(**log).problems, IsEmpty());
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
  void expect_told(const std::string& what) {
    for (const auto& said :
         {open_rocksdb_reader(path).error(),
          open_rocksdb_log({path, false, system_now}).error()}) {
      EXPECT_EQ(code_of(said), ec::corrupt) << describe(said);
      EXPECT_THAT(describe(said),
                  AllOf(HasSubstr(what), HasSubstr("--repair")));
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

// -- damage of files ----------------------------------------------------------

TEST_F(repaired_log, IsLeftAloneWhenItIsSound) {
  make(300);
  const auto before = contents(kind.folder.path());
  const auto report = repair(path, fixed_clock());
  ASSERT_TRUE(report) << describe(report.error());
  EXPECT_THAT(report->damage, IsEmpty());
  EXPECT_EQ(report->kept, 300U);
  EXPECT_EQ(report->moved_to, "");
  EXPECT_EQ(contents(kind.folder.path()), before);
}

TEST_F(repaired_log, KeepsWhatLiesBeforeAFlippedBitInTheWriteAheadLog) {
  make(1000);
  const auto wal = largest(path, ".log");
  flip(wal, fs::file_size(wal) / 2);
  EXPECT_FALSE(open_rocksdb_log({path, false, system_now}));
  const auto report = repaired();
  EXPECT_GE(report.kept, 400U);
  EXPECT_LE(report.kept, 600U);
  EXPECT_EQ(report.acknowledged, 1000U);
  const auto first_lost = std::to_string(report.kept + 1);
  EXPECT_THAT(
    report.damage,
    ElementsAre(HasSubstr("Corruption"),
                AllOf(HasSubstr("record " + first_lost + ": the record is"),
                      HasSubstr("rows up to position 1000")),
                AllOf(HasSubstr("record " + first_lost + " and all"),
                      HasSubstr("up to 1000 was acknowledged"))));
  EXPECT_EQ(report.moved_to, path + ".damaged-20240506T070809Z");
}

TEST_F(repaired_log, SaysWhatACutWriteAheadLogHasLost) {
  make(1000);
  const auto wal = largest(path, ".log");
  fs::resize_file(wal, fs::file_size(wal) - 100);
  const auto report = repaired();
  EXPECT_EQ(report.kept, 900U);
  EXPECT_EQ(report.acknowledged, 1000U);
  EXPECT_THAT(report.damage,
              ElementsAre(HasSubstr("record 901 and all after it are lost")));
}

TEST_F(repaired_log, IsEmptyWhenNothingIsLeft) {
  make(100);
  fs::remove(largest(path, ".log"));
  const auto report = repaired();
  EXPECT_EQ(report.kept, 0U);
  EXPECT_EQ(report.acknowledged, 100U);
}

TEST_F(repaired_log, LosesNoRecordThatLiesInATableAlready) {
  make(3000);
  // The index is not in a table and keeps the write-ahead log of both.
  flush_raw(path, "log");
  const auto wal = largest(path, ".log");
  const auto saved = support::read_file(wal);
  for (std::size_t i = 1; i < 6; ++i) {
    support::write_file(wal, saved);
    flip(wal, saved.size() * i / 6);
    const auto report = repaired();
    EXPECT_EQ(report.kept, 3000U) << i;
    EXPECT_EQ(report.acknowledged, 3000U);
    fs::remove_all(path);
    fs::rename(report.moved_to, path);
  }
}

TEST_F(repaired_log, KeepsWhatLiesBeforeAFlippedBitInATable) {
  make(3000);
  flush_raw(path);
  const auto table = largest(path, ".sst");
  flip(table, fs::file_size(table) / 2);
  const auto report = repaired();
  EXPECT_GT(report.kept, 500U);
  EXPECT_LT(report.kept, 2500U);
  EXPECT_THAT(report.damage, Contains(HasSubstr("block checksum mismatch")));
}

TEST_F(repaired_log, LosesNothingWhenTheEndOfItsManifestIsDamaged) {
  make(300);
  flush_raw(path);
  append(*kind.open(), {request("run/last", 0, {"in the write-ahead log"})});
  known = records_of(*open_rocksdb_reader(path).value());
  garble_end(manifest(path));
  EXPECT_EQ(repaired().kept, 301U);
}

TEST_F(repaired_log, NeverHoldsWhatWasNotWritten) {
  make(600);
  const auto whole = known;
  flush_raw(path);
  const auto saved = kind.folder / "saved";
  fs::copy(path, saved, fs::copy_options::recursive);
  const auto size = fs::file_size(largest(path, ".sst"));
  std::size_t saved_logs = 0;
  for (std::size_t i = 0; i < 30; ++i) {
    fs::remove_all(path);
    fs::copy(saved, path, fs::copy_options::recursive);
    flip(largest(path, ".sst"), i * (size / 30), i % 8);
    known = whole;
    const auto report = repair(path, fixed_clock());
    if (report) {
      expect_prefix(report->kept);
      ++saved_logs;
    } else {
      EXPECT_EQ(code_of(report.error()), ec::corrupt);
      EXPECT_THAT(describe(report.error()), HasSubstr("from a backup"));
    }
  }
  EXPECT_GT(saved_logs, 20U);
}

// -- files that are missing or cut --------------------------------------------

TEST_F(repaired_log, LosesNoRecordWithATableThatIsMadeOfTheRecords) {
  for (const std::string family : {"streams", "meta"})
    for (const bool whole : {true, false}) {
      fs::remove_all(kind.folder.path());
      fs::create_directories(kind.folder.path());
      flush_all_kinds();
      const auto table = table_of(path, family);
      if (whole)
        fs::remove(table);
      else
        cut_in_half(table);
      expect_told(table.filename().string().substr(0, 6));
      const auto all = known.size();
      const auto report = repaired();
      EXPECT_EQ(report.kept, all) << family;
      EXPECT_THAT(report.lost_blobs, IsEmpty());
      for (const auto& each : large)
        EXPECT_EQ(*kind.open()->blob_of(each.id), each.data);
    }
}

TEST_F(repaired_log, KeepsTheRecordsBeforeATableThatIsMissing) {
  make(500);
  flush_raw(path);
  make(400);
  flush_raw(path);
  fs::remove(table_of(path, "log"));
  const auto report = repaired();
  EXPECT_EQ(report.kept, 500U);
  EXPECT_EQ(report.acknowledged, 900U);
}

TEST_F(repaired_log, KeepsTheRecordsBeforeATableThatIsCut) {
  make(500);
  flush_raw(path);
  make(400);
  flush_raw(path);
  const auto table = table_of(path, "log");
  cut_in_half(table);
  const auto report = repaired();
  EXPECT_EQ(report.kept, 500U);
  EXPECT_THAT(report.damage, Contains(HasSubstr(table.filename().string())));
}

TEST_F(repaired_log, TellsTheBlobsOfATableThatIsMissing) {
  const auto blobs = samples::blobs();
  const auto stream = stream_of(samples::pull_request());
  append(*kind.open(), {{stream, 0, samples::history()}}, blobs);
  known = records_of(*kind.open());
  flush_raw(path);
  const auto all = known.size();
  fs::remove(table_of(path, "blobs"));
  const auto report = repair(path, fixed_clock());
  ASSERT_TRUE(report) << describe(report.error());
  EXPECT_EQ(report->kept, all);
  EXPECT_THAT(report->lost_blobs, testing::SizeIs(blobs.size()));
  EXPECT_EQ(records_of(*kind.open()), known);
}

TEST_F(repaired_log, KeepsTheBlobsBeforeTheCutOfAFile) {
  flush_all_kinds();
  const auto all = known.size();
  const auto file = largest(path, ".blob");
  fs::resize_file(file, fs::file_size(file) - 100);
  const auto report = repair(path, fixed_clock());
  ASSERT_TRUE(report) << describe(report.error());
  EXPECT_EQ(report->kept, all);
  EXPECT_THAT(report->damage, testing::Not(IsEmpty()));
  EXPECT_THAT(report->lost_blobs, testing::SizeIs(1));
  std::size_t kept = 0;
  for (const auto& each : large)
    if (const auto data = kind.open()->blob_of(each.id)) {
      EXPECT_EQ(*data, each.data);
      ++kept;
    }
  EXPECT_EQ(kept, 2U);
}

TEST_F(repaired_log, TellsTheBlobsOfAFileThatIsMissing) {
  flush_all_kinds();
  const auto all = known.size();
  fs::remove(largest(path, ".blob"));
  const auto report = repair(path, fixed_clock());
  ASSERT_TRUE(report) << describe(report.error());
  EXPECT_EQ(report->kept, all);
  EXPECT_THAT(report->lost_blobs, testing::SizeIs(3));
  EXPECT_EQ(kind.open()->last(), all);
}

/// Each way in which the file that names the others can be of no use.
TEST_F(repaired_log, LosesNothingWithTheListOfItsFiles) {
  const std::vector<std::pair<std::string, std::function<void()>>> ways{
    {"CURRENT is gone",
     [&] {
       fs::remove(path + "/CURRENT");
     }},
    {"CURRENT is empty",
     [&] {
       fs::resize_file(path + "/CURRENT", 0);
     }},
    {"CURRENT is garbled",
     [&] {
       support::write_file(path + "/CURRENT", "\x01\x02\x03\n");
     }},
    {"CURRENT names what is not there",
     [&] {
       support::write_file(path + "/CURRENT", "MANIFEST-999999\n");
     }},
    {"the manifest is gone",
     [&] {
       fs::remove(manifest(path));
     }},
    {"the manifest is empty",
     [&] {
       fs::resize_file(manifest(path), 0);
     }},
    {"the manifest is cut",
     [&] {
       cut_in_half(manifest(path));
     }},
    {"the manifest is zeros",
     [&] {
       const auto file = manifest(path);
       const auto size = fs::file_size(file);
       support::write_file(file, std::string(size, '\0'));
     }},
  };
  for (const auto& [name, damage_it] : ways) {
    SCOPED_TRACE(name);
    fs::remove_all(kind.folder.path());
    fs::create_directories(kind.folder.path());
    flush_all_kinds();
    damage_it();
    const auto all = known.size();
    const auto report = repaired();
    EXPECT_EQ(report.kept, all);
    EXPECT_THAT(report.lost_blobs, IsEmpty());
    for (const auto& each : large)
      EXPECT_EQ(*kind.open()->blob_of(each.id), each.data);
  }
}

TEST_F(repaired_log, SaysThatTheFileThatNamesTheOthersIsMissing) {
  make(10);
  fs::remove(path + "/CURRENT");
  expect_told("CURRENT");
}

TEST_F(repaired_log, LostItsWriteAheadLogForReadersToo) {
  make(100);
  fs::remove(largest(path, ".log"));
  expect_told("record 1 and all after it are lost, up to 100");
  EXPECT_EQ(repaired().kept, 0U);
}

TEST_F(repaired_log, LostItsIndexWithTheWriteAheadLogForReadersToo) {
  make(100);
  flush_raw(path, "log");
  fs::remove(largest(path, ".log"));
  expect_told("");
  EXPECT_EQ(repaired().kept, 100U);
}

TEST_F(repaired_log, IsRepairedBehindTheLinkThatNamesIt) {
  make(50);
  set_raw(path, "log", position_key(31), std::nullopt);
  const auto link = kind.folder / "elsewhere";
  fs::create_directory_symlink("log", link);
  const auto report = repair(link + "/", fixed_clock());
  ASSERT_TRUE(report) << describe(report.error());
  EXPECT_EQ(report->kept, 30U);
  EXPECT_TRUE(fs::is_symlink(link));
  EXPECT_EQ(report->moved_to, path + ".damaged-20240506T070809Z");
  expect_prefix(30);
}

TEST_F(repaired_log, IsFinishedBehindTheLinkThatNamesIt) {
  make(50);
  const auto link = kind.folder / "elsewhere";
  fs::create_directory_symlink("log", link);
  fs::rename(path, path + ".repairing");
  EXPECT_THAT(describe(open_rocksdb_reader(link).error()),
              HasSubstr("fcreplay --repair"));
  const auto report = repair(link, fixed_clock());
  ASSERT_TRUE(report) << describe(report.error());
  EXPECT_TRUE(fs::is_symlink(link));
  expect_prefix(50);
}

// -- rows that are sound for RocksDB, but not what was written ----------------

TEST_F(repaired_log, EndsBeforeAMissingRecord) {
  make(50);
  set_raw(path, "log", position_key(31), std::nullopt);
  const auto report = repaired();
  EXPECT_EQ(report.kept, 30U);
  EXPECT_THAT(report.damage,
              Contains(AllOf(HasSubstr("record 31: the record is missing"),
                             HasSubstr("rows up to position 50"))));
}

TEST_F(repaired_log, EndsBeforeAChangedRecord) {
  make(50);
  auto& x = known[30];
  x.node = "elsewhere";
  set_raw(path, "log", position_key(31),
          as_text(make_entry(x, x.payload, known[29].chain)));
  const auto report = repaired();
  // It follows from the one before; the next one does not follow from it.
  EXPECT_EQ(report.kept, 31U);
}

TEST_F(repaired_log, GetsItsIndexFromTheRecords) {
  make(50);
  const auto key = stream_key(known[9].stream, 1);
  set_raw(path, "streams", key, std::nullopt);
  auto report = repaired();
  EXPECT_EQ(report.kept, 50U);
  EXPECT_THAT(report.damage, ElementsAre(HasSubstr("does not name record 10")));
  make(1);
  set_raw(path, "streams", key, position_key(11));
  EXPECT_EQ(repaired().kept, 52U);
  make(1);
  set_raw(path, "streams", stream_key("run/nobody", 1), position_key(1));
  EXPECT_EQ(repaired().kept, 54U);
}

TEST_F(repaired_log, GetsAWatermark) {
  make(50);
  const auto file = fs::path{path} / "WATERMARK";
  const auto good = support::read_file(file);
  support::write_file(file, "nonsense");
  EXPECT_THAT(repaired().damage, ElementsAre(HasSubstr("not a watermark")));
  make(1);
  support::write_file(file, good.substr(0, 30) + "0000" + good.substr(34));
  EXPECT_THAT(repaired().damage, ElementsAre(HasSubstr("is not the one")));
}

// -- blobs --------------------------------------------------------------------

TEST_F(repaired_log, KeepsDamagedBlobsOutUntilTheyAreStoredAgain) {
  const auto blobs = samples::blobs();
  const auto stream = stream_of(samples::pull_request());
  append(*kind.open(), {{stream, 0, samples::history()}}, blobs);
  set_raw(path, "blobs", blob_key(blobs[2].id), "other bytes");
  const auto before = records_of(*kind.open());
  const auto report = repair(path, fixed_clock());
  ASSERT_TRUE(report) << describe(report.error());
  EXPECT_THAT(report->damage, ElementsAre(HasSubstr("has other bytes")));
  EXPECT_THAT(report->lost_blobs, ElementsAre(HasSubstr(blobs[2].id.hex())));
  const auto log = kind.open();
  EXPECT_EQ(records_of(*log), before);
  EXPECT_EQ(*log->blob_of(blobs[0].id), blobs[0].data);
  EXPECT_EQ(code_of(log->blob_of(blobs[2].id).error()), ec::not_found);
  append(*log, {}, {blobs[2]});
  EXPECT_THAT(verify(*log).problems, IsEmpty());
}

TEST_F(repaired_log, KeepsLargeBlobs) {
  const auto diff = large_blob(2'500'000);
  auto facts = samples::scraped();
  facts.issue_texts = {};
  facts.diff = {diff.id, diff.data.size()};
  append(*kind.open(), {{"pr/a/b#1", 0, {make_event(facts)}}}, {diff});
  set_raw(path, "streams", stream_key("run/nobody", 1), position_key(1));
  known = records_of(**open_rocksdb_reader(path));
  EXPECT_EQ(repaired().kept, 1U);
  EXPECT_EQ(*kind.open()->blob_of(diff.id), diff.data);
}

TEST_F(repaired_log, IsNoBetterForABlobThatIsNotThere) {
  const auto blobs = samples::blobs();
  const auto stream = stream_of(samples::pull_request());
  append(*kind.open(), {{stream, 0, samples::history()}}, blobs);
  set_raw(path, "blobs", blob_key(blobs[0].id), std::nullopt);
  const auto before = contents(path);
  const auto report = repair(path, fixed_clock());
  ASSERT_TRUE(report) << describe(report.error());
  EXPECT_THAT(report->damage, IsEmpty());
  EXPECT_THAT(report->lost_blobs,
              ElementsAre(HasSubstr("of record 1 is not there")));
  EXPECT_EQ(contents(path), before);
}

// -- refusals -----------------------------------------------------------------

TEST_F(repaired_log, IsNotInUse) {
  const auto log = kind.open();
  EXPECT_EQ(code_of(refused()), ec::already_in_use);
  append(*log, {request("run/a", 0, {"1"})});
}

TEST_F(repaired_log, IsALog) {
  EXPECT_EQ(code_of(repair(path).error()), ec::not_found);
  fs::create_directory(path);
  EXPECT_EQ(code_of(refused()), ec::not_found);
  support::write_file(fs::path{path} / "thesis.txt", "important");
  EXPECT_EQ(code_of(refused()), ec::invalid_argument);
  fs::remove_all(path);
  make_other_database(path);
  EXPECT_EQ(code_of(refused()), ec::invalid_argument);
}

TEST_F(repaired_log, IsNotOfANewerProgram) {
  make(5);
  auto entry = get_raw(path, "log", position_key(3));
  entry[0] = 2;
  set_raw(path, "log", position_key(3), entry);
  EXPECT_EQ(code_of(refused()), ec::too_new);
}

// -- killed in the middle -----------------------------------------------------

TEST_F(repaired_log, StartsOverAfterARepairThatWasKilled) {
  make(50);
  set_raw(path, "log", position_key(31), std::nullopt);
  fill(*open_rocksdb_log({path + ".repairing", true, fixed_clock()}).value(),
       7);
  EXPECT_EQ(repaired().kept, 30U);
}

TEST_F(repaired_log, TouchesNoStrangeFolderInItsWay) {
  make(50);
  set_raw(path, "log", position_key(31), std::nullopt);
  fs::create_directory(path + ".repairing");
  support::write_file(path + ".repairing/thesis.txt", "important");
  EXPECT_EQ(code_of(refused()), ec::invalid_argument);
  EXPECT_EQ(support::read_file(path + ".repairing/thesis.txt"), "important");
}

TEST_F(repaired_log, IsFinishedWhenItWasKilledBetweenTheRenames) {
  make(50);
  fs::rename(path, path + ".repairing");
  // Nobody may begin a new log here.
  const auto log = open_rocksdb_log({path, true, system_now});
  ASSERT_FALSE(log);
  EXPECT_THAT(describe(log.error()), HasSubstr("fcreplay --repair"));
  EXPECT_THAT(describe(open_rocksdb_reader(path).error()),
              HasSubstr("fcreplay --repair"));
  const auto report = repair(path, fixed_clock());
  ASSERT_TRUE(report) << describe(report.error());
  EXPECT_THAT(report->damage, ElementsAre(HasSubstr("was interrupted")));
  EXPECT_EQ(report->kept, 50U);
  expect_prefix(50);
}

TEST_F(repaired_log, IsNotFinishedWithHalfOfIt) {
  make(50);
  fs::rename(path, path + ".repairing");
  fs::remove(path + ".repairing/WATERMARK");
  EXPECT_EQ(code_of(repair(path).error()), ec::corrupt);
  EXPECT_FALSE(fs::exists(path));
}

TEST_F(repaired_log, FindsANameThatIsFree) {
  make(50);
  for (int i = 0; i < 3; ++i) {
    set_raw(path, "log", position_key(10), std::nullopt);
    EXPECT_EQ(repaired().kept, 9U);
    make(20);
  }
  EXPECT_TRUE(fs::exists(path + ".damaged-20240506T070809Z-3"));
}

} // namespace fc::events::log
