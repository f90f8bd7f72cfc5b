#include "tests/tools/replay/program.hpp"

namespace fc::replay {

using testing::HasSubstr;

namespace fs = std::filesystem;

/// Each test has a copy of the sample log of its own.
struct maintenance : program {
  void SetUp() override {
    top
      = *folder / testing::UnitTest::GetInstance()->current_test_info()->name();
    copy = top + "/log";
    fs::create_directory(top);
    fs::copy(path, copy);
  }

  outcome on_copy(const std::string& words) {
    return run("--log " + copy + " " + words);
  }

  /// Runs the program and kills it after a while, if it is not through.
  static void run_killed(int milliseconds, const std::string& words) {
    run(words, "timeout -s KILL 0."
                 + std::to_string(1000 + milliseconds).substr(1)
                 + " env -u FC_LOG");
  }

  /// Cuts off the end of the write-ahead log.
  void damage() {
    fs::path wal;
    for (const auto& each : fs::directory_iterator{copy})
      if (each.path().extension() == ".log"
          && (wal.empty() || each.file_size() > fs::file_size(wal)))
        wal = each.path();
    fs::resize_file(wal, fs::file_size(wal) / 2);
  }

  /// Folders beside the log whose name begins like this.
  std::vector<std::string> beside(const std::string& name) const {
    std::vector<std::string> found;
    for (const auto& each : fs::directory_iterator{top})
      if (each.path().filename().string().starts_with(name))
        found.push_back(each.path().string());
    return found;
  }

  std::string top;
  std::string copy;
};

TEST_F(maintenance, RepairLeavesASoundLogAlone) {
  const auto x = on_copy("--repair");
  EXPECT_EQ(x.exit, 0) << x.err;
  EXPECT_THAT(x.out, HasSubstr("nothing to repair"));
  EXPECT_THAT(beside("log."), testing::IsEmpty());
}

TEST_F(maintenance, RepairSaysWhatIsLostAndWhereTheRestIs) {
  damage();
  expect_refused(on_copy("--verify"), 1, "fcreplay --repair");
  const auto x = on_copy("--repair");
  ASSERT_EQ(x.exit, 0) << x.err;
  EXPECT_THAT(x.out, HasSubstr("damaged   "));
  EXPECT_THAT(x.out, HasSubstr("kept      "));
  EXPECT_THAT(x.out, HasSubstr("LOST      positions "));
  ASSERT_EQ(beside("log.damaged-").size(), 1U);
  EXPECT_THAT(x.out, HasSubstr(beside("log.damaged-").front()));
  EXPECT_EQ(on_copy("--verify").exit, 0);
  EXPECT_THAT(on_copy("--repair").out, HasSubstr("nothing to repair"));
}

TEST_F(maintenance, RepairIsFinishedAfterAKillAtAnyMoment) {
  damage();
  const auto damaged = top + "/saved";
  fs::copy(copy, damaged);
  ASSERT_EQ(on_copy("--repair").exit, 0);
  const auto kept = on_copy("--dump").out;
  for (int milliseconds = 4; milliseconds < 200; milliseconds += 12) {
    for (const auto& each : beside("log"))
      fs::remove_all(each);
    fs::copy(damaged, copy);
    run_killed(milliseconds, "--repair --log " + copy);
    const auto x = on_copy("--repair");
    EXPECT_EQ(x.exit, 0) << x.err;
    EXPECT_EQ(on_copy("--dump").out, kept);
    EXPECT_EQ(beside("log.damaged-").size(), 1U) << milliseconds;
    EXPECT_THAT(beside("log.repairing"), testing::IsEmpty());
  }
}

TEST_F(maintenance, RepairNeedsTheLogForItself) {
  auto writer = events::log::open_rocksdb_log({copy, false});
  ASSERT_TRUE(writer) << describe(writer.error());
  expect_refused(on_copy("--repair"), 1, "already_in_use");
  expect_refused(on_copy("--collect-garbage --delete"), 1, "already_in_use");
  EXPECT_EQ(on_copy("--collect-garbage").exit, 0);
}

TEST_F(maintenance, BackupIsRestored) {
  auto writer = events::log::open_rocksdb_log({copy, false});
  ASSERT_TRUE(writer) << describe(writer.error());
  const auto first = on_copy("--backup " + top + "/backups");
  ASSERT_EQ(first.exit, 0) << first.err;
  EXPECT_THAT(first.out, HasSubstr("backup    1 in "));
  EXPECT_THAT(first.out, HasSubstr("copied    "));
  const auto second = on_copy("--backup " + top + "/backups");
  EXPECT_THAT(second.out, HasSubstr("backup    2 in "));
  const auto back = top + "/back";
  const auto x = run("--restore " + top + "/backups --log " + back);
  ASSERT_EQ(x.exit, 0) << x.err;
  EXPECT_THAT(x.out, HasSubstr("from backup 2"));
  EXPECT_EQ(run("--dump --log " + back).out, on_copy("--dump").out);
  EXPECT_EQ(run("--verify --log " + back).out, on_copy("--verify").out);
  expect_refused(run("--restore " + top + "/backups --log " + back), 1,
                 "is there already");
  expect_refused(run("--restore " + top + " --log " + top + "/x"), 1,
                 "no backups");
  expect_refused(on_copy("--backup " + copy), 1, "lies in the log");
}

TEST_F(maintenance, BackupAndRestoreMayBeKilled) {
  const auto known = on_copy("--dump").out;
  const auto back = top + "/back";
  for (int milliseconds = 4; milliseconds < 150; milliseconds += 12) {
    run_killed(milliseconds, "--log " + copy + " --backup " + top + "/backups");
    const auto x = on_copy("--backup " + top + "/backups");
    ASSERT_EQ(x.exit, 0) << x.err;
    run_killed(milliseconds, "--restore " + top + "/backups --log " + back);
    if (!fs::exists(back)) {
      const auto y = run("--restore " + top + "/backups --log " + back);
      ASSERT_EQ(y.exit, 0) << y.err;
    }
    EXPECT_EQ(run("--dump --log " + back).out, known);
    EXPECT_THAT(beside("back."), testing::IsEmpty());
    fs::remove_all(back);
  }
}

TEST_F(maintenance, GarbageIsListedAndRemoved) {
  const auto orphan = events::log::make_blob("orphan");
  {
    auto log = events::log::open_rocksdb_log({copy, false});
    ASSERT_TRUE((*log)->append({}, {orphan}, {"run", "node"}));
  }
  const auto listed = on_copy("--collect-garbage");
  EXPECT_EQ(listed.exit, 0) << listed.err;
  EXPECT_THAT(listed.out, HasSubstr(orphan.id.hex() + "  6\n"));
  EXPECT_THAT(listed.out, HasSubstr("1 blob, 6 bytes"));
  EXPECT_THAT(listed.out, HasSubstr("--delete"));
  const auto removed = on_copy("--collect-garbage --delete");
  EXPECT_EQ(removed.exit, 0) << removed.err;
  EXPECT_THAT(removed.out, HasSubstr("removed   1 blob"));
  EXPECT_THAT(on_copy("--collect-garbage").out, HasSubstr("0 blobs"));
  EXPECT_EQ(on_copy("--verify").exit, 0);
}

} // namespace fc::replay
