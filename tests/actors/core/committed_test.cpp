#include "projections/what_if/commit.hpp"
#include "tests/actors/core/core_run.hpp"

#include <gmock/gmock.h>

/// A run goes on with what `fcreplay --what-if --commit` left.
namespace fc::actors {
namespace {

using by_hand::core_run;
using by_hand::watched_log;
using events::outcome;
using events::stage;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// The run's policy with a piece exchanged.
events::policy::policy
policy_with(const std::string& from, const std::string& to) {
  std::string text{events::policy::shipped_policy()};
  text.replace(text.find(from), from.size(), to);
  auto parsed = events::policy::parse_policy(text, "test.toml");
  EXPECT_TRUE(parsed) << events::describe(parsed.error());
  return std::move(*parsed);
}

/// Facts with a diff, so that they can be judged again, and a first verdict.
template <events::event Verdict>
events::stream_name store(core_run& core, const Verdict& first) {
  const auto diff
    = events::log::make_blob("diff --git a/src/a.py b/src/a.py\n"
                             "--- a/src/a.py\n+++ b/src/a.py\n"
                             "@@ -1,1 +1,1 @@\n-slow()\n+fast()\n");
  events::scraped facts;
  facts.repo = *events::repo_name::parse("owner/name");
  facts.number = 1;
  facts.title = "PERF: faster";
  facts.merged_at = events::timestamp{std::chrono::seconds{1'700'000'000}};
  facts.files = {{"src/a.py", 1, 1}};
  facts.changed_files = 1;
  facts.diff = {diff.id, diff.data.size()};
  auto stream = events::stream_of({facts.repo, facts.number});
  const auto done = core.log->append(
    {{stream,
      0,
      {events::make_event(facts),
       events::make_verdict(first, core_run::shipped()->id)}}},
    {diff}, {"run-1", {}});
  EXPECT_TRUE(done && !done->front().failure);
  return stream;
}

void adopt(watched_log& log, const events::policy::policy& p,
           const events::stream_name& stream) {
  const auto done = projections::what_if::commit(log, p, "test.toml", {stream});
  ASSERT_TRUE(done) << events::describe(done.error());
}

void run_to_end(core_run& core) {
  core.add_worker();
  core.end_discovery();
  core.settle();
}

} // namespace

TEST(committed, AWithdrawnTaskThatQualifiesIsPublishedAgain) {
  core_run first;
  const auto stream = store(first, events::symbolic_passed{"perf"});
  run_to_end(first);
  ASSERT_EQ(first.state(stream).ends(), outcome::published);
  adopt(*first.log, policy_with("min_ratio = 1.05", "min_ratio = 3.0"), stream);
  EXPECT_EQ(first.state(stream).ends(), outcome::rejected);
  EXPECT_FALSE(first.state(stream).next());
  adopt(*first.log, *core_run::shipped(), stream);
  EXPECT_EQ(first.state(stream).next(), stage::publish);

  core_run second{first.log};
  run_to_end(second);
  EXPECT_EQ(second.state(stream).ends(), outcome::published);
  ASSERT_EQ(second.stages->performed.size(), 1U) << "nothing is paid twice";
  EXPECT_EQ(second.stages->performed.front().what, stage::publish);
  EXPECT_THAT(events::log::verify(*second.log).problems, IsEmpty());
}

TEST(committed, WhatPassesNowTakesAllStages) {
  core_run first;
  const auto stream
    = store(first, events::symbolic_rejected{"files.count", "too many"});
  run_to_end(first);
  EXPECT_THAT(first.stages->performed, IsEmpty());
  adopt(*first.log, *core_run::shipped(), stream);
  EXPECT_EQ(first.state(stream).next(), stage::classify);

  core_run second{first.log};
  run_to_end(second);
  EXPECT_EQ(second.state(stream).ends(), outcome::published);
  EXPECT_EQ(second.stages->performed.size(), events::stage_total);
  EXPECT_THAT(events::log::verify(*second.log).problems, IsEmpty());
}

} // namespace fc::actors
