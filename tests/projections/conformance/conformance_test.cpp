#include "tests/projections/conformance/odd_cells.hpp"
#include "tests/projections/conformance/targets.hpp"
#include "tests/support/samples.hpp"

#include <gmock/gmock.h>

namespace fc::projections::conformance {

using events::code_of;
using events::describe;
using events::ec;
using testing::HasSubstr;
using testing::Not;

namespace {

/// A memory log and an empty target of each kind.
class table_targets : public testing::TestWithParam<target_kind> {
protected:
  void SetUp() override {
    if (const auto why = GetParam().absent(); !why.empty())
      GTEST_SKIP() << why;
    target = GetParam().make();
  }

  rebuild_result rebuild() const {
    auto done = target->open(*log)->rebuild();
    EXPECT_TRUE(done) << describe(done.error());
    return done ? *done : rebuild_result{};
  }

  /// What a rebuild that fails says.
  events::error failed_rebuild() const {
    auto done = target->open(*log)->rebuild();
    EXPECT_FALSE(done);
    return done ? events::error{} : done.error();
  }

  /// Follows to the end of the log; whether the last step rebuilt.
  bool follow(table_target& to) const {
    for (;;) {
      const auto done = to.follow();
      EXPECT_TRUE(done) << describe(done.error());
      if (!done || done->up_to.at == log->last())
        return done && done->rebuilt;
    }
  }

  void expect_rows(const text_tables& wanted) const {
    const auto found = target->read();
    ASSERT_EQ(found.size(), wanted.size());
    for (const auto& [name, rows] : wanted) {
      const auto& seen = found.at(name);
      ASSERT_EQ(seen.size(), rows.size()) << name;
      for (std::size_t i = 0; i < rows.size(); ++i)
        ASSERT_EQ(seen[i], rows[i]) << name << ", row " << i;
    }
  }

