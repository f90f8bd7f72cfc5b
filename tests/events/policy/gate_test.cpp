#include "events/policy/gate.hpp"

#include "samples.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace fc::events::policy {

namespace {

using samples::ended;
using samples::shipped;
using samples::timed;
using samples::trial_of;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

speedup_measured judged(const trialled& x) {
  return judge_speedup(x, shipped());
}

std::vector<std::size_t>
screened(const std::vector<benchmark_trial>& all, std::uint32_t max = 12) {
  return screen(all, shipped().gate, max);
}

/// Neither screened nor confirmed: only left in the list.
benchmark_trial cut(benchmark_trial x, const std::string& why) {
  x.left_out = why;
  for (auto* times : {&x.screen_base, &x.screen_head, &x.confirm_base,
                      &x.confirm_head, &x.aa_base, &x.aa_twin})
    times->clear();
  return x;
}

} // namespace

TEST(screen, TakesTheFastestFirstAndNotMoreThanAllowed) {
  const std::vector all{timed("a", 1.2), timed("b", 1.0), timed("c", 3),
                        timed("d", 1.1)};
  EXPECT_THAT(screened(all), ElementsAre(2, 0, 3));
  EXPECT_THAT(screened(all, 2), ElementsAre(2, 0));
  EXPECT_THAT(screened({}), IsEmpty());
}

TEST(screen, IsInclusiveAtItsRatio) {
  auto x = timed("a", 1);
  x.screen_base = {1.04 + 1e-12};
  x.screen_head = {1};
  EXPECT_THAT(screened({x}), ElementsAre(0));
  x.screen_base = {1.0399};
  EXPECT_THAT(screened({x}), IsEmpty());
}

TEST(screen, PassesOverWhatFailedIsUnreachedOrInadmissible) {
  auto failed = timed("a", 2);
  failed.status = "crashed";
  auto unreached = timed("b", 2);
  unreached.reach = "none";
  auto worn = timed("c", 2);
  worn.head_single = worn.head_loop * 10;
  EXPECT_THAT(screened({failed, unreached, worn, timed("d", 2)}),
              ElementsAre(3));
  auto loaded = timed("e", 2);
  loaded.reach = "loaded";
  EXPECT_THAT(screened({loaded}), ElementsAre(0));
}

TEST(gate, WidensTheIntervalByTheSpreadOfBaseAgainstBase) {
  auto x = timed("a", 1.5);
  const auto before = judged(trial_of({x}));
  for (auto& time : x.aa_twin)
    time *= 1.02;
  const auto verdict = judged(trial_of({x}));
  ASSERT_TRUE(verdict.accepted);
  EXPECT_DOUBLE_EQ(verdict.estimate, before.estimate);
  const auto s = verdict.aa_floor;
  EXPECT_NEAR(s, std::log(1.02), 0.005);
  EXPECT_LT(verdict.low, before.low);
  EXPECT_LT(verdict.low, verdict.estimate * std::exp(-1.95 * s));
  EXPECT_GT(verdict.high, verdict.estimate * std::exp(1.95 * s));
  EXPECT_GT(verdict.low, verdict.estimate * std::exp(-3 * s));
}

TEST(gate, RefusesAnEstimateThatBuildingAgainCouldTakeBelowTheLeastRatio) {
  // Regression: psygnal#236 renames classes and read 1.059x [1.021, 1.098].
  auto x = timed("a", 1.075, 0.002);
  EXPECT_TRUE(judged(trial_of({x})).accepted);
  for (auto& time : x.aa_twin)
    time *= 1.018;
  const auto verdict = judged(trial_of({x}));
  EXPECT_EQ(verdict.rule, "no_speedup");
  EXPECT_GT(verdict.candidates.at(0).estimate, 1.05);
  EXPECT_THAT(verdict.candidates.at(0).reason,
              HasSubstr("with what building again moves, begins at 1.0"));
}

