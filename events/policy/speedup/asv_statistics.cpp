#include "events/policy/speedup/asv_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace fc::events::policy::speedup::asv {

namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

std::vector<double> sorted(std::span<const double> x) {
  std::vector<double> result{x.begin(), x.end()};
  std::ranges::sort(result);
  return result;
}

std::vector<double> numbers(std::span<const double> x) {
  std::vector<double> result;
  std::ranges::copy_if(x, std::back_inserter(result),
                       [](double each) { return !std::isnan(each); });
  return result;
}

double choose(int n, int k) {
  double result = 1;
  for (int i = 1; i <= k; ++i)
    result = result * (n - k + i) / i;
  return std::round(result);
}

/// Location of a sample with Laplace noise of unknown scale: the distribution
/// over b of 1 / (sum |y - b|)^(nu + 1), integrated piece by piece.
class laplace_posterior {
public:
  explicit laplace_posterior(std::span<const double> sample)
    : y_{sorted(sample)}, nu_{static_cast<double>(sample.size()) - 1},
      middle_{quantile(sample, 0.5)} {
    for (const double each : y_)
      scale_ += std::abs(each - middle_);
    scale_ *= std::pow(nu_, 1 / (nu_ + 1));
    for (auto& each : y_)
      each = scale_ == 0 ? 0 : (each - middle_) / scale_;
    if (scale_ != 0)
      integrate();
  }

  /// Value below which the share `x` lies.
  double at(double x) const {
    if (scale_ == 0)
      return middle_;
    return invert(std::min(x * below_.back(), below_.back())) * scale_
           + middle_;
  }

private:
  /// Slope and offset of sum |y - b| left of `y_[k]`.
  struct line {
    double c;
    double y;
  };
  line piece(std::size_t k) const {
    line result{2 * static_cast<double>(k) - static_cast<double>(y_.size()), 0};
    for (std::size_t i = 0; i < y_.size(); ++i)
      result.y += i >= k ? y_[i] : -y_[i];
    return result;
  }

  void integrate() {
    double sum = 0;
    for (std::size_t k = 0; k <= y_.size(); ++k) {
      const auto [c, y] = piece(k);
      const double a = k == 0 ? -infinity : y_[k - 1];
      const double b = k == y_.size() ? infinity : y_[k];
      double term = 0;
      if (c == 0)
        term = (b - a) / std::pow(y, nu_ + 1);
      else
        term
          = (std::pow(a * c + y, -nu_) - std::pow(b * c + y, -nu_)) / (nu_ * c);
      sum += std::max(0.0, term); // rounding
      below_.push_back(sum);
    }
  }

  double invert(double x) const {
    std::size_t k = 0;
    while (k < y_.size() && x > below_[k])
      ++k;
    const auto [c, y] = piece(k);
    const double term = k == 0 ? x : x - below_[k - 1];
    double result = 0;
    if (k == 0) {
      const double z = -nu_ * c * term;
      result = z > 0 ? (std::pow(z, -1 / nu_) - y) / c : -infinity;
    } else if (c == 0) {
      result = y_[k - 1] + term * std::pow(y, nu_ + 1);
    } else {
      const double z = std::pow(y_[k - 1] * c + y, -nu_) - nu_ * c * term;
      result = z > 0 ? (std::pow(z, -1 / nu_) - y) / c : infinity;
    }
    return k < y_.size() ? std::min(result, y_[k]) : result;
  }

  std::vector<double> y_; ///< Sorted, round the middle, in units of the scale.
  double nu_;
  double middle_;
  double scale_ = 0;
  std::vector<double> below_; ///< Integral up to each value, then all of it.
};

} // namespace

double binomial(int n, int k, double p) {
  if (k < 0 || k > n)
    return 0;
  if (p == 0)
    return k == 0 ? 1 : 0;
  if (p == 1)
    return k == n ? 1 : 0;
  return std::exp(std::lgamma(1.0 + n) - std::lgamma(1.0 + n - k)
                  - std::lgamma(1.0 + k) + k * std::log(p)
                  + (n - k) * std::log1p(-p));
}

double quantile(std::span<const double> x, double q) {
  const auto y = sorted(x);
  const double place = static_cast<double>(y.size() - 1) * q;
  const auto j = static_cast<std::size_t>(std::floor(place));
  const double z = place - static_cast<double>(j);
  return j + 1 == y.size() ? y.back() : (1 - z) * y[j] + z * y[j + 1];
}