  std::unique_ptr<events::log::event_log> log = events::log::make_memory_log();
  std::unique_ptr<test_target> target;
};

INSTANTIATE_TEST_SUITE_P(of, table_targets, testing::ValuesIn(all_targets()),
                         [](const auto& x) { return x.param.name; });

std::size_t rows_in(const text_tables& x) {
  std::size_t result = 0;
  for (const auto& [name, rows] : x)
    result += rows.size();
  return result;
}

TEST_P(table_targets, HoldTheRowsOfEveryStory) {
  stories::write_interleaved(*log, stories::all());
  const auto done = rebuild();
  const auto wanted = reference(*log);
  ASSERT_GT(rows_in(wanted), 50U);
  expect_rows(wanted);
  EXPECT_EQ(done.up_to.at, log->last());
  ASSERT_EQ(done.tables.size(), wanted.size());
  for (const auto& each : done.tables)
    EXPECT_EQ(each.rows, wanted.at(each.name).size()) << each.name;
  EXPECT_EQ(target->litter(), "");
}

TEST_P(table_targets, KeepOddCells) {
  stories::write_in_turn(*log, odd_stories());
  rebuild();
  const auto wanted = reference(*log);
  ASSERT_EQ(wanted.at("pull_requests").size(), 4U);
  ASSERT_EQ(wanted.at("harbor_runs").size(), 2U);
  expect_rows(wanted);
}

TEST_P(table_targets, KeepOddCellsWhileFollowing) {
  const auto to = target->open(*log);
  follow(*to);
  stories::write_in_turn(*log, odd_stories());
  follow(*to);
  expect_rows(reference(*log));
}

TEST_P(table_targets, RebuiltTwiceAreTheSame) {
  stories::write_interleaved(*log, stories::all());
  const auto first = rebuild();
  const auto again = rebuild();
  EXPECT_EQ(again.content, first.content);
  EXPECT_EQ(again.content_name, first.content_name);
  EXPECT_EQ(again.up_to, first.up_to);
  expect_rows(reference(*log));
  EXPECT_EQ(target->litter(), "");
}

TEST_P(table_targets, FollowedEqualARebuild) {
  const auto to = target->open(*log);
  const auto all = stories::all();
  for (std::size_t step = 0; step < 12; ++step) {
    for (const auto& each : all)
      if (step < each.events.size())
        stories::append(*log, each.stream, each.events[step]);
    EXPECT_EQ(follow(*to), step == 0 || !target->follows()) << step;
  }
  expect_rows(reference(*log));
  const auto still = to->follow();
  ASSERT_TRUE(still) << describe(still.error());
  EXPECT_FALSE(still->rebuilt);
  EXPECT_EQ(still->records, 0U);
  // What another program left is gone on with.
  EXPECT_FALSE(follow(*target->open(*log)));
  EXPECT_EQ(target->litter(), "");
}

TEST_P(table_targets, AreRebuiltForAnotherLog) {
  stories::write_in_turn(*log, stories::all());
  rebuild();
  const auto other = std::move(log);
  log = events::log::make_memory_log();
  stories::write_in_turn(*log, {stories::published_one()});
  const auto followed = target->open(*log)->follow();
  if (GetParam().name == "postgres") {
    // Others read it: whoever follows the wrong log must not replace it.
    ASSERT_FALSE(followed);
    EXPECT_EQ(code_of(followed.error()), events::ec::refused);
    expect_rows(reference(*other));
  } else {
    ASSERT_TRUE(followed) << describe(followed.error());
    EXPECT_TRUE(followed->rebuilt);
    expect_rows(reference(*log));
  }
  rebuild();
  expect_rows(reference(*log));
}

TEST_P(table_targets, OfAnEmptyLogAreEmpty) {
  for (const auto& each : rebuild().tables)
    EXPECT_EQ(each.rows, 0U) << each.name;
  const auto none = reference(*log);
  EXPECT_EQ(rows_in(none), 0U);
  expect_rows(none);
}

TEST_P(table_targets, StayAsTheyWereWhereABlobIsMissing) {
  stories::write_in_turn(*log, {stories::published_one()});
  rebuild();
  const auto before = reference(*log);
  auto facts = samples::scraped();
  facts.diff.id.value[0] ^= 0xFFU;
  stories::append(*log, events::stream_of(stories::id_of(70)),
                  events::make_event(facts));
  EXPECT_EQ(code_of(failed_rebuild()), ec::not_found);
  expect_rows(before);
  EXPECT_FALSE(target->open(*log)->follow());
  expect_rows(before);
  EXPECT_EQ(target->litter(), "");
}

TEST_P(table_targets, StayAsTheyWereAtAnUnknownEvent) {
  stories::write_in_turn(*log, {stories::published_one()});
  rebuild();
  const auto before = reference(*log);
  auto strange = stories::judged_no().events.front();
  strange.tag = 9999;
  stories::append(*log, events::stream_of(stories::id_of(8)), strange);
  EXPECT_EQ(code_of(failed_rebuild()), ec::too_new);
  const auto followed = target->open(*log)->follow();
  ASSERT_FALSE(followed);
  EXPECT_EQ(code_of(followed.error()), ec::too_new);
  expect_rows(before);
  EXPECT_EQ(target->litter(), "");
}

TEST_P(table_targets, RefuseWhatIsNotOurs) {
  stories::write_in_turn(*log, stories::all());
  target->put_foreign();
  const auto before = target->foreign();
  ASSERT_THAT(before, HasSubstr("precious"));
  const auto err = failed_rebuild();
  EXPECT_THAT(code_of(err), testing::AnyOf(ec::invalid_argument, ec::conflict));
  EXPECT_THAT(describe(err), Not(HasSubstr("\n")));
  const auto followed = target->open(*log)->follow();
  ASSERT_FALSE(followed);
  EXPECT_THAT(code_of(followed.error()),
              testing::AnyOf(ec::invalid_argument, ec::conflict));
  EXPECT_EQ(target->foreign(), before);
  EXPECT_EQ(target->litter(), "");
}

} // namespace

} // namespace fc::projections::conformance
