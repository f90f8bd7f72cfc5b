#include "events/log/maintenance/wal.hpp"
#include "tests/events/log/damage.hpp"
#include "tests/events/log/log_kinds.hpp"

#include <gmock/gmock.h>

namespace fc::events::log {

namespace fs = std::filesystem;

/// Write-ahead logs as RocksDB leaves them, copied.
class whole_records : public testing::Test {
public:
  /// 50 batches; every one is longer than a block.
  void SetUp() override {
    fill(*kind.open(), 5000, 400);
    wal = largest(path, ".log");
    whole = support::read_file(wal);
  }

  std::string copied() {
    const auto to = kind.folder / "copy.log";
    const auto err = copy_whole_records(wal, to);
    EXPECT_FALSE(err) << describe(err);
    return support::read_file(to);
  }

  rocksdb_kind kind;
  std::string path = kind.folder / "log";
  fs::path wal;
  std::string whole;
};

TEST_F(whole_records, AreCopiedByteForByte) {
  EXPECT_EQ(copied(), whole);
}

TEST_F(whole_records, LackNothingButWhatWasDamaged) {
  flip(wal, whole.size() / 2);
  const auto once = copied();
  EXPECT_LT(once.size(), whole.size());
  EXPECT_GT(once.size(), whole.size() * 9 / 10);
  // What was copied is sound: the copy of the copy is the same.
  support::write_file(wal, once);
  EXPECT_EQ(copied(), once);
}

TEST_F(whole_records, EndWithTheLastWholeOne) {
  for (const std::size_t cut : {1U, 7U, 100U, 40'000U, 100'000U}) {
    support::write_file(wal, whole.substr(0, whole.size() - cut));
    const auto once = copied();
    EXPECT_TRUE(whole.starts_with(once)) << cut;
    EXPECT_LT(once.size(), whole.size() - cut);
    EXPECT_GT(once.size(), whole.size() * 9 / 10);
  }
}

TEST_F(whole_records, AreNoneInNonsense) {
  for (const auto& text : {std::string{}, std::string(100'000, '\0'),
                           std::string(100'000, '\xff'), std::string{"x"}}) {
    support::write_file(wal, text);
    EXPECT_EQ(copied(), "");
  }
  fs::remove(wal);
  EXPECT_TRUE(copy_whole_records(wal, kind.folder / "copy.log"));
}

// -- what RocksDB makes of the copy -------------------------------------------

TEST_F(whole_records, OpenAfterAnyFlippedBit) {
  const auto copy = kind.folder / "copy";
  for (std::size_t i = 0; i < 12; ++i) {
    support::write_file(wal, whole);
    flip(wal, whole.size() * i / 12 + i, i % 8);
    const auto bytes = copied();
    fs::remove_all(copy);
    fs::copy(path, copy);
    support::write_file(fs::path{copy} / wal.filename(), bytes);
    fs::remove(copy + "/WATERMARK");
    const auto reader = open_rocksdb_reader(copy);
    // The first batch holds the format of the log.
    if (i > 0) {
      EXPECT_TRUE(reader) << describe(reader.error());
    }
  }
}

} // namespace fc::events::log
