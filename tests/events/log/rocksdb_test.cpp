#include "events/log/key.hpp"
#include "events/log/log_storage.hpp"
#include "tests/events/log/damage.hpp"
#include "tests/events/log/log_kinds.hpp"
#include "tests/events/log/raw_rocksdb.hpp"

#include <gmock/gmock.h>
#include <sys/resource.h>

#include <csignal>

using testing::ElementsAre;
using testing::HasSubstr;

namespace fc::events::log {

namespace {

namespace fs = std::filesystem;

/// No file may grow beyond a size: as good as a full disk.
class full_disk {
public:
  explicit full_disk(rlim_t size) : old_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &limit_);
    auto tight = limit_;
    tight.rlim_cur = size;
    ::setrlimit(RLIMIT_FSIZE, &tight);
  }
  full_disk(const full_disk&) = delete;
  full_disk& operator=(const full_disk&) = delete;
  ~full_disk() {
    ::setrlimit(RLIMIT_FSIZE, &limit_);
    std::signal(SIGXFSZ, old_);
  }

private:
  rlimit limit_{};
  void (*old_)(int);
};

} // namespace

class rocksdb_log : public testing::Test {
public:
  std::unique_ptr<event_log> open() {
    return kind.open();
  }

  ec refusal() {
    const auto log = open_rocksdb_log({path, true, system_now});
    text = log ? "opened" : describe(log.error());
    return log ? ec::none : code_of(log.error());
  }

  ec reader_refusal() {
    const auto reader = open_rocksdb_reader(path);
    text = reader ? "opened" : describe(reader.error());
    return reader ? ec::none : code_of(reader.error());
  }

  rocksdb_kind kind;
  std::string path = kind.folder / "log";
  std::string text; ///< Of the last refusal.
};

// -- what may be opened -------------------------------------------------------

TEST_F(rocksdb_log, HasOneWriter) {
  const auto log = open();
  EXPECT_EQ(refusal(), ec::already_in_use);
  EXPECT_THAT(text, HasSubstr(path));
  append(*log, {request("run/a", 0, {"1"})});
}

TEST_F(rocksdb_log, IsMadeOnlyWhenAsked) {
  EXPECT_EQ(code_of(open_rocksdb_log({path, false, system_now}).error()),
            ec::not_found);
  EXPECT_FALSE(fs::exists(path));
  fs::create_directory(path);
  EXPECT_EQ(code_of(open_rocksdb_log({path, false, system_now}).error()),
            ec::not_found);
  EXPECT_TRUE(fs::is_empty(path));
  append(*open(), {request("run/a", 0, {"1"})});
  EXPECT_TRUE(open_rocksdb_log({path, false, system_now}));
}

TEST_F(rocksdb_log, IsMadeBelowFoldersThatAreNotThere) {
  path = kind.folder / "a/b/c";
  EXPECT_EQ(refusal(), ec::none) << text;
  EXPECT_TRUE(fs::exists(path));
}

TEST_F(rocksdb_log, FinishesACreationWhoseManifestIsDamaged) {
  // What a power cut leaves of a log that was just being made.
  open();
  fs::remove(fs::path{path} / "WATERMARK");
  fs::resize_file(largest(path, ".log"), 0);
  garble_end(manifest(path));
  EXPECT_EQ(reader_refusal(), ec::not_found) << text;
  EXPECT_EQ(refusal(), ec::none) << text;
  append(*open(), {request("run/a", 0, {"1"})});
  EXPECT_EQ(records_of(*open()).size(), 1U);
}

TEST_F(rocksdb_log, TakesNoFolderWithOtherFiles) {
  fs::create_directory(path);
  support::write_file(fs::path{path} / "thesis.txt", "important");
  const auto before = contents(path);
  EXPECT_EQ(refusal(), ec::invalid_argument);
  EXPECT_THAT(text, HasSubstr(path));
  EXPECT_EQ(reader_refusal(), ec::invalid_argument);
  EXPECT_EQ(contents(path), before);
}

TEST_F(rocksdb_log, TakesNoFile) {
  support::write_file(path, "important");
  EXPECT_EQ(refusal(), ec::invalid_argument);
  EXPECT_EQ(reader_refusal(), ec::invalid_argument);
  EXPECT_EQ(support::read_file(path), "important");
}

