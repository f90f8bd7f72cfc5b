#include "events/policy/speedup/comparisons.hpp"

#include "events/policy/rules/from_trial.hpp"
#include "events/policy/speedup/asv_statistics.hpp"
#include "events/policy/speedup/gate_text.hpp"
#include "events/policy/statistics.hpp"

#include <algorithm>
#include <cmath>

namespace fc::events::policy::speedup {

namespace {

/// Times of both sides, without what is no time; not paired any more.
struct both_sides {
  std::vector<double> base;
  std::vector<double> head;
};

both_sides sides_of(const benchmark_trial& x) {
  const bool confirmed = !x.confirm_base.empty() && !x.confirm_head.empty();
  both_sides result;
  const auto usable = [](double time) {
    return std::isfinite(time) && time > 0;
  };
  std::ranges::copy_if(confirmed ? x.confirm_base : x.screen_base,
                       std::back_inserter(result.base), usable);
  std::ranges::copy_if(confirmed ? x.confirm_head : x.screen_head,
                       std::back_inserter(result.head), usable);
  return result;
}

candidate by_ratio(const benchmark_trial& x, const gate_rules& rules) {
  const auto times = sides_of(x);
  candidate result;
  result.benchmark = x.name;
  result.pairs = static_cast<std::uint32_t>(
    std::min(times.base.size(), times.head.size()));
  if (result.pairs == 0)
    return result;
  result.estimate
    = statistics::median(times.base) / statistics::median(times.head);
  result.low = result.high = result.estimate; // the rule knows no interval
  result.p = result.p_adjusted = 1;
  result.accepted = result.estimate >= rules.min_ratio;
  result.reason = result.accepted ? "holds"
                                  : "its ratio of medians is below "
                                      + ratio_text(rules.min_ratio);
  return result;
}

candidate by_asv(const benchmark_trial& x, const gate_rules& rules) {
  auto result = by_ratio(x, rules);
  if (result.pairs == 0)
    return result;
  const auto times = sides_of(x);
  const auto base = asv::summarise(times.base);
  const auto head = asv::summarise(times.head);
  const auto found = asv::is_different(times.base, times.head);
  result.low = base.low / head.high;
  result.high = base.high / head.low;
  result.p = result.p_adjusted = found.p;
  result.accepted = asv::is_better(times.base, times.head, rules.min_ratio);
  const auto how = found.by_test
                     ? "Mann-Whitney p = " + probability_text(found.p)
                     : std::string{"99 % intervals, too few samples to test"};
  if (!found.different && !result.accepted)
    result.reason = "ASV calls the sides not different (" + how + ")";
  else if (!result.accepted)
    result.reason = "different, but not by the factor "
                    + ratio_text(rules.min_ratio) + " (" + how + ")";
  else
    result.reason = "holds (" + how + ")";
  return result;
}

} // namespace

speedup_measured judge_otherwise(const trialled& x, const gate_rules& rules) {
  const bool asv = rules.method == "asv";
  speedup_measured result;
  for (const auto& each : x.benchmarks) {
    if (usability_of(each) != usability::timed)
      continue;
    result.candidates.push_back(asv ? by_asv(each, rules)
                                    : by_ratio(each, rules));
  }
  result.screened = static_cast<std::uint32_t>(result.candidates.size());
  const auto all = overall_ratio(x.benchmarks, rules.confidence);
  result.geomean = all.geomean;
  result.geomean_low = all.low;
  const auto method
    = std::string{asv ? "by ASV's own rule (method \"asv\"): "
                      : "by the largest ratio of medians (method "
                        "\"largest_ratio\"): "};
  const auto* best = best_of(result.candidates, true);
  const auto* shown
    = best != nullptr ? best : best_of(result.candidates, false);
  result.accepted = best != nullptr;
  result.rule = result.accepted ? rules::accepted : rules::no_speedup;
  result.explanation
    = method + shown->benchmark + " " + ratio_text(shown->estimate)
      + (result.accepted ? "x is the largest ratio that holds of "
                         : "x has the largest ratio of ")
      + count_text(result.screened, "benchmark") + "; at least "
      + ratio_text(rules.min_ratio) + " is needed: " + shown->reason + ".";
  if (result.accepted) {
    result.benchmark = best->benchmark;
    result.estimate = best->estimate;
    result.low = best->low;
    result.high = best->high;
  }
  return result;
}

} // namespace fc::events::policy::speedup
