#include "tests/actors/core/core_run.hpp"
#include "tests/support/samples.hpp"

#include <gmock/gmock.h>

namespace fc::actors::by_hand {
namespace {

using events::ec;
using events::outcome;
using events::stage;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

stage_result deferred(const std::string& cause) {
  stage_result x;
  x.deferral = events::deferred{"classify_prs", {}, cause};
  return x;
}

stage_result paid(bool goes_on) {
  stage_result x;
  events::model_answered answer;
  answer.model = "some-model";
  x.kept.push_back(events::make_event(answer));
  x.cost.calls = 1;
  x.goes_on = goes_on;
  return x;
}

std::vector<std::string> names_in(const core_run& core, const char* stream) {
  return core.trail(stream);
}

TEST(a_deferred_pull_request, StaysOpenAndIsLeftAloneForThisRun) {
  core_run core;
  core.add_worker();
  core.stages->script[stage::classify].push_back(
    [] { return deferred("budget"); });
  // Discovery wakes it, and the backlog names it once more.
  const auto stream = core.start();
  core.settle();
  EXPECT_THAT(core.trail(stream),
              ElementsAre("Scraped", "SymbolicPassed", "Deferred"));
  EXPECT_EQ(core.state(stream).ends(), outcome::open);
  EXPECT_EQ(core.stages->performed.size(), 1u);
  ASSERT_EQ(core.reports->results.size(), 1u);
  EXPECT_EQ(core.reports->results[0].deferred, 1u);
  EXPECT_EQ(core.reports->results[0].failed, 0u);
  EXPECT_FALSE(core.reports->results[0].failure);
  EXPECT_THAT(core.reports->lines, Contains(HasSubstr("open: budget")));
  // The run is not finished: the same command goes on with it.
  EXPECT_THAT(names_in(core, "run/run-1"), Not(Contains("RunFinished")));
}

TEST(a_deferred_pull_request, GoesOnInTheNextStart) {
  auto log = std::make_shared<watched_log>();
  events::stream_name stream;
  {
    core_run first{log};
    first.add_worker();
    first.stages->script[stage::classify].push_back(
      [] { return deferred("budget"); });
    stream = first.start();
    first.settle();
  }
  {
    // Still no money: nothing is said twice.
    core_run second{log};
    second.add_worker();
    second.stages->script[stage::classify].push_back(
      [] { return deferred("budget"); });
    second.begin(stream);
    second.end_discovery();
    second.settle();
    EXPECT_EQ(second.reports->results.at(0).deferred, 1u);
    EXPECT_THAT(second.trail(stream),
                ElementsAre("Scraped", "SymbolicPassed", "Deferred"));
  }
  core_run third{log};
  third.add_worker();
  third.begin(stream);
  third.end_discovery();
  third.settle();
  EXPECT_EQ(third.state(stream).ends(), outcome::published);
  EXPECT_THAT(names_in(third, "run/run-1"), Contains("RunFinished"));
}

TEST(a_stage_that_goes_on, IsAskedForAgainAtOnceAndCountedOnce) {
  core_run core;
  core.add_worker();
  core.stages->script[stage::classify].push_back([] { return paid(true); });
  const auto stream = core.start();
  core.settle();
  const auto trail = core.trail(stream);
  ASSERT_GE(trail.size(), 5u);
  EXPECT_EQ(trail[2], "ModelAnswered");
  EXPECT_EQ(trail[3], "Answered");
  EXPECT_EQ(core.state(stream).ends(), outcome::published);
  EXPECT_EQ(core.reports->results.at(0).progress.stages[0].done, 1u);
}

TEST(what_was_paid_for, IsKeptWhenTheStepFails) {
  core_run core;
  core.add_worker();
  core.stages->script[stage::classify].push_back([] {
    auto x = paid(false);
    x.failure = events::make_error(ec::malformed, "prose");
    return x;
  });
  const auto stream = core.start();
  core.settle();
  EXPECT_THAT(
    core.trail(stream),
    ElementsAre("Scraped", "SymbolicPassed", "ModelAnswered", "AttemptFailed"));
  EXPECT_EQ(core.state(stream).ends(), outcome::open);
}

TEST(an_unreachable_judge, LeavesThePullRequestOpenAfterItsAttempts) {
  core_run core;
  core.add_worker();
  for (int i = 0; i < 6; ++i)
    core.stages->script[stage::classify].push_back([] { return failure(); });
  const auto stream = core.start();
  for (int i = 0; i < 8; ++i)
    core.advance(std::chrono::seconds{130});
  EXPECT_EQ(core.state(stream).ends(), outcome::open);
  EXPECT_EQ(core.stages->performed.size(), 6u);
  EXPECT_EQ(core.state(stream).deferral->cause, "unavailable");
  ASSERT_EQ(core.reports->results.size(), 1u);
  EXPECT_EQ(core.reports->results[0].deferred, 1u);
}

} // namespace
} // namespace fc::actors::by_hand
