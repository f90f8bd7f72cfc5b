#include "events/policy/statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <numeric>

namespace fc::events::policy::statistics {

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// Above this size the null distribution of the signed-rank sum is taken as
/// normal; below, it is counted.
constexpr std::size_t exact_test_limit = 25;
constexpr std::size_t exact_interval_limit = 100;

double normal_upper_tail(double z) {
  return 0.5 * std::erfc(z / std::numbers::sqrt2);
}

std::vector<double> without_nan(std::span<const double> x) {
  std::vector<double> result;
  result.reserve(x.size());
  std::copy_if(x.begin(), x.end(), std::back_inserter(result),
               [](double value) { return !std::isnan(value); });
  return result;
}

/// Non-zero values by size, with twice their mid-ranks: whole numbers.
struct rank_table {
  std::vector<double> values;
  std::vector<std::size_t> doubled;
  double ties = 0; ///< Sum of t^3 - t over groups of equal size.
};

rank_table rank(std::span<const double> x) {
  rank_table result;
  for (const double value : x)
    if (!std::isnan(value) && value != 0)
      result.values.push_back(value);
  auto& v = result.values;
  std::sort(v.begin(), v.end(),
            [](double a, double b) { return std::abs(a) < std::abs(b); });
  result.doubled.resize(v.size());
  for (std::size_t first = 0, last = 0; first < v.size(); first = last) {
    while (last < v.size() && std::abs(v[last]) == std::abs(v[first]))
      ++last;
    // Ranks first + 1 to last, twice their mean.
    std::fill(result.doubled.begin() + static_cast<std::ptrdiff_t>(first),
              result.doubled.begin() + static_cast<std::ptrdiff_t>(last),
              first + 1 + last);
    const auto t = static_cast<double>(last - first);
    result.ties += t * t * t - t;
  }
  return result;
}

/// Probability of each sum of ranks when every sign is a fair coin.
std::vector<double> sum_distribution(std::span<const std::size_t> ranks) {
  std::vector<double> p(
    std::accumulate(ranks.begin(), ranks.end(), std::size_t{0}) + 1);
  p[0] = 1;
  std::size_t top = 0;
  for (const auto r : ranks) {
    for (std::size_t s = top + 1; s-- > 0;) {
      p[s] /= 2;
      p[s + r] += p[s];
    }
    top += r;
  }
  return p;
}

std::vector<double> walsh_averages(std::span<const double> x) {
  const auto v = without_nan(x);
  std::vector<double> result;
  result.reserve(v.size() * (v.size() + 1) / 2);
  for (std::size_t i = 0; i < v.size(); ++i)
    for (std::size_t j = i; j < v.size(); ++j)
      result.push_back(v[i] / 2 + v[j] / 2);
  std::sort(result.begin(), result.end());
  return result;
}

/// How many Walsh averages to leave out at either end: the largest k for which
/// a rank sum below k has at most the probability `tail`.
std::size_t trimmed(std::size_t n, double tail) {
  if (n > exact_interval_limit) {
    const auto size = static_cast<double>(n);
    const double mean = size * (size + 1) / 4;
    const double sd = std::sqrt(size * (size + 1) * (2 * size + 1) / 24);
    const double k = mean + normal_quantile(tail) * sd;
    return k > 0 ? static_cast<std::size_t>(k) : 0;
  }
  std::vector<std::size_t> ranks(n);
  std::iota(ranks.begin(), ranks.end(), std::size_t{1});
  const auto p = sum_distribution(ranks);
  double below = 0;
  std::size_t k = 0;
  while (k < p.size() && below + p[k] <= tail)
    below += p[k++];
  return k;
}

/// P(T <= t) of Student's distribution, t >= 0, by its finite sums
/// (Abramowitz and Stegun 26.7.3 and 26.7.4).
double student_cdf(double t, std::size_t degrees) {
  const double angle = std::atan(t / std::sqrt(static_cast<double>(degrees)));
  const double cosine = std::cos(angle);
  const bool odd = degrees % 2 == 1;
  double term = odd ? cosine : 1;
  double sum = odd && degrees == 1 ? 0 : term;
  for (std::size_t i = odd ? 3 : 2; i + 1 < degrees; i += 2) {
    const auto k = static_cast<double>(i);
    term *= cosine * cosine * (k - 1) / k;
    sum += term;
  }
  const double inside
    = odd ? 2 / std::numbers::pi * (angle + std::sin(angle) * sum)
          : std::sin(angle) * sum;
  return 0.5 + inside / 2;
}

/// Where a growing function reaches `p`, searched between -limit and limit.
template <class F>
double inverse(F&& f, double p, double limit) {
  double low = -limit;
  double high = limit;
  for (int i = 0; i < 200 && low < high; ++i) {
    const double middle = low + (high - low) / 2;
    (f(middle) < p ? low : high) = middle;
  }
  return high;
}

} // namespace