TEST_F(rocksdb_log, TakesNoOtherDatabase) {
  make_other_database(path);
  const auto before = contents(path);
  EXPECT_EQ(refusal(), ec::invalid_argument) << text;
  EXPECT_EQ(reader_refusal(), ec::invalid_argument) << text;
  EXPECT_EQ(contents(path), before);
}

TEST_F(rocksdb_log, TakesNoFolderItMayNotMake) {
  support::write_file(kind.folder / "file", "");
  path = kind.folder / "file/log";
  EXPECT_EQ(refusal(), ec::storage_failure) << text;
}

TEST_F(rocksdb_log, LeavesALogOfANewerProgramAlone) {
  append(*open(), {request("run/a", 0, {"1"})});
  set_raw(path, "meta", "format", "3");
  const auto before = contents(path);
  EXPECT_EQ(refusal(), ec::too_new);
  EXPECT_THAT(text, HasSubstr("format 3"));
  EXPECT_THAT(text, HasSubstr("upgrade"));
  EXPECT_EQ(contents(path), before);
  EXPECT_EQ(reader_refusal(), ec::too_new);
  EXPECT_EQ(contents(path), before);
}

TEST_F(rocksdb_log, LeavesALogWithUnknownFamiliesAlone) {
  append(*open(), {request("run/a", 0, {"1"})});
  set_raw(path, "surprise", "key", "value");
  EXPECT_EQ(refusal(), ec::too_new) << text;
  EXPECT_THAT(text, HasSubstr("surprise"));
  EXPECT_EQ(reader_refusal(), ec::too_new) << text;
}

TEST_F(rocksdb_log, RefusesAFormatItCannotRead) {
  append(*open(), {request("run/a", 0, {"1"})});
  for (const auto* bad : {"", "x", "1x", "-1", "0", "99999999999"}) {
    set_raw(path, "meta", "format", bad);
    EXPECT_EQ(refusal(), ec::corrupt) << bad;
  }
  // A log that has records had one, and a repair gives it one.
  set_raw(path, "meta", "format", std::nullopt);
  EXPECT_EQ(refusal(), ec::corrupt) << text;
  EXPECT_EQ(reader_refusal(), ec::corrupt) << text;
  EXPECT_THAT(text, HasSubstr("format marker is lost"));
}

TEST_F(rocksdb_log, NamesARecordOfANewerFormat) {
  fill(*open(), 3);
  auto entry = get_raw(path, "log", position_key(2));
  entry[0] = 2;
  set_raw(path, "log", position_key(2), entry);
  EXPECT_EQ(refusal(), ec::too_new);
  EXPECT_THAT(text, HasSubstr("record 2"));
}

TEST_F(rocksdb_log, KeepsItsChainOverReopening) {
  for (int i = 0; i < 4; ++i)
    fill(*open(), 300);
  const auto log = open();
  EXPECT_EQ(records_of(*log).size(), 1200U);
  EXPECT_THAT(verify(*log).problems, ElementsAre());
}

TEST_F(rocksdb_log, IsScannedAheadOfTheVisitorWhenItIsLong) {
  const auto log = open();
  fill(*log, 5000);
  const auto all = records_of(*log);
  ASSERT_EQ(all.size(), 5000U);
  for (std::size_t i = 0; i < all.size(); ++i)
    ASSERT_EQ(all[i].at, i + 1);
  EXPECT_EQ(records_of(*log, 2).size(), 4999U);
  // Leaving early stops the thread, wherever it is.
  for (const position stop : {1U, 2U, 700U, 4999U}) {
    position seen = 0;
    EXPECT_FALSE(log->scan(1, [&](const record& at) {
      seen = at.at;
      return at.at < stop;
    }));
    EXPECT_EQ(seen, stop);
  }
}

// -- readers ------------------------------------------------------------------

