#include "events/policy/statistics.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

namespace fc::events::policy::statistics {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

std::vector<double>
normal_sample(std::size_t n, unsigned seed, double mean = 0) {
  std::mt19937_64 random{seed};
  std::normal_distribution<double> values{mean, 1};
  std::vector<double> x(n);
  std::generate(x.begin(), x.end(), [&] { return values(random); });
  return x;
}

/// P(W+ >= observed) by trying every sign pattern.
double by_counting(const std::vector<double>& x) {
  std::vector<double> v;
  for (const double value : x)
    if (value != 0)
      v.push_back(value);
  std::vector<double> ranks;
  for (const double a : v) {
    double below = 0;
    double equal = 0;
    for (const double b : v) {
      below += std::abs(b) < std::abs(a) ? 1 : 0;
      equal += std::abs(b) == std::abs(a) ? 1 : 0;
    }
    ranks.push_back(below + (equal + 1) / 2);
  }
  const auto sum = [&](auto&& positive) {
    double s = 0;
    for (std::size_t i = 0; i < v.size(); ++i)
      s += positive(i) ? ranks[i] : 0;
    return s;
  };
  const double observed = sum([&](std::size_t i) { return v[i] > 0; });
  double at_least = 0;
  for (std::size_t signs = 0; signs < std::size_t{1} << v.size(); ++signs)
    at_least
      += sum([&](std::size_t i) { return (signs >> i & 1) == 1; }) >= observed;
  return at_least / std::exp2(v.size());
}

} // namespace

TEST(median, IsTheMiddleOrTheMeanOfTheTwoMiddleOnes) {
  EXPECT_EQ(median(std::vector{3.0, 1.0, 2.0}), 2);
  EXPECT_EQ(median(std::vector{4.0, 1.0, 2.0, 3.0}), 2.5);
  EXPECT_EQ(median(std::vector{7.0}), 7);
  EXPECT_TRUE(std::isnan(median({})));
  EXPECT_EQ(median(std::vector{nan, 1.0}), 1);
}

TEST(median, DoesNotOverflow) {
  const double huge = std::numeric_limits<double>::max();
  EXPECT_EQ(median(std::vector{huge, huge}), huge);
}

TEST(signed_rank, AgreesWithSciPyWhereItIsExact) {
  EXPECT_DOUBLE_EQ(
    signed_rank_greater(std::vector{1.1, -0.4, 2.3, 0.7, -1.9, 3.2, 0.2, 1.5}),
    0.09765625);
  EXPECT_DOUBLE_EQ(signed_rank_greater(std::vector{0.5, 0.6, 0.7, 0.8, 0.9, 1.0,
                                                   1.1, 1.2, 1.3, 1.4}),
                   0.0009765625);
  EXPECT_DOUBLE_EQ(
    signed_rank_greater(std::vector{-1.0, -2.0, 3.0, -4.0, 5.0, -6.0, 7.0}),
    0.46875);
  std::vector<double> x;
  for (int i = 0; i < 25; ++i)
    x.push_back((i * 37 % 53 - 20) / 10.0 + i * 0.001);
  EXPECT_NEAR(signed_rank_greater(x), 0.02578812837600708, 1e-14);
}

TEST(signed_rank, AgreesWithSciPyWhereItIsApproximate) {
  std::vector<double> x; // 37 of 40 are not zero, many ties
  for (int i = 0; i < 40; ++i)
    x.push_back((i * 7 % 13 - 5) * 0.5);
  EXPECT_NEAR(signed_rank_greater(x), 0.08784301115652876, 1e-12);
}

TEST(signed_rank, CountsTiesByMidRanksAndDropsZeros) {
  const std::vector<double> x{1, 1, -1, 2, 2, -3, 3, 3, 0};
  EXPECT_DOUBLE_EQ(signed_rank_greater(x), 35.0 / 256);
  EXPECT_DOUBLE_EQ(signed_rank_greater(x), by_counting(x));
}

TEST(signed_rank, EqualsCountingAllSignPatterns) {
  for (unsigned seed = 0; seed < 40; ++seed) {
    auto x = normal_sample(1 + seed % 11, seed, 0.3);
    if (seed % 2 == 0) // makes ties and zeros
      for (auto& value : x)
        value = std::round(value * 2) / 2;
    EXPECT_NEAR(signed_rank_greater(x), by_counting(x), 1e-12) << seed;
  }
}

TEST(signed_rank, OfNothingSaysNothing) {
  EXPECT_EQ(signed_rank_greater({}), 1);
  EXPECT_EQ(signed_rank_greater(std::vector{0.0, 0.0}), 1);
  EXPECT_EQ(signed_rank_greater(std::vector{nan}), 1);
}

TEST(signed_rank, HasTheFloorOfItsSize) {
  EXPECT_DOUBLE_EQ(signed_rank_greater(std::vector<double>(16, 1.0)),
                   std::exp2(-16));
  EXPECT_DOUBLE_EQ(signed_rank_greater(std::vector<double>(8, -1.0)), 1);
}

TEST(signed_rank, ExactAndApproximateMeetAtTheLimit) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    const auto x = normal_sample(25, seed, 0.2);
    auto longer = x;
    longer.push_back(1e-9); // rank 1: moves the sum by almost nothing
    EXPECT_NEAR(signed_rank_greater(x), signed_rank_greater(longer), 0.03);
  }
}

