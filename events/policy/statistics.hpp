#pragma once

#include <cstddef>
#include <span>
#include <vector>

/// The few statistics the gate needs, exact for small samples.
namespace fc::events::policy::statistics {

/// Middle value, mean of the two middle ones for an even count; NaN if empty.
double median(std::span<const double> x);

/// One-sided Wilcoxon signed-rank test that the median of `x` is > 0: the
/// p-value, exact (all sign patterns, mid-ranks for ties) up to 25 non-zero
/// values, normal approximation with tie correction above. Zeros are dropped
/// (Wilcoxon); 1 for an empty sample.
double signed_rank_greater(std::span<const double> x);

/// Benjamini-Hochberg adjusted p-values, in the order given.
std::vector<double> benjamini_hochberg(std::span<const double> p);

/// Both ends belong to it.
struct interval {
  double low;
  double high;
};

/// Distribution-free interval of the median from Walsh averages (Hodges and
/// Lehmann 1963): the inverse of the signed-rank test.
interval median_interval(std::span<const double> x, double confidence);

/// Hodges-Lehmann estimate: median of the Walsh averages.
double hodges_lehmann(std::span<const double> x);

/// Standard deviation by the median absolute deviation, corrected for small
/// samples: one wild pair does not move it. NaN below two values.
double scatter(std::span<const double> x);

/// Quantile of the standard normal distribution, 0 < p < 1.
double normal_quantile(double p);

/// Quantile of Student's distribution, 0 < p < 1; NaN without degrees.
double student_quantile(double p, std::size_t degrees);

} // namespace fc::events::policy::statistics
