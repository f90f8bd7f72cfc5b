#include "tests/projections/postgres/fixture.hpp"
#include "tests/support/samples.hpp"

#include <sys/wait.h>

#include <csignal>
#include <random>
#include <thread>
#include <unistd.h>

namespace fc::projections::postgres {

struct postgres_follow : database_test {
  /// The tables of a rebuild beside the followed ones.
  void expect_equal_to_a_rebuild() {
    const auto followed = copied();
    const auto before = cell_of("select string_agg(projection || row_count || "
                                "content, ' ' order by projection) from "
                                "fc_data.projections");
    rebuild_all(); // Refuses tables whose content is not what is written down.
    EXPECT_EQ(copied(), followed);
    EXPECT_EQ(cell_of("select string_agg(projection || row_count || content, "
                      "' ' order by projection) from fc_data.projections"),
              before);
  }
};

TEST_F(postgres_follow, StepByStepEqualsARebuild) {
  rebuild_all();
  auto on = follower::open(*log, address);
  ASSERT_TRUE(on) << describe(on.error());
  for (const auto& story : stories::all())
    for (const auto& event : story.events) {
      stories::append(*log, story.stream, event);
      const auto done = (*on)->advance();
      ASSERT_TRUE(done) << describe(done.error());
      EXPECT_EQ(done->records, 1U);
      EXPECT_EQ(done->up_to.at, log->last());
    }
  expect_equal_to_a_rebuild();
}

TEST_F(postgres_follow, InterleavedStreamsEqualARebuild) {
  stories::write_in_turn(*log, {stories::repository(), stories::adopted()});
  rebuild_all();
  stories::write_interleaved(*log,
                             {stories::published_one(), stories::given_up(),
                              stories::wears_off(), stories::a_run()});
  follow_all();
  expect_equal_to_a_rebuild();
}

/// Regression: a release that was withdrawn must not stay in followed tables
/// and be absent in rebuilt ones, or the other way round.
TEST_F(postgres_follow, WithdrawnReleasesKeepTheirRow) {
  append_story(stories::published_one());
  rebuild_all();
  EXPECT_EQ(cell_of("select withdrawn::text from releases"), "false");
  stories::append(
    *log, stream_of(stories::id_of(5)),
    events::make_verdict(samples::withdrawn(), stories::shipped().id));
  follow_all();
  EXPECT_EQ(cell_of("select withdrawn || ' ' || (withdrawn_at is not null) || "
                    "' ' || (speedup is not null) from releases"),
            "true true true");
  EXPECT_EQ(cell_of("select outcome || ' ' || (published_at is null) from "
                    "pull_requests"),
            "rejected true");
  expect_equal_to_a_rebuild();
}

TEST_F(postgres_follow, NothingNewWritesNothing) {
  stories::write_in_turn(*log, stories::all());
  rebuild_all();
  const auto written
    = cell_of("select max(written_at) from fc_data.projections");
  follow_all();
  EXPECT_EQ(cell_of("select max(written_at) from fc_data.projections"),
            written);
}

TEST_F(postgres_follow, WantsARebuildFirst) {
  const auto first = follower::open(*log, address);
  ASSERT_FALSE(first);
  EXPECT_EQ(code_of(first.error()), ec::not_found);
  stories::write_in_turn(*log, stories::all());
  rebuild_all();
  sql("update fc_data.projections set version = 0 where projection = "
      "'packages'");
  EXPECT_EQ(code_of(follower::open(*log, address).error()), ec::not_found);
  rebuild_all();
  log = events::log::make_memory_log();
  stories::write_in_turn(*log, {stories::published_one()});
  const auto other = follower::open(*log, address);
  ASSERT_FALSE(other);
  EXPECT_EQ(code_of(other.error()), ec::refused);
  EXPECT_NE(describe(other.error()).find("another log"), std::string::npos);
  sql("update fc_data.projections set version = 99 where projection = "
      "'packages'");
  EXPECT_EQ(code_of(follower::open(*log, address).error()), ec::too_new);
  EXPECT_EQ(code_of(failed_rebuild(address)), ec::too_new);
}

/// The story that has the most records, told again under other numbers.
stories::story story_as(std::uint32_t number) {
  auto x = stories::published_one();
  x.stream = stream_of(stories::id_of(number));
  for (auto& each : x.events)
    each.id = events::event_id::random();
  return x;
}

TEST_F(postgres_follow, AfterAHundredKillsEqualsARebuild) {
  rebuild_all();
  std::mt19937 dice{11};
  std::uniform_int_distribution<int> wait{0, 60};
  for (std::uint32_t kill = 0; kill < 100; ++kill) {
    append_story(story_as(100 + kill));
    const auto child = ::fork();
    if (child == 0) {
      auto on = follower::open(*log, address);
      while (on && (*on)->advance()) {
      }
      ::_exit(1);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{wait(dice)});
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
  }
  follow_all();
  expect_equal_to_a_rebuild();
}

TEST_F(postgres_follow, GoesOnAfterTheServerEndedItsConnection) {
  rebuild_all();
  auto on = follower::open(*log, address);
  ASSERT_TRUE(on);
  for (std::uint32_t round = 0; round < 10; ++round) {
    append_story(story_as(300 + round));
    sql("select pg_terminate_backend(pid) from pg_stat_activity where "
        "pid <> pg_backend_pid() and datname = current_database()");
    const auto lost = (*on)->advance();
    ASSERT_FALSE(lost);
    EXPECT_EQ(code_of(lost.error()), ec::unavailable) << describe(lost.error());
    on = follower::open(*log, address);
    ASSERT_TRUE(on) << describe(on.error());
    ASSERT_TRUE((*on)->advance());
  }
  expect_equal_to_a_rebuild();
}

TEST_F(postgres_follow, GoesOnAfterTheServerCrashed) {
  rebuild_all();
  for (std::uint32_t round = 0; round < 3; ++round) {
    append_story(story_as(400 + round));
    follow_all();
    append_story(story_as(450 + round));
    auto on = follower::open(*log, address);
    ASSERT_TRUE(on);
    server().crash();
    EXPECT_FALSE((*on)->advance());
  }
  follow_all();
  expect_equal_to_a_rebuild();
}

TEST_F(postgres_follow, TwoFollowersApplyEachRecordOnce) {
  rebuild_all();
  auto one = follower::open(*log, address);
  auto two = follower::open(*log, address);
  ASSERT_TRUE(one && two);
  append_story(story_as(500));
  ASSERT_TRUE((*one)->advance());
  const auto late = (*two)->advance();
  ASSERT_FALSE(late);
  EXPECT_EQ(code_of(late.error()), ec::already_in_use);
  expect_equal_to_a_rebuild();
}

} // namespace fc::projections::postgres
