#include "events/policy/gate.hpp"

#include "samples.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace fc::events::policy {

namespace {

constexpr std::size_t benchmarks = 50;
constexpr double noise = 0.05;

/// A pull request of 50 benchmarks, of which the first is `ratio` times
/// faster; 5 % of noise on each time.
trialled made_up(double ratio, std::mt19937_64& random) {
  std::vector<benchmark_trial> all(benchmarks);
  for (std::size_t i = 0; i < benchmarks; ++i) {
    auto& x = all[i];
    const double own = i == 0 ? ratio : 1;
    x.name = "b" + std::to_string(i);
    x.status = "ok";
    x.reach = "function";
    samples::fill(x.screen_base, x.screen_head, 4, 1e-3, own, noise, random);
    samples::fill(x.confirm_base, x.confirm_head, 16, 1e-3, own, noise, random);
    samples::fill(x.aa_base, x.aa_twin, 8, 1e-3, 1, noise, random);
  }
  return samples::trial_of(std::move(all));
}

double accepted_share(double ratio, int pull_requests) {
  std::mt19937_64 random{20240131};
  int accepted = 0;
  for (int i = 0; i < pull_requests; ++i) {
    const auto verdict
      = judge_speedup(made_up(ratio, random), samples::shipped());
    accepted += verdict.accepted ? 1 : 0;
    if (verdict.accepted && ratio > 1) {
      EXPECT_EQ(verdict.benchmark, "b0");
    }
  }
  return accepted / static_cast<double>(pull_requests);
}

} // namespace

TEST(gate_simulation, AcceptsAlmostNoChangeWithoutEffect) {
  EXPECT_LT(accepted_share(1, 300), 0.01);
}

TEST(gate_simulation, AcceptsAlmostEveryRealSpeedup) {
  EXPECT_GT(accepted_share(1.3, 100), 0.95);
}

TEST(gate_simulation, EstimatesWithoutTheWinnersCurse) {
  std::mt19937_64 random{7};
  double sum = 0;
  int accepted = 0;
  int covered = 0;
  for (int i = 0; i < 100; ++i) {
    const auto verdict
      = judge_speedup(made_up(1.3, random), samples::shipped());
    if (!verdict.accepted)
      continue;
    ++accepted;
    sum += std::log(verdict.estimate);
    covered += verdict.low <= 1.3 && 1.3 <= verdict.high ? 1 : 0;
  }
  EXPECT_NEAR(std::exp(sum / accepted), 1.3, 0.02);
  EXPECT_GE(covered, accepted * 88 / 100);
}

} // namespace fc::events::policy
