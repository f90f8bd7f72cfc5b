#include "events/log/key.hpp"
#include "events/log/maintenance/maintenance.hpp"
#include "tests/events/log/damage.hpp"
#include "tests/events/log/log_kinds.hpp"
#include "tests/events/log/raw_rocksdb.hpp"

#include <gmock/gmock.h>

using testing::HasSubstr;
using testing::IsEmpty;

namespace fc::events::log {

namespace {

namespace fs = std::filesystem;

} // namespace

/// A log with blobs that events refer to, and others.
class garbage : public testing::Test {
public:
  void SetUp() override {
    const auto log = kind.open();
    append(*log, {{stream_of(samples::pull_request()), 0, samples::history()}},
           samples::blobs());
    append(*log, {}, {orphan, large});
  }

  /// Demands that all that is referenced is still there.
  void expect_whole() {
    const auto log = kind.open();
    EXPECT_THAT(verify(*log).problems, IsEmpty());
    for (const auto& x : samples::blobs())
      EXPECT_EQ(*log->blob_of(x.id), x.data);
  }

  rocksdb_kind kind;
  std::string path = kind.folder / "log";
  blob orphan = make_blob("orphan");
  blob large = large_blob(500'000);
};

TEST_F(garbage, IsListedAndNothingElse) {
  const auto before = contents(path);
  const auto report = list_garbage(path);
  ASSERT_TRUE(report) << describe(report.error());
  EXPECT_FALSE(report->removed);
  ASSERT_EQ(report->blobs.size(), 2U);
  EXPECT_EQ(report->bytes, orphan.data.size() + large.data.size());
  EXPECT_EQ(contents(path), before);
}

TEST_F(garbage, IsListedBesideAWriter) {
  const auto log = kind.open();
  EXPECT_EQ(list_garbage(path)->blobs.size(), 2U);
}

TEST_F(garbage, IsRemovedAndNothingElse) {
  const auto known = records_of(*kind.open());
  const auto report = remove_garbage(path);
  ASSERT_TRUE(report) << describe(report.error());
  EXPECT_TRUE(report->removed);
  EXPECT_EQ(report->blobs.size(), 2U);
  expect_whole();
  EXPECT_EQ(records_of(*kind.open()), known);
  EXPECT_EQ(code_of(kind.open()->blob_of(orphan.id).error()), ec::not_found);
  EXPECT_EQ(code_of(kind.open()->blob_of(large.id).error()), ec::not_found);
  EXPECT_THAT(list_garbage(path)->blobs, IsEmpty());
  EXPECT_FALSE(remove_garbage(path)->removed);
  // It may come again.
  append(*kind.open(), {}, {large});
  EXPECT_EQ(*kind.open()->blob_of(large.id), large.data);
}

TEST_F(garbage, HasAllChunksOfALargeBlob) {
  const auto chunked = large_blob(2'500'000);
  const auto half = large_blob(2'000'000);
  append(*kind.open(), {}, {chunked});
  set_raw(path, "blobs", blob_chunk_key(half.id, 0),
          as_text(half.data).substr(0, 1'000'000));
  const auto report = remove_garbage(path);
  ASSERT_TRUE(report) << describe(report.error());
  EXPECT_EQ(report->blobs.size(), 4U);
  EXPECT_EQ(report->bytes, orphan.data.size() + large.data.size()
                             + chunked.data.size() + 1'000'000);
  EXPECT_THROW(get_raw(path, "blobs", blob_chunk_key(chunked.id, 2)),
               std::runtime_error);
  EXPECT_THROW(get_raw(path, "blobs", blob_chunk_key(half.id, 0)),
               std::runtime_error);
  expect_whole();
}

TEST_F(garbage, KeepsTheChunksOfAReferencedBlob) {
  const auto diff = large_blob(2'500'000);
  auto facts = samples::scraped();
  facts.issue_texts = {};
  facts.diff = {diff.id, diff.data.size()};
  append(*kind.open(), {{"pr/a/b#1", 0, {make_event(facts)}}}, {diff});
  EXPECT_EQ(remove_garbage(path)->blobs.size(), 2U);
  EXPECT_EQ(*kind.open()->blob_of(diff.id), diff.data);
}

TEST_F(garbage, FreesTheDisk) {
  flush_raw(path);
  EXPECT_GT(fs::file_size(largest(path, ".blob")), 200'000U);
  ASSERT_TRUE(remove_garbage(path));
  const auto left = largest(path, ".blob");
  EXPECT_TRUE(left.empty() || fs::file_size(left) < 100'000U);
  expect_whole();
}

TEST_F(garbage, IsNotRemovedBesideAWriter) {
  const auto log = kind.open();
  EXPECT_EQ(code_of(remove_garbage(path).error()), ec::already_in_use);
  EXPECT_TRUE(log->blob_of(orphan.id));
}

TEST_F(garbage, IsNotToldInADamagedLog) {
  fill(*kind.open(), 2000);
  set_raw(path, "log", position_key(2), std::nullopt);
  EXPECT_EQ(code_of(list_garbage(path).error()), ec::corrupt);
  EXPECT_THAT(describe(list_garbage(path).error()), HasSubstr("record 2"));
  EXPECT_EQ(code_of(remove_garbage(path).error()), ec::corrupt);
  EXPECT_EQ(get_raw(path, "blobs", blob_key(orphan.id)), "orphan");
}

TEST_F(garbage, IsNotToldWhenAnEventCannotBeRead) {
  auto unknown = noted("of a newer program");
  unknown.tag = 9999;
  append(*kind.open(), {{"run/newer", 0, {unknown}}});
  EXPECT_FALSE(list_garbage(path));
  EXPECT_FALSE(remove_garbage(path));
  EXPECT_TRUE(kind.open()->blob_of(orphan.id));
}

TEST_F(garbage, IsOfALog) {
  path = kind.folder / "absent";
  EXPECT_EQ(code_of(list_garbage(path).error()), ec::not_found);
  EXPECT_EQ(code_of(remove_garbage(path).error()), ec::not_found);
  EXPECT_FALSE(fs::exists(path));
}

} // namespace fc::events::log