TEST_F(rocksdb_log, IsReadBesideItsWriter) {
  const auto log = open();
  fill(*log, 200);
  append(*log, {request("run/a", 0, {"1"})}, samples::blobs());
  const auto reader = open_rocksdb_reader(path);
  ASSERT_TRUE(reader) << describe(reader.error());
  EXPECT_EQ((*reader)->last(), 201U);
  EXPECT_EQ(records_of(**reader), records_of(*log));
  EXPECT_EQ((*reader)->read_stream("run/a")->size(), 1U);
  EXPECT_EQ(*(*reader)->stream_version("run/a"), 1U);
  EXPECT_EQ((*reader)->streams("", "", 1000)->size(), 201U);
  for (const auto& x : samples::blobs())
    EXPECT_EQ(*(*reader)->blob_of(x.id), x.data);
  fill(*log, 1);
  EXPECT_EQ((*reader)->last(), 201U);
  EXPECT_FALSE((*reader)->refresh());
  EXPECT_EQ((*reader)->last(), 202U);
}

TEST_F(rocksdb_log, IsReadWithoutAWriterAndLeftAsItWas) {
  fill(*open(), 200);
  const auto before = contents(path);
  {
    const auto reader = open_rocksdb_reader(path);
    ASSERT_TRUE(reader) << describe(reader.error());
    EXPECT_EQ(records_of(**reader).size(), 200U);
    EXPECT_THAT(verify(**reader).problems, ElementsAre());
  }
  EXPECT_EQ(contents(path), before);
}

