#include "events/log/entry.hpp"
#include "events/log/key.hpp"
#include "tests/events/log/damage.hpp"
#include "tests/events/log/log_kinds.hpp"
#include "tests/events/log/raw_rocksdb.hpp"

#include <gmock/gmock.h>

using testing::ContainsRegex;
using testing::ElementsAre;
using testing::HasSubstr;

namespace fc::events::log {

namespace {

namespace fs = std::filesystem;

error scan_all(const log_reader& log) {
  return log.scan(1, [](const record&) { return true; });
}

} // namespace

/// Logs that were damaged behind their back.
class damaged_log : public testing::Test {
public:
  void make(std::size_t records) {
    fill(*kind.open(), records);
  }

  /// What opening for appending says.
  error opening() {
    const auto log = open_rocksdb_log({path, true, system_now});
    return log ? error{} : log.error();
  }

  /// What a whole verification says; a log that does not open says why.
  std::vector<std::string> problems() {
    const auto reader = open_rocksdb_reader(path);
    if (!reader)
      return {describe(reader.error())};
    return verify(**reader).problems;
  }

  rocksdb_kind kind;
  std::string path = kind.folder / "log";
};

TEST_F(damaged_log, InTheTailIsFoundWhenOpened) {
  make(500);
  flush_raw(path);
  const auto table = largest(path, ".sst");
  flip(table, fs::file_size(table) / 2);
  const auto err = opening();
  EXPECT_EQ(code_of(err), ec::corrupt);
  EXPECT_THAT(describe(err), ContainsRegex("record [0-9]+"));
  EXPECT_THAT(describe(err), HasSubstr(path));
  EXPECT_THAT(problems(), ElementsAre(ContainsRegex("record [0-9]+")));
}

TEST_F(damaged_log, FarFromTheTailIsFoundByAScan) {
  make(3000);
  flush_raw(path);
  flip(largest(path, ".sst"), 1000);
  const auto log = open_rocksdb_log({path, true, system_now});
  ASSERT_TRUE(log) << describe(log.error());
  const auto err = scan_all(**log);
  EXPECT_EQ(code_of(err), ec::corrupt);
  EXPECT_THAT(describe(err), HasSubstr("record 1:"));
  EXPECT_FALSE((*log)->scan(2900, [](const record&) { return true; }));
  EXPECT_THAT(verify(**log).problems, ElementsAre(HasSubstr("record 1:")));
}

TEST_F(damaged_log, InTheMiddleOfALongScanIsNamedAndAllBeforeItIsShown) {
  make(5000);
  flush_raw(path);
  auto entry = get_raw(path, "log", position_key(2500));
  entry[20] = static_cast<char>(entry[20] ^ 1);
  set_raw(path, "log", position_key(2500), entry);
  const auto reader = open_rocksdb_reader(path);
  ASSERT_TRUE(reader) << describe(reader.error());
  position seen = 0;
  const auto err = (*reader)->scan(1, [&](const record& at) {
    seen = at.at;
    return true;
  });
  EXPECT_EQ(seen, 2499U);
  EXPECT_THAT(describe(err), HasSubstr("record 2500: the hash chain"));
}

TEST_F(damaged_log, InTheWriteAheadLogIsNotOpened) {
  make(1000);
  const auto wal = largest(path, ".log");
  flip(wal, fs::file_size(wal) / 2);
  const auto err = opening();
  EXPECT_EQ(code_of(err), ec::corrupt);
  EXPECT_THAT(describe(err), ContainsRegex("record [456]01 is the first"));
  EXPECT_THAT(problems(), ElementsAre(ContainsRegex("record [456]01")));
}

TEST_F(damaged_log, WithACutTailIsNotOpened) {
  make(1000);
  const auto wal = largest(path, ".log");
  fs::resize_file(wal, fs::file_size(wal) - 100);
  const auto err = opening();
  EXPECT_EQ(code_of(err), ec::corrupt);
  EXPECT_THAT(describe(err), HasSubstr("record 901 and all after it are lost"));
  EXPECT_THAT(describe(err), HasSubstr("1000"));
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("record 901")));
  // The way out that the message names.
  fs::remove(fs::path{path} / "WATERMARK");
  EXPECT_FALSE(opening());
  EXPECT_EQ(records_of(*kind.open()).size(), 900U);
  EXPECT_THAT(problems(), ElementsAre());
}

TEST_F(damaged_log, WithATornUnacknowledgedTailIsOpened) {
  make(300);
  const auto mark = support::read_file(fs::path{path} / "WATERMARK");
  make(100);
  const auto wal = largest(path, ".log");
  fs::resize_file(wal, fs::file_size(wal) - 100);
  support::write_file(fs::path{path} / "WATERMARK", mark);
  EXPECT_FALSE(opening()) << describe(opening());
  EXPECT_EQ(records_of(*kind.open()).size(), 300U);
}

