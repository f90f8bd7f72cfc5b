#include "events/policy/admissible.hpp"

#include "events/policy/speedup/gate_text.hpp"
#include "events/policy/statistics.hpp"

#include <algorithm>
#include <cmath>

namespace fc::events::policy {

namespace {

using speedup::time_text;

void append_usable(std::vector<double>& to, const std::vector<double>& from) {
  std::copy_if(from.begin(), from.end(), std::back_inserter(to),
               [](double x) { return std::isfinite(x) && x > 0; });
}

/// Median of the times of one side in screen and confirmation; NaN if none.
double loop_time(const std::vector<double>& screened,
                 const std::vector<double>& confirmed) {
  std::vector<double> all;
  append_usable(all, screened);
  append_usable(all, confirmed);
  return statistics::median(all);
}

/// @param worn A call after many and no new setup, on caches as cold as those
/// that a setup leaves: without it large data would look like wearing off.
std::optional<std::string>
worn_off(const char* side, double single, double loop, double worn,
         const gate_rules& rules) {
  const double later = worn > 0 ? worn : loop;
  if (!(single > 0 && later > 0) || single <= rules.wear_off_factor * later
      || single - later <= rules.wear_off_floor_s)
    return std::nullopt;
  return std::string{"the state of its setup wears off: on the "} + side
         + " side one call after a fresh setup takes " + time_text(single)
         + " and a call in a loop " + time_text(loop)
         + ", so the loop times something else";
}

/// Whether calls after a fresh setup gain at least what calls in a loop do. The
/// loop's ratio is then no more than what the change is worth, even where the
/// state wears off: an index that a first lookup builds, for instance.
bool fresh_calls_gain_as_much(const benchmark_trial& x) {
  auto base = loop_time(x.screen_base, x.confirm_base);
  auto head = loop_time(x.screen_head, x.confirm_head);
  if (!(base > 0 && head > 0)) {
    base = x.base_loop;
    head = x.head_loop;
  }
  return x.base_single > 0 && x.head_single > 0 && base > head && head > 0
         && x.base_single / x.head_single >= base / head;
}

/// Lower end of the interval of what the patched side lost in the first call,
/// pair by pair.
double
surely_extra(const benchmark_trial& x, double saving, const gate_rules& rules) {
  std::vector<double> extra;
  const auto n = std::min(x.first_base.size(), x.first_head.size());
  for (std::size_t i = 0; i < n; ++i)
    if (x.first_base[i] > 0 && x.first_head[i] > 0)
      extra.push_back(x.first_head[i] - x.first_base[i] + saving);
  return statistics::median_interval(extra, rules.confidence).low;
}

std::optional<std::string>
moved(const benchmark_trial& x, const gate_rules& rules) {
  const double base = loop_time(x.screen_base, x.confirm_base);
  const double head = loop_time(x.screen_head, x.confirm_head);
  std::vector<double> firsts[2];
  append_usable(firsts[0], x.first_base);
  append_usable(firsts[1], x.first_head);
  // A handful of first calls says nothing on a machine with other load.
  if (std::min(firsts[0].size(), firsts[1].size()) < rules.min_pairs)
    return std::nullopt;
  const double first_base = statistics::median(firsts[0]);
  const double first_head = statistics::median(firsts[1]);
  const double saving = base - head;
  const double extra = (first_head - head) - (first_base - base);
  // Comparisons with NaN are false: nothing is found without data.
  if (!(saving > 0 && extra > rules.first_call_share * saving
        && extra > rules.wear_off_floor_s))
    return std::nullopt;
  if (surely_extra(x, saving, rules) <= 0)
    return std::nullopt;
  return "the saving moved into the first call: later calls take "
         + time_text(head) + " instead of " + time_text(base)
         + ", but the first call of a process takes " + time_text(first_head)
         + " against " + time_text(first_base) + ", so " + time_text(extra)
         + " of work is done there once and not saved";
}

} // namespace

std::optional<std::string>
inadmissible(const benchmark_trial& x, const gate_rules& rules) {
  auto why = worn_off("base", x.base_single, x.base_loop, x.base_worn, rules);
  if (!why)
    why = worn_off("patched", x.head_single, x.head_loop, x.head_worn, rules);
  if (why && !fresh_calls_gain_as_much(x))
    return why;
  return moved(x, rules);
}

} // namespace fc::events::policy