TEST(gate, AcceptsARealSpeedup) {
  const auto x = judged(trial_of({timed("a", 3.5), timed("b", 1.0, 0.01, 2)}));
  EXPECT_TRUE(x.accepted);
  EXPECT_EQ(x.rule, "accepted");
  EXPECT_EQ(x.benchmark, "a");
  EXPECT_NEAR(x.estimate, 3.5, 0.1);
  EXPECT_LT(x.low, x.estimate);
  EXPECT_GT(x.high, x.estimate);
  EXPECT_GT(x.low, 3);
  EXPECT_EQ(x.screened, 2);
  ASSERT_EQ(x.candidates.size(), 1);
  EXPECT_EQ(x.candidates[0].pairs, 16);
  EXPECT_DOUBLE_EQ(x.candidates[0].p, std::exp2(-16));
  EXPECT_EQ(x.candidates[0].reason, "holds");
  EXPECT_NEAR(x.geomean, std::sqrt(3.5), 0.1);
  EXPECT_THAT(x.explanation,
              HasSubstr("1 of 1 candidate holds: a 3.48x [3.46, 3.51]"));
  EXPECT_THAT(x.explanation, HasSubstr("p = 1.5e-05"));
}

TEST(gate, NamesTheCandidateWithTheLargestEstimate) {
  auto lucky = timed("lucky", 1.5, 0.01, 1);
  for (auto& time : lucky.screen_head)
    time /= 4; // looks best in the screen only
  const auto x = judged(trial_of({lucky, timed("good", 2, 0.01, 2)}));
  EXPECT_TRUE(x.accepted);
  EXPECT_EQ(x.candidates.at(0).benchmark, "lucky");
  EXPECT_EQ(x.benchmark, "good");
  EXPECT_THAT(x.explanation, HasSubstr("2 of 2 candidates hold: good 1.991x"));
}

TEST(gate, IgnoresWhatTheScreenSaysAboutACandidate) {
  auto x = timed("a", 1.0);
  for (auto& time : x.screen_head)
    time /= 2;
  const auto verdict = judged(trial_of({x}));
  EXPECT_FALSE(verdict.accepted);
  EXPECT_EQ(verdict.rule, "no_speedup");
  EXPECT_THAT(verdict.explanation,
              HasSubstr("the only candidate does not hold"));
  EXPECT_THAT(verdict.explanation,
              HasSubstr("not shown to be more than 2 % faster"));
  EXPECT_EQ(verdict.benchmark, "");
}

TEST(gate, SaysThatNothingReachesTheChange) {
  auto a = timed("a", 2);
  a.reach = "none";
  auto trial = trial_of({a, ended("b", "ok", "", "none")});
  const auto x = judged(trial);
  EXPECT_EQ(x.rule, "no_benchmark");
  EXPECT_THAT(x.explanation,
              HasSubstr("no benchmark reaches the change: of 2 benchmarks "
                        "none runs the changed code "
                        "(tinygeo.points.unique_points)"));
  EXPECT_EQ(judged(trialled{}).rule, "no_benchmark");
  trial.benchmarks[1] = ended("b", "error", "no module x", "none");
  trial.import_errors = {"bench_z.py: SyntaxError"};
  EXPECT_THAT(judged(trial).explanation,
              HasSubstr("1 did not run, such as b fails: no module x; 1 file "
                        "of the suite cannot be imported: bench_z.py"));
}

TEST(gate, SaysThatTheBenchmarkCrashes) {
  const auto x = judged(trial_of({ended("bench_thin.Thin.time_thin", "crashed",
                                        "killed by signal 6 (abort)")}));
  EXPECT_EQ(x.rule, "benchmark.crashes");
  EXPECT_EQ(x.explanation,
            "the only benchmark that reaches the change could not be timed: "
            "bench_thin.Thin.time_thin crashes: killed by signal 6 (abort).");
  EXPECT_EQ(judged(trial_of({ended("a", "crashed", "", "none")})).rule,
            "benchmark.crashes");
}