TEST_F(rocksdb_log, ShowsReadersBlobsThatLieInFilesOfTheirOwn) {
  std::string large;
  while (large.size() < 100'000)
    large += event_id::random().hex();
  const auto x = make_blob(large);
  append(*open(), {request("run/a", 0, {"1"})}, {x});
  flush_raw(path);
  const auto reader = open_rocksdb_reader(path);
  ASSERT_TRUE(reader) << describe(reader.error());
  EXPECT_EQ(*(*reader)->blob_of(x.id), x.data);
}

TEST_F(rocksdb_log, HasFormatTwoFromItsFirstLargeBlobOn) {
  append(*open(), {request("run/a", 0, {"1"})}, {large_blob(blob_chunk)});
  EXPECT_EQ(get_raw(path, "meta", "format"), "1");
  append(*open(), {}, {large_blob(blob_chunk + 1)});
  EXPECT_EQ(get_raw(path, "meta", "format"), "2");
  EXPECT_TRUE(open());
}

TEST_F(rocksdb_log, ReadsALargeBlobInPieces) {
  const auto x = large_blob(3 * blob_chunk + 100);
  append(*open(), {request("run/a", 0, {"1"})}, {x});
  const auto log = open();
  bytes all;
  std::size_t largest_piece = 0;
  EXPECT_FALSE(log->read_blob(x.id, [&](byte_view piece) {
    all.insert(all.end(), piece.begin(), piece.end());
    largest_piece = std::max(largest_piece, piece.size());
    return true;
  }));
  EXPECT_EQ(all, x.data);
  EXPECT_LE(largest_piece, blob_chunk);
}

TEST_F(rocksdb_log, ReadsALargeBlobThatWasStoredInOnePiece) {
  const auto x = large_blob(2 * blob_chunk);
  append(*open(), {request("run/a", 0, {"1"})});
  set_raw(path, "blobs", blob_key(x.id), as_text(x.data));
  EXPECT_EQ(*open()->blob_of(x.id), x.data);
  append(*open(), {}, {x});
  EXPECT_EQ(get_raw(path, "meta", "format"), "1");
}

TEST_F(rocksdb_log, TakesABlobThatLooksLikeAHead) {
  const auto x = make_blob(blob_head(100));
  append(*open(), {request("run/a", 0, {"1"})}, {x});
  EXPECT_EQ(*open()->blob_of(x.id), x.data);
}

TEST_F(rocksdb_log, CountsChunksWithoutAHeadForNothing) {
  // What a writer leaves that is killed while it stores a large blob.
  const auto x = large_blob(2 * blob_chunk);
  append(*open(), {request("run/a", 0, {"1"})});
  set_raw(path, "blobs", blob_chunk_key(x.id, 0),
          as_text(x.data).substr(0, blob_chunk));
  EXPECT_EQ(code_of(open()->blob_of(x.id).error()), ec::not_found);
  append(*open(), {}, {x});
  EXPECT_EQ(*open()->blob_of(x.id), x.data);
}

TEST_F(rocksdb_log, IsReadToTheEndWhileAReaderIsRefreshed) {
  const auto log = open();
  fill(*log, 10);
  const auto reader = open_rocksdb_reader(path);
  ASSERT_TRUE(reader) << describe(reader.error());
  std::size_t seen = 0;
  EXPECT_FALSE((*reader)->scan(1, [&](const record&) {
    fill(*log, 1);
    EXPECT_FALSE((*reader)->refresh());
    ++seen;
    return true;
  }));
  EXPECT_EQ(seen, 10U);
  EXPECT_EQ((*reader)->last(), 20U);
}

TEST_F(rocksdb_log, IsNotMadeByAReader) {
  EXPECT_EQ(reader_refusal(), ec::not_found);
  EXPECT_FALSE(fs::exists(path));
  fs::create_directory(path);
  EXPECT_EQ(reader_refusal(), ec::not_found);
  EXPECT_TRUE(fs::is_empty(path));
}

// -- a disk that fails --------------------------------------------------------

TEST_F(rocksdb_log, TakesNoAppendsAfterAFailedWrite) {
  auto log = open();
  std::string large;
  while (large.size() < 64U << 10U)
    large += event_id::random().hex();
  position acknowledged = 0;
  append_request unlucky;
  {
    const full_disk disk{1U << 20U};
    for (int i = 0; i < 100; ++i) {
      unlucky = request("run/" + std::to_string(i), 0, {large});
      const auto results = log->append({unlucky}, {}, here);
      if (!results) {
        EXPECT_EQ(code_of(results.error()), ec::storage_failure);
        EXPECT_THAT(describe(results.error()), HasSubstr(path));
        break;
      }
      acknowledged = log->last();
    }
  }
  ASSERT_GT(acknowledged, 0U);
  ASSERT_LT(acknowledged, 100U);
  // There is room again, but nobody knows what the files look like.
  const auto refused = log->append({unlucky}, {}, here);
  ASSERT_FALSE(refused);
  EXPECT_EQ(code_of(refused.error()), ec::storage_failure);
  EXPECT_THAT(describe(refused.error()), HasSubstr("again"));
  EXPECT_EQ(log->last(), acknowledged);
  EXPECT_EQ(records_of(*log).size(), acknowledged);
  kind.reopen(log);
  EXPECT_THAT(verify(*log).problems, ElementsAre());
  EXPECT_GE(log->last(), acknowledged);
  // Written or not: the repeat is answered once.
  EXPECT_EQ(append(*log, {unlucky})[0].first, acknowledged + 1);
  EXPECT_EQ(log->last(), acknowledged + 1);
}

TEST_F(rocksdb_log, KeepsItsOwnNotesSmall) {
  for (int i = 0; i < 8; ++i)
    open();
  std::size_t notes = 0;
  for (const auto& [name, bytes_of_file] : contents(path))
    notes += fs::path{name}.filename().string().starts_with("LOG") ? 1 : 0;
  EXPECT_LE(notes, 3U);
}

TEST_F(rocksdb_log, LeavesNoLongTailToReadersWhenItIsClosed) {
  const auto bytes_behind = [&] {
    std::uintmax_t sum = 0;
    for (const auto& file : fs::directory_iterator{kind.folder / "log"})
      if (file.path().extension() == ".log")
        sum += file.file_size();
    return sum;
  };
  auto log = open();
  fill(*log, 100);
  log.reset();
  EXPECT_GT(bytes_behind(), 0U); // Short: not worth it.
  log = open();
  fill(*log, 2000, 10'000);
  const auto before = records_of(*log);
  log.reset();
  EXPECT_EQ(bytes_behind(), 0U);
  const auto reader = open_rocksdb_reader(kind.folder / "log");
  ASSERT_TRUE(reader) << describe(reader.error());
  EXPECT_EQ(records_of(**reader), before);
  EXPECT_EQ(verify(**reader).records, 2100U);
}

TEST_F(rocksdb_log, IsClosedOnAFullDiskAndLosesNothing) {
  auto log = open();
  fill(*log, 2000, 10'000);
  const auto before = records_of(*log);
  {
    const full_disk none{1};
    log.reset();
  }
  EXPECT_EQ(records_of(*open()), before);
}

} // namespace fc::events::log
