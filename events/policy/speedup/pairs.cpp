#include "events/policy/speedup/pairs.hpp"

#include "events/policy/speedup/reach.hpp"
#include "events/policy/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace fc::events::policy::speedup {

double log_ratios::ratio() const {
  return std::exp(statistics::median(values));
}

log_ratios
ratios_of(std::span<const double> first, std::span<const double> second) {
  const auto usable = [](double x) {
    return std::isfinite(x) && x > 0;
  };
  log_ratios result;
  const auto both = std::min(first.size(), second.size());
  result.unusable = std::max(first.size(), second.size()) - both;
  for (std::size_t i = 0; i < both; ++i)
    if (usable(first[i]) && usable(second[i]))
      result.values.push_back(std::log(first[i]) - std::log(second[i]));
    else
      ++result.unusable;
  return result;
}

bool has_failed(const benchmark_trial& x) {
  return x.status == "crashed" || x.status == "error" || x.status == "timeout";
}

usability usability_of(const benchmark_trial& x) {
  if (!is_reached(x))
    return usability::unreached;
  if (has_failed(x))
    return usability::degenerate;
  if (x.status != "ok")
    return usability::left_out;
  const auto pairs = screen_ratios(x);
  if (pairs.values.empty() && pairs.unusable == 0 && !x.left_out.empty())
    return usability::left_out;
  return pairs.values.size() > pairs.unusable ? usability::timed
                                              : usability::degenerate;
}

overall
overall_ratio(const std::vector<benchmark_trial>& all, double confidence) {
  overall result;
  double sum = 0;
  double variance = 0;
  std::size_t degrees = 0;
  for (const auto& x : all) {
    if (usability_of(x) != usability::timed)
      continue;
    const auto pairs = screen_ratios(x).values;
    ++result.benchmarks;
    sum += statistics::median(pairs);
    if (pairs.size() < 2)
      continue;
    const double sd = statistics::scatter(pairs);
    // The median of a normal sample varies pi/2 times as much as its mean.
    variance
      += std::numbers::pi / 2 * sd * sd / static_cast<double>(pairs.size());
    degrees += pairs.size() - 1;
  }
  const auto m = static_cast<double>(result.benchmarks);
  const double mean = sum / m;
  const double width = degrees == 0
                         ? std::numeric_limits<double>::infinity()
                         : statistics::student_quantile(confidence, degrees)
                             * std::sqrt(variance) / m;
  result.geomean = std::exp(mean);
  result.low = std::exp(mean - width);
  result.high = std::exp(mean + width);
  return result;
}

double aa_spread(const std::vector<benchmark_trial>& all,
                 std::span<const std::size_t> which) {
  double sum = 0;
  std::size_t n = 0;
  for (const auto i : which) {
    const auto pairs = aa_ratios(all[i]).values;
    if (pairs.empty())
      continue;
    const double middle = statistics::median(pairs);
    sum += middle * middle;
    ++n;
  }
  return n == 0 ? 0 : std::sqrt(sum / static_cast<double>(n));
}

const candidate* best_of(const std::vector<candidate>& all, bool accepted) {
  const candidate* best = nullptr;
  for (const auto& c : all)
    if ((c.accepted || !accepted)
        && (best == nullptr || c.estimate > best->estimate))
      best = &c;
  return best;
}

} // namespace fc::events::policy::speedup