quantile_interval
interval_of(std::span<const double> x, double q, double alpha) {
  const double tail = std::min(alpha, 1 - alpha) / 2;
  const auto y = sorted(x);
  const auto n = static_cast<int>(y.size());
  quantile_interval result{quantile(x, q), -infinity, infinity};
  double below = 0;
  for (int k = 0; k < n; ++k) {
    below += binomial(n, k, q);
    if (below <= tail)
      result.low = y[static_cast<std::size_t>(k)];
    if (below >= 1 - tail) {
      result.high = y[static_cast<std::size_t>(k)];
      break;
    }
  }
  return result;
}

/// Orderings of `m` and `n` values by U, for U up to `max`.
static std::vector<double> all_orderings(int m, int n, int max) {
  // Coefficients of the Gaussian binomial, one factor (1 - q^(m+i)) / (1 - q^i)
  // at a time; all are whole numbers below 2^53 for the sizes used.
  const auto size = static_cast<std::size_t>(max) + 1;
  std::vector<double> count(size, 0);
  count[0] = 1;
  for (int i = 1; i <= n; ++i) {
    const auto up = static_cast<std::size_t>(m + i);
    const auto step = static_cast<std::size_t>(i);
    for (auto at = size; at-- > up;)
      count[at] -= count[at - up];
    for (auto at = step; at < size; ++at)
      count[at] += count[at - step];
  }
  return count;
}

double orderings(int m, int n, int u) {
  return u < 0 || u > m * n ? 0 : all_orderings(m, n, u).back();
}

rank_test mann_whitney(std::span<const double> x, std::span<const double> y) {
  constexpr std::size_t max_exact = 20;
  const auto m = static_cast<double>(x.size());
  const auto n = static_cast<double>(y.size());
  double above = 0;
  double equal = 0;
  for (const double a : x)
    for (const double b : y) {
      above += a > b ? 1 : 0;
      equal += a == b ? 1 : 0;
    }
  rank_test result;
  result.u = std::clamp(std::floor(m * n / 2), above, above + equal);
  if (std::max(x.size(), y.size()) > max_exact) {
    const double spread = std::sqrt(m * n * (m + n + 1) / 12);
    result.p
      = std::erfc(std::abs(result.u - m * n / 2) / spread / std::sqrt(2.0));
    return result;
  }
  const int rows = static_cast<int>(x.size());
  const int columns = static_cast<int>(y.size());
  const auto max = static_cast<int>(std::min(result.u, m * n - result.u));
  double tail = 0;
  for (const double each : all_orderings(rows, columns, max))
    tail += each;
  result.p = std::min(1.0, 2 * tail / choose(rows + columns, columns));
  return result;
}

summary summarise(std::span<const double> x) {
  const auto middle = interval_of(x, 0.5, 0.99);
  summary result{middle.value, middle.low, middle.high};
  if (x.size() < 2 || (std::isfinite(middle.low) && std::isfinite(middle.high)))
    return result;
  const laplace_posterior location{x};
  constexpr double tail = 0.01 / 2;
  if (std::isinf(middle.low))
    result.low = std::min(location.at(tail), *std::ranges::min_element(x));
  if (std::isinf(middle.high))
    result.high = std::max(location.at(1 - tail), *std::ranges::max_element(x));
  return result;
}

difference is_different(std::span<const double> x, std::span<const double> y,
                        double below) {
  const auto a = numbers(x);
  const auto b = numbers(y);
  const auto all = static_cast<int>(a.size() + b.size());
  const auto fewer = static_cast<int>(std::min(a.size(), b.size()));
  if (1 / choose(all, fewer) < below) {
    const auto test = mann_whitney(a, b);
    return {test.p < below, true, test.p};
  }
  const auto first = summarise(x);
  const auto second = summarise(y);
  return {first.high < second.low || first.low > second.high, false, 1};
}

bool is_better(std::span<const double> x, std::span<const double> y,
               double factor) {
  if (quantile(y, 0.5) >= quantile(x, 0.5) / factor)
    return false;
  return x.size() <= 1 || y.size() <= 1 || is_different(x, y).different;
}

} // namespace fc::events::policy::speedup::asv
