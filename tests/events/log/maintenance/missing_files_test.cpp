#include "events/log/database.hpp"
#include "events/log/key.hpp"
#include "tests/events/log/maintenance/repaired_log.hpp"

#include <functional>

using testing::Contains;
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
      expect_reported(table.filename().string().substr(0, 6));
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
  expect_reported("CURRENT");
}

TEST_F(repaired_log, LostItsWriteAheadLogForReadersToo) {
  make(100);
  fs::remove(largest(path, ".log"));
  expect_reported("record 1 and all after it are lost, up to 100");
  EXPECT_EQ(repaired().kept, 0U);
}

TEST_F(repaired_log, LostItsIndexWithTheWriteAheadLogForReadersToo) {
  make(100);
  flush_raw(path, "log");
  fs::remove(largest(path, ".log"));
  expect_reported("");
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

} // namespace fc::events::log