TEST(gate, SaysThatTheBenchmarkFails) {
  EXPECT_EQ(judged(trial_of({ended("a", "error", "ValueError: x")})).rule,
            "benchmark.errors");
  const auto slow
    = judged(trial_of({ended("a", "timeout"), ended("b", "error", "x")}));
  EXPECT_EQ(slow.rule, "benchmark.errors");
  EXPECT_THAT(slow.explanation, HasSubstr("a runs longer than allowed"));
  EXPECT_THAT(slow.explanation, HasSubstr("none of 2 benchmarks"));
  EXPECT_EQ(judged(trial_of({ended("a", "ok")})).rule, "benchmark.errors");
}

TEST(gate, SaysThatTheTimeAllowedRanOut) {
  const auto x
    = judged(trial_of({cut(timed("a", 2), "the screen's 600 s were spent")}));
  EXPECT_EQ(x.rule, "budget");
  EXPECT_THAT(x.explanation, HasSubstr("the screen's 600 s were spent"));
  EXPECT_EQ(judged(trial_of({ended("a", "left_out")})).rule, "budget");
  const auto untried = judged(
    trial_of({ended("a", "ok", "", "none"), ended("b", "left_out", "", "none"),
              ended("c", "left_out", "", "none")}));
  EXPECT_EQ(untried.rule, "budget");
  EXPECT_THAT(untried.explanation,
              HasSubstr("no benchmark that was tried reaches the change: of 1 "
                        "benchmark none runs the changed code"));
  EXPECT_THAT(untried.explanation, HasSubstr("2 more were not tried"));
  EXPECT_EQ(judged(trial_of({ended("a", "skipped")})).rule, "no_benchmark");
}

TEST(gate, SaysThatEqualArtefactsAreNotMeasurable) {
  auto trial = trial_of({timed("a", 2)});
  trial.changed_compiled = true;
  EXPECT_EQ(judged(trial).rule, "not_measurable");
  trial.artefacts_differ = true;
  EXPECT_TRUE(judged(trial).accepted);
  trial.artefacts_differ = false;
  trial.control = true; // judged like any other
  EXPECT_TRUE(judged(trial).accepted);
}

TEST(gate, SaysThatNoBenchmarkIsFaster) {
  const auto x
    = judged(trial_of({timed("a", 1.0), timed("b", 1.02, 0.001, 2)}));
  EXPECT_EQ(x.rule, "no_candidate");
  EXPECT_THAT(x.explanation, HasSubstr("the best of 2 benchmarks, b, reads "
                                       "1.02"));
  EXPECT_THAT(x.explanation, HasSubstr("1.040x is needed"));
  EXPECT_THAT(x.candidates, IsEmpty());
}

TEST(gate, SaysThatTheChangeMadeItSlower) {
  const auto x = judged(trial_of({timed("query", 0.25), timed("b", 1.0)}));
  EXPECT_EQ(x.rule, "slower");
  EXPECT_THAT(
    x.explanation,
    HasSubstr("query became slower: a call takes 3.99 times as long"));
  EXPECT_EQ(judged(trial_of({timed("a", 0.97, 0.001)})).rule, "no_candidate");
}

TEST(gate, SaysThatTheStateWearsOff) {
  auto worn = timed("bench_points.InPlace.time_sort", 3);
  worn.base_single = worn.head_single = worn.base_loop * 10;
  const auto x = judged(trial_of({worn, timed("b", 1.0)}));
  EXPECT_EQ(x.rule, "wears_off");
  EXPECT_THAT(x.explanation, HasSubstr("bench_points.InPlace.time_sort reads "
                                       "3.0"));
  EXPECT_THAT(x.explanation, HasSubstr("No other benchmark is faster"));
  EXPECT_EQ(judged(trial_of({worn})).rule, "wears_off");
  EXPECT_TRUE(judged(trial_of({worn, timed("b", 2)})).accepted);
}

