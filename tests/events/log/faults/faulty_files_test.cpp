#include "tests/events/log/faults/faulty_files.hpp"
#include "tests/events/log/log_kinds.hpp"

#include <gmock/gmock.h>
#include <rocksdb/db.h>

#include <filesystem>
#include <set>

using testing::UnorderedElementsAre;

namespace fc::events::log {

namespace fs = std::filesystem;

/// What a power cut leaves of files.
class power_cut : public testing::Test {
public:
  std::string at(const std::string& name) const {
    return path + "/" + name;
  }

  void write(const std::string& name, const std::string& text, bool sync) {
    std::unique_ptr<rocksdb::WritableFile> file;
    ASSERT_TRUE(files.env()->NewWritableFile(at(name), &file, {}).ok());
    ASSERT_TRUE(file->Append(text).ok());
    ASSERT_TRUE(!sync || file->Sync().ok());
    ASSERT_TRUE(file->Close().ok());
  }

  void sync_names() {
    std::unique_ptr<rocksdb::Directory> names;
    ASSERT_TRUE(files.env()->NewDirectory(path, &names).ok());
    ASSERT_TRUE(names->Fsync().ok());
  }

  /// Every outcome that may be, by trying.
  template <class F>
  std::set<std::string> outcomes(F make) {
    std::set<std::string> all;
    for (int i = 0; i < 40; ++i) {
      make();
      files.cut_power(unsynced::torn, dice);
      const auto file = at("a");
      all.insert(fs::exists(file) ? support::read_file(file) : "none");
    }
    return all;
  }

  /// Whether a database has a row after a power cut.
  bool keeps_row(bool sync) {
    rocksdb::Options options;
    options.create_if_missing = true;
    options.env = files.env();
    std::string value;
    for (const bool again : {false, true}) {
      if (again)
        files.cut_power(unsynced::dropped, dice);
      rocksdb::DB* opened = nullptr;
      EXPECT_TRUE(rocksdb::DB::Open(options, at("db"), &opened).ok());
      const std::unique_ptr<rocksdb::DB> db{opened};
      if (again)
        return db->Get({}, "key", &value).ok();
      rocksdb::WriteOptions how;
      how.sync = sync;
      EXPECT_TRUE(db->Put(how, "key", "value").ok());
    }
    return false;
  }

  support::temp_dir folder;
  std::string path = folder / "files";
  faulty_files files{path};
  std::mt19937_64 dice{7};

protected:
  void SetUp() override {
    fs::create_directory(path);
  }
};

TEST_F(power_cut, LeavesWhatWasSynced) {
  write("a", "safe", true);
  sync_names();
  EXPECT_FALSE(files.cut_power(unsynced::dropped, dice));
  EXPECT_EQ(support::read_file(at("a")), "safe");
}

TEST_F(power_cut, DropsWhatWasNot) {
  write("a", "unsafe", false);
  sync_names();
  EXPECT_TRUE(files.cut_power(unsynced::dropped, dice));
  EXPECT_EQ(support::read_file(at("a")), "");
}

TEST_F(power_cut, TearsTheBytesThatWereNotSynced) {
  EXPECT_THAT(outcomes([&] {
                write("a", "xyz", false);
                sync_names();
              }),
              UnorderedElementsAre("", "x", "xy", "xyz"));
}

TEST_F(power_cut, SpoilsThem) {
  write("a", std::string(1000, 'x'), false);
  sync_names();
  files.cut_power(unsynced::zeroed, dice);
  const auto text = support::read_file(at("a"));
  EXPECT_EQ(text.size(), 1000U);
  EXPECT_EQ(text.back(), '\0');
}

TEST_F(power_cut, MayTakeAFileWhoseNameWasNotSynced) {
  EXPECT_THAT(outcomes([&] {
                fs::remove(at("a"));
                write("a", "safe", true);
              }),
              UnorderedElementsAre("none", "safe"));
}

TEST_F(power_cut, MayTakeBackARenameAndARemoval) {
  const auto all = outcomes([&] {
    write("a", "old", true);
    sync_names();
    write("b", "new", true);
    ASSERT_TRUE(files.env()->RenameFile(at("b"), at("a")).ok());
    ASSERT_TRUE(files.env()->DeleteFile(at("a")).ok());
  });
  EXPECT_THAT(all, UnorderedElementsAre("old", "new", "none"));
}

TEST_F(power_cut, TakesARowThatADatabaseDidNotSync) {
  EXPECT_FALSE(keeps_row(false));
}

TEST_F(power_cut, LeavesARowThatADatabaseSynced) {
  EXPECT_TRUE(keeps_row(true));
}

} // namespace fc::events::log
