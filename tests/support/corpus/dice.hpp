#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>

namespace fc::support {

/// Seeded chance that is the same on every machine (splitmix64).
class dice {
public:
  explicit dice(std::uint64_t seed) noexcept : state_{seed} {}

  std::uint64_t next() noexcept {
    auto z = (state_ += 0x9E3779B97F4A7C15ULL);
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
  }
  /// In [0, 1).
  double share() noexcept {
    return static_cast<double>(next() >> 11U) * 0x1.0p-53;
  }
  bool chance(double p) noexcept {
    return share() < p;
  }
  /// In [0, n).
  std::size_t below(std::size_t n) noexcept {
    return static_cast<std::size_t>(next() % n);
  }
  double between(double low, double high) noexcept {
    return low + (high - low) * share();
  }
  /// Standard normal (Box and Muller).
  double normal() noexcept {
    const double u = 1 - share();
    return std::sqrt(-2 * std::log(u))
           * std::cos(2 * std::numbers::pi * share());
  }

private:
  std::uint64_t state_;
};

} // namespace fc::support
