#include "tests/events/log/child.hpp"
#include "tests/events/log/log_kinds.hpp"

#include <gmock/gmock.h>

using testing::ElementsAre;

namespace fc::events::log {

namespace {

/// Opens what a killed writer left; everything it acknowledged must be there.
position reopen_and_verify(const std::string& path, position acknowledged) {
  const auto log = open_rocksdb_log({path, true, system_now});
  EXPECT_TRUE(log) << describe(log.error());
  if (!log)
    return 0;
  const auto report = verify(**log);
  EXPECT_THAT(report.problems, ElementsAre());
  EXPECT_EQ(report.records, (*log)->last());
  EXPECT_GE((*log)->last(), acknowledged);
  return (*log)->last();
}

} // namespace

TEST(killed_writer, LosesNothingItAcknowledged) {
  const support::temp_dir folder;
  const auto path = folder / "log";
  position known = 0;
  // One log, killed again and again, at ever later moments.
  for (const int lines : {1, 2, 3, 10, 57, 300}) {
    append_loop child{path};
    ASSERT_EQ(child.read_line(), "starting");
    ASSERT_EQ(child.read_line(), "open");
    for (int i = 0; i < lines; ++i)
      ASSERT_FALSE(child.read_line().empty());
    const auto last = child.kill();
    const auto acknowledged = std::stoull(last);
    ASSERT_GT(acknowledged, known);
    known = reopen_and_verify(path, acknowledged);
  }
}

TEST(killed_writer, LeavesAnOpenableFolderEvenWhenKilledWhileOpening) {
  for (int i = 0; i < 12; ++i) {
    const support::temp_dir folder;
    const auto path = folder / "log";
    append_loop child{path};
    ASSERT_EQ(child.read_line(), "starting");
    // How far it gets depends on the machine; every moment must do.
    for (int spin = 0; spin < i * 30'000; ++spin)
      (void)sha256(byte_view{});
    const auto last = child.kill();
    const bool wrote = last != "starting" && last != "open";
    reopen_and_verify(path, wrote ? std::stoull(last) : 0);
  }
}

TEST(killed_writer, IsReadByOthersWhileItLives) {
  const support::temp_dir folder;
  const auto path = folder / "log";
  append_loop child{path};
  ASSERT_EQ(child.read_line(), "starting");
  ASSERT_EQ(child.read_line(), "open");
  for (int round = 0; round < 5; ++round) {
    position acknowledged = 0;
    for (int i = 0; i < 20; ++i)
      acknowledged = std::stoull(child.read_line());
    auto reader = open_rocksdb_reader(path);
    ASSERT_TRUE(reader) << describe(reader.error());
    EXPECT_GE((*reader)->last(), acknowledged);
    const auto report = verify(**reader);
    EXPECT_THAT(report.problems, ElementsAre());
    const auto before = (*reader)->last();
    acknowledged = std::stoull(child.read_line());
    ASSERT_FALSE((*reader)->refresh());
    EXPECT_GE((*reader)->last(), std::max(before, acknowledged));
    EXPECT_EQ(records_of(**reader).size(), (*reader)->last());
  }
  const auto second = open_rocksdb_log({path, true, system_now});
  ASSERT_FALSE(second);
  EXPECT_EQ(code_of(second.error()), ec::already_in_use)
    << describe(second.error());
}

} // namespace fc::events::log
