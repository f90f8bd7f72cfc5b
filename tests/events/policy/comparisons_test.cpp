#include "events/policy/gate.hpp"

#include "samples.hpp"

#include <gmock/gmock.h>

namespace fc::events::policy {

using testing::HasSubstr;

namespace {

/// The shipped policy with a gate of another kind.
policy with_method(const std::string& method) {
  std::string text{shipped_policy()};
  const std::string table = "\n[gate]\n";
  text.insert(text.find(table) + table.size(), "method = \"" + method + "\"\n");
  auto parsed = parse_policy(text, "changed.toml");
  if (!parsed)
    ADD_FAILURE() << describe(parsed.error());
  return *parsed;
}

} // namespace

TEST(comparisons, APolicyWithoutAMethodIsPaired) {
  EXPECT_EQ(samples::shipped().gate.method, "paired");
  const auto x = samples::trial_of({samples::timed("a", 1.5)});
  auto same = judge_speedup(x, with_method("paired"));
  EXPECT_EQ(same, judge_speedup(x, samples::shipped()));
  EXPECT_THAT(same.explanation, testing::Not(HasSubstr("method")));
}

TEST(comparisons, AnUnknownMethodIsRefusedWithItsLine) {
  std::string text{shipped_policy()};
  text.insert(text.find("\n[gate]\n") + 8, "method = \"best\"\n");
  const auto parsed = parse_policy(text, "changed.toml");
  ASSERT_FALSE(parsed);
  EXPECT_THAT(describe(parsed.error()),
              HasSubstr("gate.method must be one of paired, largest_ratio, "
                        "asv, found \"best\""));
}

TEST(comparisons, LargestRatioTakesWhatTheGateRefuses) {
  // Noise of 10 % in four pairs of each of many benchmarks: some ratio is
  // large.
  std::vector<benchmark_trial> noisy;
  for (unsigned i = 0; i < 40; ++i) {
    noisy.push_back(samples::timed("b" + std::to_string(i), 1, 0.1, i + 1));
    noisy.back().confirm_base.clear();
    noisy.back().confirm_head.clear();
  }
  const auto x = samples::trial_of(noisy);
  const auto found = judge_speedup(x, with_method("largest_ratio"));
  EXPECT_TRUE(found.accepted);
  EXPECT_EQ(found.rule, "accepted");
  EXPECT_GE(found.estimate, 1.05);
  EXPECT_THAT(found.explanation, HasSubstr("method \"largest_ratio\""));
  EXPECT_THAT(found.explanation, HasSubstr("40 benchmarks"));
  EXPECT_FALSE(judge_speedup(x, samples::shipped()).accepted);
}

TEST(comparisons, LargestRatioBelowTheLimit) {
  const auto x = samples::trial_of({samples::timed("a", 1.0, 0.001)});
  const auto found = judge_speedup(x, with_method("largest_ratio"));
  EXPECT_FALSE(found.accepted);
  EXPECT_EQ(found.rule, "no_speedup");
  EXPECT_THAT(found.explanation, HasSubstr("below 1.05"));
}

TEST(comparisons, ASVNeedsADifferenceAndTheFactor) {
  const auto asv = with_method("asv");
  const auto fast
    = judge_speedup(samples::trial_of({samples::timed("a", 1.5)}), asv);
  EXPECT_TRUE(fast.accepted);
  EXPECT_THAT(fast.explanation, HasSubstr("method \"asv\""));
  EXPECT_THAT(fast.explanation, HasSubstr("Mann-Whitney p = "));
  ASSERT_EQ(fast.candidates.size(), 1U);
  EXPECT_LT(fast.candidates[0].p, 0.002);
  const auto slight
    = judge_speedup(samples::trial_of({samples::timed("a", 1.03, 0.001)}), asv);
  EXPECT_FALSE(slight.accepted);
  EXPECT_THAT(slight.explanation, HasSubstr("not by the factor 1.05"));
  const auto none
    = judge_speedup(samples::trial_of({samples::timed("a", 1.0)}), asv);
  EXPECT_FALSE(none.accepted);
}

TEST(comparisons, NothingTimedIsRefusedByEveryMethod) {
  const auto x = samples::trial_of({samples::ended("a", "error", "boom")});
  for (const auto* method : {"paired", "largest_ratio", "asv"})
    EXPECT_EQ(judge_speedup(x, with_method(method)).rule, "benchmark.errors");
}

} // namespace fc::events::policy