TEST(benjamini_hochberg, AdjustsAsInThePaper) {
  // Benjamini and Hochberg 1995, section 4.2: four rejections at 5 %.
  const std::vector<double> p{0.0001, 0.0004, 0.0019, 0.0095, 0.0201,
                              0.0278, 0.0298, 0.0344, 0.0459, 0.3240,
                              0.4262, 0.5719, 0.6528, 0.7590, 1.0};
  const auto adjusted = benjamini_hochberg(p);
  EXPECT_EQ(std::count_if(adjusted.begin(), adjusted.end(),
                          [](double x) { return x <= 0.05; }),
            4);
  EXPECT_DOUBLE_EQ(adjusted[0], 0.0015);
  EXPECT_DOUBLE_EQ(adjusted[3], 0.0095 * 15 / 4);
  EXPECT_DOUBLE_EQ(adjusted[14], 1);
}

TEST(benjamini_hochberg, KeepsTheOrderGivenAndNeverExceedsOne) {
  const auto adjusted = benjamini_hochberg(std::vector{0.9, 0.01, 0.04, 0.03});
  EXPECT_DOUBLE_EQ(adjusted[1], 0.04);
  EXPECT_DOUBLE_EQ(adjusted[2], 0.04 * 4 / 3);
  EXPECT_DOUBLE_EQ(adjusted[3], 0.04 * 4 / 3);
  EXPECT_DOUBLE_EQ(adjusted[0], 0.9);
  EXPECT_TRUE(benjamini_hochberg({}).empty());
}

TEST(median_interval, TakesTheNinthWalshAverageOfTenValues) {
  const std::vector<double> x{2.1, 1.3, 0.4, 5.6, 3.3, 2.8, 1.9, 4.4, 3.0, 2.2};
  std::vector<double> walsh;
  for (std::size_t i = 0; i < x.size(); ++i)
    for (std::size_t j = i; j < x.size(); ++j)
      walsh.push_back((x[i] + x[j]) / 2);
  std::sort(walsh.begin(), walsh.end());
  const auto [low, high] = median_interval(x, 0.95);
  EXPECT_DOUBLE_EQ(low, walsh[8]);
  EXPECT_DOUBLE_EQ(high, walsh[walsh.size() - 9]);
  EXPECT_NEAR(hodges_lehmann(x), 2.6, 1e-12);
}

TEST(median_interval, IsTheWholeSampleWhereThereIsTooLittle) {
  const auto [low, high]
    = median_interval(std::vector{1.0, 4.0, 2.0, 3.0}, 0.95);
  EXPECT_EQ(low, 1);
  EXPECT_EQ(high, 4);
  EXPECT_TRUE(std::isnan(median_interval({}, 0.95).low));
  EXPECT_EQ(median_interval(std::vector{2.0}, 0.95).low, 2);
}

TEST(median_interval, InvertsTheTest) {
  for (unsigned seed = 0; seed < 30; ++seed) {
    const auto x = normal_sample(6 + seed % 15, seed, 0.5);
    const auto low = median_interval(x, 0.95).low;
    for (const double move : {-1e-9, 1e-9}) {
      auto shifted = x;
      for (auto& value : shifted)
        value -= low + move;
      // Just below the lower end the test rejects, just above it does not.
      EXPECT_EQ(signed_rank_greater(shifted) <= 0.025, move < 0) << seed;
    }
  }
}

TEST(median_interval, OfALargeSampleIsNarrowAndCoversTheMiddle) {
  const auto x = normal_sample(400, 3, 1);
  const auto [low, high] = median_interval(x, 0.95);
  EXPECT_LT(low, hodges_lehmann(x));
  EXPECT_GT(high, hodges_lehmann(x));
  EXPECT_NEAR(high - low, 2 * 1.96 / 20, 0.03);
}

TEST(scatter, EstimatesTheSpreadAlsoOfSmallSamples) {
  for (const std::size_t n : {4U, 9U, 30U}) {
    double sum = 0;
    for (unsigned seed = 0; seed < 2000; ++seed)
      sum += scatter(normal_sample(n, seed));
    EXPECT_NEAR(sum / 2000, 1, 0.05) << n;
  }
  EXPECT_TRUE(std::isnan(scatter(std::vector{1.0})));
  EXPECT_LT(scatter(std::vector{1.0, 1.1, 0.9, 1.0, 50.0}), 0.3);
}

TEST(quantiles, AgreeWithSciPy) {
  EXPECT_NEAR(student_quantile(0.95, 1), 6.313751514800932, 1e-9);
  EXPECT_NEAR(student_quantile(0.95, 2), 2.919985580355516, 1e-9);
  EXPECT_NEAR(student_quantile(0.95, 3), 2.3533634348018264, 1e-9);
  EXPECT_NEAR(student_quantile(0.975, 4), 2.7764451051977987, 1e-9);
  EXPECT_NEAR(student_quantile(0.99, 7), 2.9979515668685277, 1e-9);
  // SciPy 1.10 is off in the eighth digit here; this is the tables' value.
  EXPECT_NEAR(student_quantile(0.95, 30), 1.697260887, 1e-9);
  EXPECT_NEAR(student_quantile(0.9, 147), 1.287337146207006, 1e-9);
  EXPECT_NEAR(student_quantile(0.05, 3), -2.3533634348018264, 1e-9);
  EXPECT_NEAR(student_quantile(0.6, 5), 0.2671808657039658, 1e-9);
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-9);
  EXPECT_NEAR(normal_quantile(0.1), -1.2815515655446004, 1e-9);
  EXPECT_TRUE(std::isnan(student_quantile(0.95, 0)));
}

} // namespace fc::events::policy::statistics