TEST(gate, NeedsEnoughUsableFreshPairs) {
  auto x = timed("a", 2);
  x.confirm_base.resize(8);
  EXPECT_TRUE(judged(trial_of({x})).accepted);
  x.confirm_base[3] = 0;
  const auto verdict = judged(trial_of({x}));
  EXPECT_EQ(verdict.rule, "few_pairs");
  EXPECT_TRUE(verdict.failed) << "it was not tested";
  EXPECT_EQ(verdict.candidates.at(0).pairs, 7);
  EXPECT_EQ(verdict.candidates[0].reason, "7 usable fresh pairs, 8 are needed");
  x.confirm_base.clear();
  x.left_out = "the confirmation's 900 s were spent";
  const auto none = judged(trial_of({x})).candidates.at(0);
  EXPECT_EQ(none.p, 1);
  EXPECT_EQ(none.reason, "0 usable fresh pairs, 8 are needed (the "
                         "confirmation's 900 s were spent)");
}

TEST(gate, NeedsTheRatioBesidesTheTest) {
  auto p = shipped();
  p.gate.min_ratio = 1.3;
  const auto trial = trial_of({timed("a", 1.2)});
  EXPECT_TRUE(judged(trial).accepted);
  const auto x = judge_speedup(trial, p);
  EXPECT_EQ(x.rule, "no_speedup");
  EXPECT_THAT(x.candidates.at(0).reason, HasSubstr("is below 1.300"));
}

TEST(gate, RaisesDeltaToTheSpreadOfBaseAgainstBase) {
  auto x = timed("a", 1.15);
  EXPECT_TRUE(judged(trial_of({x})).accepted);
  for (auto& time : x.aa_twin)
    time *= 1.08; // building alone makes 8 %
  const auto verdict = judged(trial_of({x}));
  EXPECT_FALSE(verdict.accepted);
  EXPECT_NEAR(verdict.aa_floor, std::log(1.08), 0.01);
  EXPECT_DOUBLE_EQ(verdict.delta, 2.5 * verdict.aa_floor);
  x.aa_base.clear();
  EXPECT_EQ(judged(trial_of({x})).delta, 0.02);
}

TEST(gate, CorrectsForTheNumberOfCandidates) {
  // Eleven candidates that do not hold make the twelfth's p twelve times
  // larger.
  std::vector<benchmark_trial> all{timed("real", 1.5)};
  all[0].confirm_base.resize(8); // p = 2^-8
  for (unsigned i = 1; i <= 11; ++i) {
    all.push_back(timed("null" + std::to_string(i), 1.0, 0.01, i + 1));
    for (auto& time : all.back().screen_head)
      time /= 1.2;
  }
  const auto x = judged(trial_of(all));
  ASSERT_EQ(x.candidates.size(), 12);
  const auto& real = x.candidates.at(0);
  EXPECT_EQ(real.benchmark, "real");
  EXPECT_DOUBLE_EQ(real.p, std::exp2(-8));
  EXPECT_DOUBLE_EQ(real.p_adjusted, 12 * std::exp2(-8));
  EXPECT_TRUE(x.accepted);
  all[0].confirm_base[0] = 1e-9; // one pair the other way: p = 9 / 256
  EXPECT_FALSE(judged(trial_of(all)).accepted);
}

TEST(gate, GuardsAgainstSlowdownsElsewhere) {
  const auto x
    = judged(trial_of({timed("a", 1.2), timed("b", 0.5), timed("c", 0.5)}));
  EXPECT_FALSE(x.accepted);
  EXPECT_EQ(x.rule, "guard.geomean");
  EXPECT_TRUE(x.candidates.at(0).accepted);
  EXPECT_THAT(x.explanation, HasSubstr("together the benchmarks became "
                                       "slower"));
  ASSERT_EQ(x.guards.size(), 4);
  EXPECT_FALSE(x.guards[0].held);
  EXPECT_EQ(x.guards[0].limit, 0.98);
  EXPECT_LT(x.guards[0].value, x.geomean);
}