TEST_F(damaged_log, InItsManifestIsNotOpenedAndSaysWhatToDo) {
  make(300);
  garble_end(manifest(path));
  const auto err = opening();
  EXPECT_EQ(code_of(err), ec::corrupt);
  EXPECT_THAT(describe(err), HasSubstr("MANIFEST"));
  EXPECT_THAT(describe(err), HasSubstr("fcreplay --repair"));
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("fcreplay --repair")));
}

TEST_F(damaged_log, WithoutItsWriteAheadLogIsNotOpened) {
  make(100);
  fs::remove(largest(path, ".log"));
  EXPECT_EQ(code_of(opening()), ec::corrupt);
  EXPECT_THAT(describe(opening()), HasSubstr("record 1 and all after it"));
}

TEST_F(damaged_log, NeverOpensWithLessThanWasAcknowledged) {
  make(600);
  const auto saved = kind.folder / "saved";
  fs::copy(path, saved, fs::copy_options::recursive);
  const auto size = fs::file_size(largest(path, ".log"));
  for (std::size_t i = 0; i < 40; ++i) {
    fs::remove_all(path);
    fs::copy(saved, path, fs::copy_options::recursive);
    const auto offset = i < 10 ? i : size * i / 40;
    flip(largest(path, ".log"), offset, i % 8);
    const auto log = open_rocksdb_log({path, true, system_now});
    if (!log) {
      EXPECT_EQ(code_of(log.error()), ec::corrupt) << describe(log.error());
    } else {
      EXPECT_EQ(records_of(**log).size(), 600U) << offset;
      EXPECT_THAT(verify(**log).problems, ElementsAre());
    }
  }
}

TEST_F(damaged_log, NeverShowsAFlippedBitInATable) {
  make(600);
  const auto known = records_of(*kind.open());
  flush_raw(path);
  const auto saved = kind.folder / "saved";
  fs::copy(path, saved, fs::copy_options::recursive);
  const auto size = fs::file_size(largest(path, ".sst"));
  for (std::size_t i = 0; i < 40; ++i) {
    fs::remove_all(path);
    fs::copy(saved, path, fs::copy_options::recursive);
    flip(largest(path, ".sst"), i * (size / 40), i % 8);
    const auto reader = open_rocksdb_reader(path);
    if (reader && !scan_all(**reader)) {
      EXPECT_EQ(records_of(**reader), known) << i;
    }
  }
}

// -- rows that are sound for RocksDB, but not what was written
// -----------------

TEST_F(damaged_log, WithAChangedRecordIsRefused) {
  make(5);
  auto entry = get_raw(path, "log", position_key(3));
  const auto other = get_raw(path, "log", position_key(4));
  auto x = *read_entry(3, as_bytes(entry));
  x.node = "elsewhere";
  const auto forged = make_entry(x, x.payload, {});
  set_raw(path, "log", position_key(3), as_text(forged));
  EXPECT_EQ(code_of(opening()), ec::corrupt);
  EXPECT_THAT(describe(opening()), HasSubstr("record 3: the hash chain"));
  set_raw(path, "log", position_key(3), other);
  EXPECT_THAT(describe(opening()), HasSubstr("record 3: the entry belongs"));
  set_raw(path, "log", position_key(3), entry.substr(0, 33));
  EXPECT_THAT(describe(opening()), HasSubstr("record 3: the entry is cut"));
  set_raw(path, "log", position_key(3), entry.substr(0, 60));
  EXPECT_THAT(describe(opening()), HasSubstr("record 3: "));
  EXPECT_EQ(code_of(opening()), ec::corrupt);
  set_raw(path, "log", position_key(3), entry);
  EXPECT_FALSE(opening());
}

TEST_F(damaged_log, WithAMissingRecordIsRefused) {
  make(5);
  const auto last = get_raw(path, "log", position_key(5));
  const auto third = get_raw(path, "log", position_key(3));
  set_raw(path, "log", position_key(3), std::nullopt);
  EXPECT_THAT(describe(opening()),
              HasSubstr("record 3: the record is missing"));
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("record 3")));
  {
    const auto reader = open_rocksdb_reader(path);
    ASSERT_TRUE(reader);
    EXPECT_THAT(
      describe((*reader)->scan(4, [](const record&) { return true; })),
      HasSubstr("record 3: the record is missing"));
  }
  set_raw(path, "log", position_key(3), third);
  set_raw(path, "log", position_key(5), std::nullopt);
  EXPECT_THAT(describe(opening()), HasSubstr("record 5 and all after"));
  fs::remove(fs::path{path} / "WATERMARK");
  EXPECT_THAT(describe(opening()), HasSubstr("5 entries for 4 records"));
  set_raw(path, "log", position_key(5), last);
  EXPECT_FALSE(opening());
}

