#include "projections/registry.hpp"
#include "tests/projections/sqlite/fixture.hpp"
#include "tests/support/full_disk.hpp"
#include "tests/support/samples.hpp"

namespace fc::projections::sqlite {

using events::ec;
using support::read_file;
using support::write_file;
using testing::ElementsAre;
using testing::HasSubstr;

namespace {

constexpr file_options impatient{std::chrono::milliseconds{0}};

} // namespace

TEST_F(sqlite_store, OfTheSameLogIsTheSameFile) {
  stories::write_interleaved(*log, stories::all());
  rebuild_all();
  const auto first = read_file(file);
  rebuild_all();
  EXPECT_EQ(read_file(file), first);
  std::filesystem::remove(file);
  rebuild_all();
  EXPECT_EQ(read_file(file), first);
  EXPECT_THAT(names_in_folder(), ElementsAre("tables.sqlite"));
}

TEST_F(sqlite_store, DoesNotDependOnWhenAndInWhichOrderTheLogWasWritten) {
  stories::write_in_turn(*log, stories::all());
  rebuild_all();
  const auto first = dump();
  const auto sum = dump_tables(file)->sha256;
  log = events::log::make_memory_log([] { return samples::noon(); });
  stories::write_interleaved(*log, stories::all());
  rebuild_all();
  EXPECT_EQ(dump(), first);
  EXPECT_EQ(dump_tables(file)->sha256, sum);
  EXPECT_EQ(sum, events::sha256(events::as_bytes(first)));
}

TEST_F(sqlite_store, FollowedStepByStepEqualsARebuild) {
  const auto all = stories::all();
  for (std::size_t step = 0; step < 20; ++step) {
    for (const auto& each : all)
      if (step < each.events.size())
        stories::append(*log, each.stream, each.events[step]);
    const auto done = follow(*log, file);
    ASSERT_TRUE(done) << describe(done.error());
    EXPECT_EQ(done->rebuilt, step == 0);
    EXPECT_EQ(done->up_to.at, log->last());
  }
  const auto followed = dump();
  const auto points = rows("projection || position || rows AS concat FROM "
                           "projection_checkpoints");
  rebuild_all();
  EXPECT_EQ(dump(), followed);
  EXPECT_EQ(points, rows("projection || position || rows AS concat FROM "
                         "projection_checkpoints"));
}

TEST_F(sqlite_store, FollowingNothingNewChangesNothing) {
  stories::write_in_turn(*log, stories::all());
  rebuild_all();
  const auto before = read_file(file);
  const auto done = follow(*log, file);
  ASSERT_TRUE(done);
  EXPECT_FALSE(done->rebuilt);
  EXPECT_EQ(read_file(file), before);
}

TEST_F(sqlite_store, RebuildsAfterAProjectionChangedItsVersion) {
  stories::write_in_turn(*log, stories::all());
  rebuild_all();
  const auto right = dump();
  disturb("UPDATE projection_checkpoints SET version = 0 WHERE projection = "
          "'harbor_runs'; DELETE FROM harbor_runs");
  ASSERT_NE(dump(), right);
  const auto done = follow(*log, file);
  ASSERT_TRUE(done);
  EXPECT_TRUE(done->rebuilt);
  EXPECT_EQ(dump(), right);
}

TEST_F(sqlite_store, RebuildsWhereItFollowedAnotherLog) {
  stories::write_in_turn(*log, {stories::published_one()});
  rebuild_all();
  log = events::log::make_memory_log();
  stories::write_in_turn(*log, stories::all());
  const auto done = follow(*log, file);
  ASSERT_TRUE(done);
  EXPECT_TRUE(done->rebuilt);
  const auto followed = dump();
  rebuild_all();
  EXPECT_EQ(dump(), followed);
}

TEST_F(sqlite_store, OfAnEmptyLogHasEmptyTables) {
  rebuild_all();
  const auto tables = dump_tables(file);
  ASSERT_TRUE(tables);
  EXPECT_EQ(tables->tables.size(), registry().size());
  for (const auto& each : tables->tables)
    EXPECT_EQ(each.rows, 0U) << each.name;
  stories::write_in_turn(*log, stories::all());
  EXPECT_TRUE(follow(*log, file));
}

TEST_F(sqlite_store, LeavesReadersTheirOldTables) {
  stories::write_in_turn(*log, {stories::published_one()});
  rebuild_all();
  const auto reader = database::open(file, access::read, {});
  ASSERT_TRUE(reader);
  ASSERT_FALSE((*reader)->run("BEGIN"));
  EXPECT_EQ(*(*reader)->number("SELECT count(*) FROM pull_requests"), 1);
  stories::write_in_turn(*log, {stories::judged_no()});
  rebuild_all();
  EXPECT_EQ(*(*reader)->number("SELECT count(*) FROM pull_requests"), 1);
  EXPECT_THAT(rows("count(*) AS concat FROM pull_requests"), ElementsAre("2"));
}

TEST_F(sqlite_store, WaitsForNobodyWhoWritesTheFile) {
  stories::write_in_turn(*log, {stories::published_one()});
  rebuild_all();
  const auto writer = database::open(file, access::write, {});
  ASSERT_FALSE((*writer)->run("BEGIN IMMEDIATE"));
  stories::write_in_turn(*log, {stories::judged_no()});
  for (const auto& done :
       {rebuild(*log, file, impatient), follow(*log, file, impatient)}) {
    ASSERT_FALSE(done);
    EXPECT_EQ(code_of(done.error()), ec::already_in_use);
    EXPECT_THAT(describe(done.error()), HasSubstr(file));
  }
  EXPECT_THAT(rows("count(*) AS concat FROM pull_requests"), ElementsAre("1"));
  EXPECT_THAT(names_in_folder(), ElementsAre("tables.sqlite"));
}

TEST_F(sqlite_store, RefusesAFileThatIsNoDatabase) {
  write_file(file, std::string(5000, 'x'));
  for (const auto& done : {rebuild(*log, file), follow(*log, file)}) {
    ASSERT_FALSE(done);
    EXPECT_EQ(code_of(done.error()), ec::invalid_argument);
    EXPECT_THAT(describe(done.error()), HasSubstr("name another file"));
  }
  EXPECT_EQ(read_file(file), std::string(5000, 'x'));
}

TEST_F(sqlite_store, RefusesADatabaseOfAnotherProgram) {
  disturb("CREATE TABLE precious (x)");
  const auto before = read_file(file);
  for (const auto& done : {rebuild(*log, file), follow(*log, file)}) {
    ASSERT_FALSE(done);
    EXPECT_THAT(describe(done.error()), HasSubstr("another program"));
  }
  EXPECT_EQ(read_file(file), before);
}

TEST_F(sqlite_store, TakesAnEmptyFile) {
  write_file(file, "");
  rebuild_all();
}

TEST_F(sqlite_store, RefusesFoldersAndWhatIsInNone) {
  const auto is_folder = rebuild(*log, folder.path().string());
  EXPECT_EQ(code_of(is_folder.error()), ec::invalid_argument);
  EXPECT_EQ(code_of(rebuild(*log, "").error()), ec::invalid_argument);
  const auto nowhere = rebuild(*log, folder / "absent/tables.sqlite");
  EXPECT_EQ(code_of(nowhere.error()), ec::not_found);
}

TEST_F(sqlite_store, SaysWhereItMayNotWrite) {
  const auto done = rebuild(*log, "/proc/tables.sqlite");
  ASSERT_FALSE(done);
  EXPECT_EQ(code_of(done.error()), ec::storage_failure);
  EXPECT_THAT(describe(done.error()), HasSubstr("/proc/tables.sqlite"));
}

TEST_F(sqlite_store, FollowsALink) {
  const auto link = folder / "link.sqlite";
  rebuild_all();
  std::filesystem::create_symlink(file, link);
  stories::write_in_turn(*log, {stories::judged_no()});
  ASSERT_TRUE(rebuild(*log, link));
  EXPECT_TRUE(std::filesystem::is_symlink(link));
  EXPECT_THAT(rows("count(*) AS concat FROM pull_requests"), ElementsAre("1"));
}

TEST_F(sqlite_store, OnAFullDiskKeepsTheOldTables) {
  stories::write_in_turn(*log, {stories::published_one()});
  rebuild_all();
  const auto before = read_file(file);
  stories::write_in_turn(*log, {stories::judged_no(), stories::wears_off()});
  {
    const support::full_disk none{8192};
    for (const auto& done : {rebuild(*log, file), follow(*log, file)}) {
      ASSERT_FALSE(done);
      EXPECT_EQ(code_of(done.error()), ec::storage_failure);
    }
  }
  EXPECT_TRUE(follow(*log, file));
  rebuild_all();
  EXPECT_NE(read_file(file), before);
  EXPECT_THAT(names_in_folder(), ElementsAre("tables.sqlite"));
}

TEST_F(sqlite_store, StopsAtARecordItDoesNotKnow) {
  stories::write_in_turn(*log, {stories::published_one()});
  rebuild_all();
  const auto before = read_file(file);
  auto strange = stories::judged_no().events.front();
  strange.tag = 9999;
  stories::append(*log, stream_of(stories::id_of(8)), strange);
  for (const auto& done : {rebuild(*log, file), follow(*log, file)}) {
    ASSERT_FALSE(done);
    EXPECT_EQ(code_of(done.error()), ec::too_new);
  }
  EXPECT_EQ(read_file(file), before);
}

TEST_F(sqlite_store, DumpNamesAFileWithoutTables) {
  EXPECT_EQ(code_of(dump_tables(file).error()), ec::storage_failure);
  disturb("CREATE TABLE precious (x)");
  EXPECT_THAT(describe(dump_tables(file).error()), HasSubstr(file));
}

} // namespace fc::projections::sqlite
