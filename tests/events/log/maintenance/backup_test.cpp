#include "events/log/key.hpp"
#include "events/log/maintenance/maintenance.hpp"
#include "tests/events/log/child.hpp"
#include "tests/events/log/damage.hpp"
#include "tests/events/log/log_kinds.hpp"
#include "tests/events/log/raw_rocksdb.hpp"

#include <gmock/gmock.h>

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace fc::events::log {

namespace {

namespace fs = std::filesystem;

} // namespace

/// A log, its backups, and what is made of them.
class backed_up_log : public testing::Test {
public:
  backup_report backed_up() {
    auto report = back_up(path, folder);
    EXPECT_TRUE(report) << describe(report.error());
    return report ? *report : backup_report{};
  }

  /// Restores and demands a sound log with a watermark, open to a writer.
  std::vector<record> restored(std::uint32_t number = 0) {
    fs::remove_all(copy);
    const auto report = restore(folder, number, copy);
    EXPECT_TRUE(report) << describe(report.error());
    EXPECT_FALSE(fs::exists(copy + ".restoring"));
    EXPECT_TRUE(fs::exists(fs::path{copy} / "WATERMARK"));
    const auto log = open_rocksdb_log({copy, false, fixed_clock()});
    EXPECT_TRUE(log) << describe(log.error());
    if (!log || !report)
      return {};
    EXPECT_EQ((*log)->last(), report->last);
    EXPECT_THAT(verify(**log).problems, IsEmpty());
    return records_of(**log);
  }

  error backup_refusal() {
    const auto report = back_up(path, folder);
    return report ? error{} : report.error();
  }

  error restore_refusal(std::uint32_t number = 0) {
    const auto report = restore(folder, number, copy);
    return report ? error{} : report.error();
  }

  rocksdb_kind kind;
  std::string path = kind.folder / "log";
  std::string folder = kind.folder / "backups";
  std::string copy = kind.folder / "copy";
};

// -- places -------------------------------------------------------------------

TEST_F(backed_up_log, HasNoBackupsInItself) {
  fill(*kind.open(), 10);
  const auto link = kind.folder / "link";
  fs::create_directory_symlink("log", link);
  const auto before = contents(path);
  const auto inside = path + "/backups";
  for (const auto& place :
       {path, path + "/", inside, path + "/a/b", link, link + "/", link + "/x",
        path + "/../log/x", path + "/../link/x"}) {
    folder = place;
    const auto why = backup_refusal();
    EXPECT_EQ(code_of(why), ec::invalid_argument) << place;
    EXPECT_THAT(describe(why), HasSubstr("lies in the log")) << inside;
  }
  // A link to a folder that is not there yet, and the log by its link.
  const auto dangling = kind.folder / "dangling";
  fs::create_directory_symlink(inside, dangling);
  folder = dangling;
  EXPECT_THAT(describe(backup_refusal()), HasSubstr("lies in the log"));
  folder = inside;
  path = link;
  EXPECT_THAT(describe(backup_refusal()), HasSubstr("lies in the log"));
  EXPECT_EQ(contents(kind.folder / "log"), before);
}

TEST_F(backed_up_log, MayLieBesideAFolderOfASimilarName) {
  fill(*kind.open(), 10);
  folder = path + "-backups";
  EXPECT_EQ(backed_up().last, 10U);
}

TEST_F(backed_up_log, IsNotRestoredAmongTheBackups) {
  fill(*kind.open(), 10);
  backed_up();
  copy = folder + "/copy";
  EXPECT_THAT(describe(restore_refusal()), HasSubstr("lies in the folder of"));
}

// -- back and forth -----------------------------------------------------------

TEST_F(backed_up_log, IsRestoredWithAllThatItHad) {
  const auto stream = stream_of(samples::pull_request());
  append(*kind.open(), {{stream, 0, samples::history()}}, samples::blobs());
  fill(*kind.open(), 300);
  const auto known = records_of(*kind.open());
  const auto report = backed_up();
  EXPECT_EQ(report.number, 1U);
  EXPECT_EQ(report.last, known.size());
  EXPECT_EQ(report.streams, 301U);
  EXPECT_GT(report.blobs, 0U);
  EXPECT_GT(report.added, 10'000U);
  EXPECT_EQ(restored(), known);
  const auto log = open_rocksdb_reader(copy);
  for (const auto& x : samples::blobs())
    EXPECT_EQ(*(*log)->blob_of(x.id), x.data);
  EXPECT_EQ(support::read_file(copy + "/WATERMARK"),
            support::read_file(path + "/WATERMARK"));
}

TEST_F(backed_up_log, IsBackedUpBesideItsWriter) {
  const auto log = kind.open();
  fill(*log, 100);
  EXPECT_EQ(backed_up().last, 100U);
  fill(*log, 100);
  EXPECT_EQ(backed_up().last, 200U);
  EXPECT_EQ(restored(), records_of(*log));
  EXPECT_EQ(restored(1).size(), 100U);
  EXPECT_EQ(restored(2).size(), 200U);
}

TEST_F(backed_up_log, IsBackedUpWhileItGrows) {
  append_loop child{path};
  ASSERT_EQ(child.read_line(), "starting");
  ASSERT_EQ(child.read_line(), "open");
  for (int round = 0; round < 3; ++round) {
    position acknowledged = 0;
    for (int i = 0; i < 20; ++i)
      acknowledged = std::stoull(child.read_line());
    EXPECT_GE(backed_up().last, acknowledged);
  }
  child.kill();
  const auto known = records_of(**open_rocksdb_reader(path));
  const auto back = restored();
  ASSERT_LE(back.size(), known.size());
  EXPECT_TRUE(std::equal(back.begin(), back.end(), known.begin()));
}

TEST_F(backed_up_log, CopiesOnlyWhatIsNew) {
  fill(*kind.open(), 5000, 1000);
  flush_raw(path);
  const auto first = backed_up().added;
  EXPECT_GT(first, 2'000'000U);
  fill(*kind.open(), 10);
  EXPECT_LT(backed_up().added, first / 20);
  EXPECT_EQ(restored().size(), 5010U);
}

TEST_F(backed_up_log, KeepsLargeBlobs) {
  const auto diff = large_blob(2'500'000);
  auto facts = samples::scraped();
  facts.issue_texts = {};
  facts.diff = {diff.id, diff.data.size()};
  append(*kind.open(), {{"pr/a/b#1", 0, {make_event(facts)}}}, {diff});
  EXPECT_EQ(backed_up().blobs, 1U);
  EXPECT_EQ(restored().size(), 1U);
  EXPECT_EQ(*(*open_rocksdb_reader(copy))->blob_of(diff.id), diff.data);
}

TEST_F(backed_up_log, MayBeEmpty) {
  kind.open();
  EXPECT_EQ(backed_up().last, 0U);
  EXPECT_THAT(restored(), IsEmpty());
}

TEST_F(backed_up_log, IsRestoredWithTheBlobsItHas) {
  const auto blobs = samples::blobs();
  const auto stream = stream_of(samples::pull_request());
  append(*kind.open(), {{stream, 0, samples::history()}}, blobs);
  set_raw(path, "blobs", blob_key(blobs[0].id), std::nullopt);
  EXPECT_THAT(backed_up().lost_blobs,
              ElementsAre(HasSubstr("of record 1 is not there")));
  const auto report = restore(folder, 0, copy);
  ASSERT_TRUE(report) << describe(report.error());
  EXPECT_EQ(report->lost_blobs.size(), 1U);
}

// -- refusals -----------------------------------------------------------------

TEST_F(backed_up_log, IsNotRestoredOverAnything) {
  fill(*kind.open(), 10);
  backed_up();
  fs::create_directory(copy);
  EXPECT_EQ(code_of(restore_refusal()), ec::invalid_argument);
  support::write_file(copy + "/thesis.txt", "important");
  EXPECT_EQ(code_of(restore_refusal()), ec::invalid_argument);
  EXPECT_EQ(support::read_file(copy + "/thesis.txt"), "important");
  const auto before = contents(path);
  EXPECT_EQ(code_of(restore(folder, 0, path).error()), ec::invalid_argument);
  EXPECT_EQ(contents(path), before);
}

TEST_F(backed_up_log, NeedsABackupToBeRestored) {
  EXPECT_EQ(code_of(restore_refusal()), ec::not_found);
  EXPECT_FALSE(fs::exists(folder));
  fill(*kind.open(), 10);
  backed_up();
  EXPECT_EQ(code_of(restore_refusal(7)), ec::not_found);
  EXPECT_THAT(describe(restore_refusal(7)), HasSubstr("backup 7"));
  // Regression: it said that it can be read.
  EXPECT_THAT(describe(restore_refusal(7)), HasSubstr("is not there"));
  EXPECT_FALSE(fs::exists(copy));
}

TEST_F(backed_up_log, KeepsAwayFromOtherFolders) {
  fill(*kind.open(), 10);
  fs::create_directory(folder);
  support::write_file(folder + "/thesis.txt", "important");
  EXPECT_EQ(code_of(backup_refusal()), ec::invalid_argument);
  EXPECT_EQ(contents(folder).size(), 1U);
  folder = path;
  EXPECT_EQ(code_of(backup_refusal()), ec::invalid_argument);
  folder = path + "/CURRENT";
  EXPECT_EQ(code_of(backup_refusal()), ec::invalid_argument);
}

TEST_F(backed_up_log, IsOneLogForEachFolder) {
  fill(*kind.open(), 10);
  backed_up();
  fs::rename(path, path + "-first");
  fill(*kind.open(), 20);
  EXPECT_EQ(code_of(backup_refusal()), ec::invalid_argument);
  EXPECT_THAT(describe(backup_refusal()), HasSubstr("another log"));
  EXPECT_EQ(restored().size(), 10U);
}

TEST_F(backed_up_log, IsNotBackedUpWithDamage) {
  fill(*kind.open(), 2000);
  backed_up();
  set_raw(path, "log", position_key(31), std::nullopt);
  EXPECT_EQ(code_of(backup_refusal()), ec::corrupt);
  EXPECT_THAT(describe(backup_refusal()), HasSubstr("record 31"));
  EXPECT_EQ(restored().size(), 2000U);
  path = kind.folder / "absent";
  EXPECT_EQ(code_of(backup_refusal()), ec::not_found);
}

// -- damage and kills ---------------------------------------------------------

TEST_F(backed_up_log, IsNotRestoredFromDamage) {
  fill(*kind.open(), 1000);
  backed_up();
  const auto saved = kind.folder / "saved";
  fs::copy(folder, saved, fs::copy_options::recursive);
  const auto wal = largest(folder + "/private/1", ".log");
  const auto size = fs::file_size(wal);
  for (std::size_t i = 0; i < 10; ++i) {
    fs::remove_all(folder);
    fs::copy(saved, folder, fs::copy_options::recursive);
    flip(wal, size * i / 10, i % 8);
    EXPECT_EQ(code_of(restore_refusal()), ec::corrupt);
    EXPECT_THAT(describe(restore_refusal()), HasSubstr("--number"));
    EXPECT_FALSE(fs::exists(copy));
  }
  fs::remove_all(folder);
  fs::copy(saved, folder, fs::copy_options::recursive);
  EXPECT_EQ(restored().size(), 1000U);
}

TEST_F(backed_up_log, IsRestoredAfterARestoreThatWasKilled) {
  fill(*kind.open(), 50);
  backed_up();
  fill(*open_rocksdb_log({copy + ".restoring", true, fixed_clock()}).value(),
       7);
  EXPECT_EQ(restored().size(), 50U);
}

TEST_F(backed_up_log, IsBackedUpAfterABackupThatWasKilled) {
  fill(*kind.open(), 50);
  // Nothing but the lock yet.
  fs::create_directory(folder);
  support::write_file(folder + "/LOCK", "");
  EXPECT_EQ(backed_up().number, 1U);
  // Files without their list.
  fs::create_directory(folder + "/private/2");
  support::write_file(folder + "/private/2/CURRENT", "half");
  fill(*kind.open(), 50);
  EXPECT_EQ(backed_up().last, 100U);
  EXPECT_EQ(restored().size(), 100U);
}

} // namespace fc::events::log
