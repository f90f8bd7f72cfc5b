#include "events/log/entry.hpp"
#include "events/log/key.hpp"
#include "tests/events/log/maintenance/repaired_log.hpp"

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace fc::events::log {

namespace {

namespace fs = std::filesystem;

} // namespace

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
