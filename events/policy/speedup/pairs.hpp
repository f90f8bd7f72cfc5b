#pragma once

#include "events/measurement.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// Pairs of times as the gate reads them.
namespace fc::events::policy::speedup {

/// Log ratios ln(first / second) of the usable pairs. A pair is unusable when
/// a time is missing, not finite or not above 0.
struct log_ratios {
  std::vector<double> values;
  std::size_t unusable = 0;

  /// exp(median), NaN without pairs.
  double ratio() const;
};

log_ratios
ratios_of(std::span<const double> first, std::span<const double> second);

inline log_ratios screen_ratios(const benchmark_trial& x) {
  return ratios_of(x.screen_base, x.screen_head);
}

inline log_ratios confirm_ratios(const benchmark_trial& x) {
  return ratios_of(x.confirm_base, x.confirm_head);
}

inline log_ratios aa_ratios(const benchmark_trial& x) {
  return ratios_of(x.aa_base, x.aa_twin);
}

/// What a benchmark is good for in this trial.
enum class usability : std::uint8_t {
  unreached,  ///< It does not come near the change.
  left_out,   ///< Skipped by the suite, or the time allowed ran out.
  degenerate, ///< It failed, or half of its pairs and more are unusable.
  timed,
};

usability usability_of(const benchmark_trial& x);

/// Whether it crashed, failed or ran too long, wherever that happened.
bool has_failed(const benchmark_trial& x);

/// Mean over timed benchmarks of the median log ratio of the screen's pairs, as
/// a ratio, with one-sided bounds. All NaN without benchmarks.
struct overall {
  std::size_t benchmarks = 0;
  double geomean = 0;
  double low = 0;
  double high = 0;
};

overall
overall_ratio(const std::vector<benchmark_trial>& all, double confidence);

/// Root mean square of the median log ratios of base against base built again,
/// over the given benchmarks that have such pairs; 0 if none has.
double aa_spread(const std::vector<benchmark_trial>& all,
                 std::span<const std::size_t> which);

/// The candidate with the largest estimate, of the accepted ones or of all;
/// null if there is none. Lives as long as `all`.
const candidate* best_of(const std::vector<candidate>& all, bool accepted);

} // namespace fc::events::policy::speedup
