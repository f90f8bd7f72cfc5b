#include "events/policy/speedup/gate_text.hpp"

#include <cmath>
#include <cstdio>

namespace fc::events::policy::speedup {

namespace {

std::string with_digits(const char* format, double x) {
  char text[64];
  std::snprintf(text, sizeof(text), format, x);
  return text;
}

} // namespace

std::string time_text(double seconds) {
  const double size = std::abs(seconds);
  if (size < 1e-6)
    return with_digits("%.3g ns", seconds * 1e9);
  if (size < 1e-3)
    return with_digits("%.3g µs", seconds * 1e6);
  if (size < 1)
    return with_digits("%.3g ms", seconds * 1e3);
  return with_digits("%.3g s", seconds);
}

std::string ratio_text(double ratio) {
  if (ratio >= 10)
    return with_digits("%.1f", ratio);
  return with_digits(ratio >= 2 ? "%.2f" : "%.3f", ratio);
}

std::string probability_text(double p) {
  return with_digits(p < 1e-3 ? "%.1e" : "%.3f", p);
}

std::string percent_text(double share) {
  return with_digits("%.3g %%", share * 100);
}

std::string count_text(std::size_t n, const std::string& one) {
  return std::to_string(n) + " " + one + (n == 1 ? "" : "s");
}

} // namespace fc::events::policy::speedup
