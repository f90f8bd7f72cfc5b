#include "events/policy/gate.hpp"
#include "events/pull_request_state.hpp"

#include "samples.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

/// Faults of the instrument are never verdicts on a pull request.
namespace fc::events::policy {

namespace {

using samples::ended;
using samples::shipped;
using samples::timed;
using samples::trial_of;
using testing::HasSubstr;

speedup_measured judged(const trialled& x) {
  return judge_speedup(x, shipped());
}

/// The shipped policy as it was before it knew faults of the instrument.
policy before() {
  auto old = shipped();
  old.gate.min_control_pairs = 0;
  old.gate.max_clock_gap = 1;
  old.gate.max_unseen = 1;
  return old;
}

benchmark_trial both(benchmark_trial x, const std::string& status) {
  x.base_status = x.head_status = status;
  return x;
}

outcome end_of(const speedup_measured& x) {
  pull_request_state state;
  state.apply(x);
  return state.ends();
}

constexpr auto nan = std::numeric_limits<double>::quiet_NaN();

} // namespace

TEST(lost_control, IsNotAQuietOne) {
  // Regression: all A/A pairs failed, and the floor was taken to be 0.
  auto x = timed("a", 1.5);
  x.aa_twin.assign(8, nan);
  x.error = "twin: setup_cache failed";
  EXPECT_TRUE(judge_speedup(trial_of({x}), before()).accepted);
  const auto verdict = judged(trial_of({x}));
  EXPECT_FALSE(verdict.accepted);
  EXPECT_EQ(verdict.rule, "guard.control");
  EXPECT_THAT(verdict.explanation,
              HasSubstr("0 usable pairs of base against base built again, 4 "
                        "are needed (twin: setup_cache failed)"));
  EXPECT_TRUE(verdict.failed);
  EXPECT_EQ(end_of(verdict), outcome::failed);
}

TEST(lost_control, CountsUsablePairsOfEachCandidate) {
  auto lost = timed("lost", 2);
  lost.aa_base.clear();
  lost.aa_twin.clear();
  auto few = timed("few", 1.8, 0.01, 2);
  few.aa_twin.resize(3);
  EXPECT_EQ(judged(trial_of({lost, few})).rule, "guard.control");
  few.aa_twin.resize(4, few.aa_base[0]);
  const auto verdict = judged(trial_of({lost, few}));
  EXPECT_TRUE(verdict.accepted) << verdict.explanation;
  EXPECT_EQ(verdict.benchmark, "few");
  EXPECT_FALSE(verdict.candidates.at(0).accepted);
}

TEST(lost_control, DoesNotHideThatNothingHolds) {
  auto x = timed("a", 1.05, 0.05);
  x.confirm_head = x.confirm_base;
  x.aa_twin.clear();
  const auto verdict = judged(trial_of({x}));
  EXPECT_EQ(verdict.rule, "no_speedup");
  EXPECT_FALSE(verdict.failed);
}

TEST(lying_clock, IsARuleOfItsOwn) {
  auto x = timed("a", 2);
  x.base_clock = {1.0, 0.99, 1.01, 1e-4};
  x.head_clock = {0.5, 0.49, 0.51, 1e-4};
  EXPECT_TRUE(judged(trial_of({x})).accepted);
  x.head_clock.cpu = 0.98; // It claims half of what it used.
  x.head_clock.wall = 1.0;
  const auto verdict = judged(trial_of({x}));
  EXPECT_EQ(verdict.rule, "guard.clock");
  EXPECT_FALSE(verdict.accepted);
  EXPECT_FALSE(verdict.failed) << "the code lies, not the instrument";
  EXPECT_THAT(verdict.explanation, HasSubstr("contradicts"));
  EXPECT_TRUE(judge_speedup(trial_of({x}), before()).accepted);
}

TEST(lying_clock, IsFoundWhereBaseClaimsMoreThanTheWallClockHad) {
  auto x = timed("a", 2);
  x.base_clock = {2.0, 0.99, 1.01, 1e-4};
  EXPECT_EQ(judged(trial_of({x})).rule, "guard.clock");
  x.base_clock = {nan, 0.99, 1.01, 1e-4};
  EXPECT_EQ(judged(trial_of({x})).rule, "guard.clock");
}

TEST(lying_clock, IsNamedBeforeWhatItMeasured) {
  // Regression: the geometric mean of times that are a lie was the reason.
  auto x = timed("a", 2);
  x.base_clock = {1.0, 0.99, 1.01, 1e-4};
  x.head_clock = {0.5, 0.49, 0.51, 1e-4};
  const auto slower = timed("b", 0.2);
  EXPECT_EQ(judged(trial_of({x, slower})).rule, "guard.geomean");
  x.head_clock.cpu = 0.98;
  x.head_clock.wall = 1.0;
  EXPECT_EQ(judged(trial_of({x, slower})).rule, "guard.clock");
}

TEST(lying_clock, IsNotSeenInWhatOutsideCannotResolve) {
  auto x = timed("a", 2);
  x.head_clock = {1e-3, 2e-3, 2e-3, 1e-3};
  EXPECT_TRUE(judged(trial_of({x})).accepted);
}

TEST(unseen_suite, IsNoRejection) {
  // Regression: a suite that cannot be imported was "no_benchmark".
  auto x = trial_of({});
  x.modules = 2;
  x.import_errors = {"bench_core: No module named 'absent'",
                     "bench_more: No module named 'absent'"};
  EXPECT_EQ(judge_speedup(x, before()).rule, "no_benchmark");
  EXPECT_EQ(end_of(judge_speedup(x, before())), outcome::rejected);
  const auto verdict = judged(x);
  EXPECT_EQ(verdict.rule, "suite.unseen");
  EXPECT_EQ(end_of(verdict), outcome::failed);
  EXPECT_THAT(verdict.explanation,
              HasSubstr("0 of 2 modules and 0 of 0 benchmarks of the suite"));
  EXPECT_THAT(verdict.explanation, HasSubstr("No module named 'absent'"));
}

TEST(unseen_suite, IsNoneWhereAllWasSeenAndNothingReaches) {
  auto x = trial_of({ended("a", "ok", "", "none")});
  x.modules = x.modules_seen = 2;
  const auto verdict = judged(x);
  EXPECT_EQ(verdict.rule, "no_benchmark");
  EXPECT_EQ(end_of(verdict), outcome::rejected);
}

TEST(unseen_suite, MayBeAPartOfIt) {
  // One module is gone, and what is left does not reach the change.
  auto x = trial_of({ended("a", "ok", "", "none")});
  x.modules = 2;
  x.modules_seen = 1;
  x.import_errors = {"bench_core: No module named 'absent'"};
  EXPECT_EQ(judged(x).rule, "suite.unseen");
  // Or it does reach it, and is not faster.
  x.benchmarks = {timed("a", 1)};
  EXPECT_EQ(judged(x).rule, "suite.unseen");
  // What was found is found.
  x.benchmarks = {timed("a", 2)};
  EXPECT_TRUE(judged(x).accepted);
  auto lenient = shipped();
  lenient.gate.max_unseen = 0.5;
  x.benchmarks = {timed("a", 1)};
  EXPECT_EQ(judge_speedup(x, lenient).rule, "no_candidate");
}

TEST(unseen_suite, CountsBenchmarksThatFailOnBothSides) {
  auto x = trial_of({both(ended("a", "error", "no data", "none"), "error"),
                     both(ended("b", "ok", "", "none"), "ok")});
  const auto verdict = judged(x);
  EXPECT_EQ(verdict.rule, "suite.unseen");
  EXPECT_THAT(verdict.explanation, HasSubstr("1 of 2 benchmarks"));
  x.benchmarks[0].base_status = "ok"; // Then it is the change that breaks it.
  EXPECT_EQ(judged(x).rule, "no_benchmark");
}

TEST(unseen_suite, IsAnErrorOfBothSidesNotOfOne) {
  auto failing = both(ended("a", "error", "no data"), "error");
  EXPECT_EQ(judged(trial_of({failing})).rule, "benchmark.errors");
  EXPECT_TRUE(judged(trial_of({failing})).failed);
  failing.base_status = "ok";
  EXPECT_FALSE(judged(trial_of({failing})).failed);
  const auto crashing = both(ended("a", "crashed", "signal 6"), "crashed");
  EXPECT_EQ(judged(trial_of({crashing})).rule, "benchmark.crashes");
  EXPECT_FALSE(judged(trial_of({crashing})).failed)
    << "it ran the change, and crashes by itself";
}

TEST(unseen_suite, IncludesBaseThatRunsTooLong) {
  auto x = ended("a", "timeout", "base: no result after 60 s");
  x.base_status = "timeout";
  x.head_status = "ok";
  EXPECT_TRUE(judged(trial_of({x})).failed) << "our limit, and maybe a speedup";
  std::swap(x.base_status, x.head_status);
  EXPECT_FALSE(judged(trial_of({x})).failed) << "the change made it slow";
}

TEST(unseen_suite, IsABudgetThatWasUsedUp) {
  auto x = trial_of({timed("a", 1)});
  x.survey_cut = true;
  EXPECT_EQ(judged(x).rule, "budget");
  EXPECT_EQ(end_of(judged(x)), outcome::failed);
  auto confirmed = timed("a", 2);
  confirmed.confirm_base.clear();
  confirmed.confirm_head.clear();
  confirmed.left_out = "the time for confirmation was used up";
  auto spent = trial_of({confirmed});
  spent.budget_spent = true;
  EXPECT_EQ(judged(spent).rule, "budget");
  EXPECT_TRUE(judged(spent).failed);
}

TEST(unseen_suite, LeavesGuardsToTheChange) {
  // A guard that only the suite's own failures break says nothing.
  const auto failing = both(ended("b", "error", "no data"), "error");
  const auto verdict = judged(trial_of({timed("a", 2), failing, failing}));
  EXPECT_EQ(verdict.rule, "guard.degenerate");
  EXPECT_TRUE(verdict.failed);
  auto broken = failing;
  broken.base_status = "ok";
  EXPECT_FALSE(judged(trial_of({timed("a", 2), broken, broken})).failed);
}

TEST(unknown_reach, IsScreened) {
  auto x = timed("a", 2);
  x.reach = "unknown";
  EXPECT_TRUE(judged(trial_of({x})).accepted);
}

} // namespace fc::events::policy
