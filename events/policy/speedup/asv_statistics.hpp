#pragma once

#include <cstdint>
#include <span>

/// The statistics of `asv compare` (asv 0.6, `_stats.py`), number for number,
/// so that its rule can be compared with the gate on the same raw samples.
namespace fc::events::policy::speedup::asv {

/// The p-value below which ASV calls samples different.
inline constexpr double threshold = 0.002;

/// Probability of `k` successes of `n`, each with `p`; 0 for impossible `k`.
double binomial(int n, int k, double p);

/// Value below which a share `q` of a sample lies, linear between values.
/// @pre `x` is not empty and 0 <= q <= 1.
double quantile(std::span<const double> x, double q);

/// A quantile and its distribution-free interval; an end is infinite where the
/// sample is too small for it.
struct quantile_interval {
  double value = 0;
  double low = 0;
  double high = 0;
};
quantile_interval
interval_of(std::span<const double> x, double q, double alpha);

/// Orderings of `m` and `n` values in which Mann and Whitney's U is `u`.
double orderings(int m, int n, int u);

/// Two-sided Mann-Whitney U test: exact up to 20 values a side, normal above.
/// Equal values count for whichever side makes the samples more alike.
struct rank_test {
  double u = 0;
  double p = 1;
};
rank_test mann_whitney(std::span<const double> x, std::span<const double> y);

/// What ASV stores of a sample: its median with a 99 % interval. Where the
/// sample is too small for one, the interval of a Laplace posterior.
struct summary {
  double median = 0;
  double low = 0;
  double high = 0;
};
/// @pre `x` is not empty.
summary summarise(std::span<const double> x);

/// Whether samples differ: by the test where it can reach the threshold, else
/// where the intervals do not meet. Values that are no numbers are left out of
/// the test.
struct difference {
  bool different = false;
  bool by_test = false; ///< False: by the intervals.
  double p = 1;         ///< Of the test.
};
/// @pre Neither sample is empty.
difference is_different(std::span<const double> x, std::span<const double> y,
                        double below = threshold);

/// Whether `asv compare` calls `y` better than `x`: different, and its median
/// lower by the factor. With one value on a side the factor alone decides.
bool is_better(std::span<const double> x, std::span<const double> y,
               double factor);

} // namespace fc::events::policy::speedup::asv
