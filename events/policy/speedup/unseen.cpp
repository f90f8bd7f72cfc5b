#include "events/policy/speedup/unseen.hpp"

#include "events/policy/speedup/gate_text.hpp"
#include "events/policy/speedup/reach.hpp"

#include <algorithm>
#include <cmath>

namespace fc::events::policy::speedup {

namespace {

bool is_failure(const std::string& status) {
  return status == "error" || status == "crashed" || status == "timeout";
}

/// Benchmarks that the suite wants to run.
std::size_t wanted(const trialled& x) {
  return static_cast<std::size_t>(
    std::ranges::count_if(x.benchmarks, [](const benchmark_trial& b) {
      return b.status != "skipped";
    }));
}

std::size_t lost(const trialled& x) {
  return static_cast<std::size_t>(
    std::ranges::count_if(x.benchmarks, fails_everywhere));
}

} // namespace

bool fails_everywhere(const benchmark_trial& x) {
  if (x.base_status == "timeout" && x.head_status == "ok")
    return true;
  if (!is_failure(x.base_status) || !is_failure(x.head_status))
    return false;
  const bool crashed = x.base_status == "crashed" && x.head_status == "crashed";
  return !crashed || !is_reached(x);
}

bool is_new(const benchmark_trial& x) {
  return (x.base_status == "error" || x.base_status == "absent")
         && x.head_status == "ok";
}

double unseen_share(const trialled& x) {
  double seen = 1;
  if (x.modules > 0)
    seen *= static_cast<double>(std::min(x.modules_seen, x.modules))
            / static_cast<double>(x.modules);
  if (const auto all = wanted(x); all > 0)
    seen *= 1 - static_cast<double>(lost(x)) / static_cast<double>(all);
  return 1 - seen;
}

std::string seen_text(const trialled& x) {
  const auto all = wanted(x);
  return std::to_string(x.modules_seen) + " of "
         + count_text(x.modules, "module") + " and "
         + std::to_string(all - lost(x)) + " of " + count_text(all, "benchmark")
         + " of the suite were seen";
}

bool ran_out_of_time(const trialled& x) {
  return x.survey_cut || x.budget_spent
         || std::ranges::any_of(x.benchmarks, [](const benchmark_trial& b) {
              return b.status == "left_out";
            });
}

double clock_gap(const clock_totals& x) {
  if (x == clock_totals{})
    return 0;
  if (!std::isfinite(x.claimed + x.cpu + x.wall + x.resolution)
      || x.claimed <= 0)
    return 1;
  const double less
    = x.cpu > 0 ? (x.cpu - x.resolution - x.claimed) / x.cpu : 0;
  const double more = (x.claimed - x.resolution - x.wall) / x.claimed;
  return std::clamp(std::max(less, more), 0.0, 1.0);
}

double clock_gap(const benchmark_trial& x) {
  return std::max(clock_gap(x.base_clock), clock_gap(x.head_clock));
}

} // namespace fc::events::policy::speedup