TEST_F(damaged_log, WithAStrangeKeyIsRefused) {
  make(5);
  set_raw(path, "log", "strange key", "value");
  EXPECT_EQ(code_of(opening()), ec::corrupt) << describe(opening());
}

TEST_F(damaged_log, WithABrokenIndexIsRefused) {
  append(*kind.open(), {request("run/a", 0, {"1", "2", "3"})});
  const auto key = stream_key("run/a", 2);
  const auto value = get_raw(path, "streams", key);
  set_raw(path, "streams", key, std::nullopt);
  EXPECT_THAT(describe(opening()), HasSubstr("sequence 2 is missing"));
  {
    const auto reader = open_rocksdb_reader(path);
    EXPECT_EQ(code_of((*reader)->read_stream("run/a").error()), ec::corrupt);
  }
  set_raw(path, "streams", key, position_key(3));
  {
    const auto reader = open_rocksdb_reader(path);
    EXPECT_THAT(describe((*reader)->read_stream("run/a").error()),
                HasSubstr("record 3"));
  }
  set_raw(path, "streams", key, value);
  set_raw(path, "streams", "damaged", value);
  EXPECT_EQ(code_of(opening()), ec::corrupt);
}

TEST_F(damaged_log, WithABadWatermarkIsRefused) {
  make(5);
  const auto file = fs::path{path} / "WATERMARK";
  const auto good = support::read_file(file);
  for (const auto& bad : {good.substr(1), good + "x", "x" + good.substr(1),
                          std::string{"0"}, std::string(good.size(), 'a')}) {
    support::write_file(file, bad);
    EXPECT_EQ(code_of(opening()), ec::corrupt) << bad;
    EXPECT_THAT(describe(opening()), HasSubstr("WATERMARK"));
  }
  auto other = good;
  other[30] = other[30] == 'a' ? 'b' : 'a';
  support::write_file(file, other);
  EXPECT_THAT(describe(opening()), HasSubstr("record 5 is not the one"));
  // What a crash of the machine may leave of a new file.
  support::write_file(file, std::string(good.size(), '\0'));
  EXPECT_FALSE(opening());
  EXPECT_EQ(support::read_file(file), good);
}

TEST_F(damaged_log, WithADamagedChunkSaysSo) {
  const auto x = large_blob(2'500'000);
  append(*kind.open(), {request("run/a", 0, {"1"})}, {x});
  const auto reading = [&] {
    const auto log = kind.open();
    EXPECT_EQ(code_of(log->blob_of(x.id).error()), ec::corrupt);
    return describe(log->read_blob(x.id, [](byte_view) { return true; }));
  };
  const auto key = blob_chunk_key(x.id, 1);
  const auto chunk = get_raw(path, "blobs", key);
  set_raw(path, "blobs", key, std::nullopt);
  EXPECT_THAT(reading(), HasSubstr("chunk 1 is missing"));
  set_raw(path, "blobs", key, "");
  EXPECT_THAT(reading(), HasSubstr("chunk 1 is missing"));
  set_raw(path, "blobs", key, chunk.substr(1));
  EXPECT_THAT(reading(), HasSubstr("chunk 3 is missing"));
  auto other = chunk;
  other[7] = static_cast<char>(other[7] ^ 1);
  set_raw(path, "blobs", key, other);
  EXPECT_THAT(reading(), HasSubstr("another digest"));
  set_raw(path, "blobs", key, chunk);
  set_raw(path, "blobs", blob_key(x.id), blob_head(2'400'000));
  EXPECT_THAT(reading(), HasSubstr("another digest"));
  set_raw(path, "blobs", blob_key(x.id), blob_head(2'500'000));
  EXPECT_EQ(*kind.open()->blob_of(x.id), x.data);
}

TEST_F(damaged_log, WithADamagedBlobSaysSo) {
  const auto history = samples::history();
  append(*kind.open(), {{stream_of(samples::pull_request()), 0, history}},
         samples::blobs());
  const auto blobs = samples::blobs();
  set_raw(path, "blobs", blob_key(blobs[0].id), std::nullopt);
  set_raw(path, "blobs", blob_key(blobs[2].id), "other bytes");
  const auto reader = open_rocksdb_reader(path);
  ASSERT_TRUE(reader);
  EXPECT_EQ(code_of((*reader)->blob_of(blobs[0].id).error()), ec::not_found);
  EXPECT_EQ(code_of((*reader)->blob_of(blobs[2].id).error()), ec::corrupt);
  const auto report = verify(**reader);
  EXPECT_THAT(report.problems,
              ElementsAre(HasSubstr("record 1 (pr/Some-Owner"),
                          HasSubstr("record 3 (pr/Some-Owner")));
  EXPECT_EQ(report.blobs, blobs.size() - 2);
}

} // namespace fc::events::log