double median(std::span<const double> x) {
  auto v = without_nan(x);
  if (v.empty())
    return not_a_number;
  const auto middle = v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2);
  std::nth_element(v.begin(), middle, v.end());
  if (v.size() % 2 == 1)
    return *middle;
  return *std::max_element(v.begin(), middle) / 2 + *middle / 2;
}

double scatter(std::span<const double> x) {
  // Croux and Rousseeuw 1992: makes the estimate unbiased for small samples.
  static constexpr double small[]
    = {0, 0, 1.196, 1.495, 1.363, 1.206, 1.200, 1.140, 1.129, 1.107};
  auto v = without_nan(x);
  if (v.size() < 2)
    return not_a_number;
  const double centre = median(v);
  for (auto& value : v)
    value = std::abs(value - centre);
  const auto n = static_cast<double>(v.size());
  const double factor
    = v.size() < std::size(small) ? small[v.size()] : n / (n - 0.8);
  return factor * 1.4826 * median(v);
}

double signed_rank_greater(std::span<const double> x) {
  const auto r = rank(x);
  const auto n = r.values.size();
  if (n == 0)
    return 1;
  std::size_t doubled_sum = 0;
  for (std::size_t i = 0; i < n; ++i)
    if (r.values[i] > 0)
      doubled_sum += r.doubled[i];
  if (n > exact_test_limit) {
    const auto size = static_cast<double>(n);
    const double mean = size * (size + 1) / 4;
    const double variance
      = size * (size + 1) * (2 * size + 1) / 24 - r.ties / 48;
    const double sum = static_cast<double>(doubled_sum) / 2;
    return normal_upper_tail((sum - mean) / std::sqrt(variance));
  }
  const auto p = sum_distribution(r.doubled);
  return std::accumulate(p.begin() + static_cast<std::ptrdiff_t>(doubled_sum),
                         p.end(), 0.0);
}

std::vector<double> benjamini_hochberg(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return p[a] > p[b]; });
  std::vector<double> result(p.size());
  double least = 1;
  auto rank = p.size();
  for (const auto i : order) {
    least = std::min(least, p[i] * static_cast<double>(p.size())
                              / static_cast<double>(rank--));
    result[i] = least;
  }
  return result;
}

interval median_interval(std::span<const double> x, double confidence) {
  const auto walsh = walsh_averages(x);
  if (walsh.empty())
    return {not_a_number, not_a_number};
  const auto n = without_nan(x).size();
  const auto k
    = std::min(trimmed(n, (1 - confidence) / 2), (walsh.size() - 1) / 2);
  // A small sample cannot give the confidence asked for: all there is.
  const auto skip = k > 0 ? k - 1 : 0;
  return {walsh[skip], walsh[walsh.size() - 1 - skip]};
}

double hodges_lehmann(std::span<const double> x) {
  return median(walsh_averages(x));
}

double normal_quantile(double p) {
  return inverse([](double z) { return 1 - normal_upper_tail(z); }, p, 40);
}

double student_quantile(double p, std::size_t degrees) {
  if (degrees == 0 || !(p > 0 && p < 1))
    return not_a_number;
  if (p < 0.5)
    return -student_quantile(1 - p, degrees);
  return inverse([&](double t) { return t < 0 ? 0 : student_cdf(t, degrees); },
                 p, 1e9);
}

} // namespace fc::events::policy::statistics