TEST(gate, GuardsAgainstASlowdownThatNoiseMayHide) {
  std::vector<benchmark_trial> all{timed("a", 1.3)};
  for (const auto* name : {"b", "c", "d", "e"}) {
    all.push_back(timed(name, 1));
    all.back().screen_base = {1, 1, 1, 1};
    all.back().screen_head = {0.7, 0.8, 1.25, 1.4};
  }
  const auto x = judged(trial_of(all));
  EXPECT_EQ(x.rule, "guard.geomean");
  EXPECT_THAT(x.explanation, HasSubstr("a slowdown elsewhere is not ruled "
                                       "out"));
}

TEST(gate, GuardsAgainstTooManyBenchmarksThatFail) {
  std::vector<benchmark_trial> all{timed("a", 2), timed("b", 1), timed("c", 1),
                                   timed("d", 1), ended("e", "error", "x")};
  EXPECT_TRUE(judged(trial_of(all)).accepted); // 20 % is allowed
  all[3] = ended("d", "crashed", "y");
  const auto x = judged(trial_of(all));
  EXPECT_EQ(x.rule, "guard.degenerate");
  EXPECT_DOUBLE_EQ(x.guards.at(1).value, 0.4);
  EXPECT_THAT(x.explanation, HasSubstr("2 of 5 benchmarks that reach the "
                                       "change could not be timed"));
}

TEST(gate, DoesNotCountWhatFailsAlikeBeforeItIsSeenToReachTheChange) {
  auto fails = ended("b", "error", "its setup raises", "loaded");
  EXPECT_EQ(judged(trial_of({timed("a", 2), fails})).rule, "guard.degenerate");
  fails.base_status = fails.head_status = "error";
  EXPECT_TRUE(judged(trial_of({timed("a", 2), fails})).accepted);
  fails.reach = "function";
  EXPECT_EQ(judged(trial_of({timed("a", 2), fails})).rule, "guard.degenerate");
}

TEST(gate, DoesNotTakeBenchmarksOfWhatTheChangeAddsForDegenerate) {
  auto added = ended("b", "error", "no such function", "function");
  added.head_status = "ok";
  for (const auto* on_base : {"error", "absent"}) {
    added.base_status = on_base;
    EXPECT_TRUE(judged(trial_of({timed("a", 2), added, added})).accepted);
  }
  std::swap(added.base_status, added.head_status);
  EXPECT_EQ(judged(trial_of({timed("a", 2), added})).rule, "guard.degenerate");
}

TEST(gate, DoesNotTakeWhatWasLeftOutForDegenerate) {
  EXPECT_TRUE(
    judged(trial_of({timed("a", 2), ended("b", "left_out"),
                     ended("c", "skipped"), cut(timed("d", 1), "time is up"),
                     ended("e", "crashed", "", "none")}))
      .accepted);
}

TEST(gate, DropsUnusablePairsAndCountsThem) {
  auto x = timed("a", 2);
  x.confirm_head[0] = std::numeric_limits<double>::quiet_NaN();
  x.confirm_head[1] = -1;
  x.confirm_base[2] = std::numeric_limits<double>::infinity();
  x.confirm_base.pop_back();
  const auto verdict = judged(trial_of({x}));
  EXPECT_TRUE(verdict.accepted);
  EXPECT_EQ(verdict.candidates.at(0).pairs, 12);
  x.screen_head = {0, 0, 0, x.screen_head[3]};
  EXPECT_EQ(judged(trial_of({x})).rule, "benchmark.errors");
}

TEST(gate, ReadsNothingButRawPairs) {
  auto trial = trial_of({timed("a", 2)});
  const auto first = judged(trial);
  trial.impacted = 77;
  trial.seconds = 5;
  trial.budget_spent = true;
  trial.machine = "other";
  EXPECT_EQ(judged(trial), first);
}

} // namespace fc::events::policy
