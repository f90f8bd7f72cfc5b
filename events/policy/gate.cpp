#include "events/policy/gate.hpp"

#include "events/policy/admissible.hpp"
#include "events/policy/rules/from_trial.hpp"
#include "events/policy/speedup/comparisons.hpp"
#include "events/policy/speedup/gate_text.hpp"
#include "events/policy/speedup/no_candidate.hpp"
#include "events/policy/speedup/pairs.hpp"
#include "events/policy/speedup/reach.hpp"
#include "events/policy/speedup/unseen.hpp"
#include "events/policy/statistics.hpp"

#include <algorithm>
#include <cmath>

namespace fc::events::policy {

using namespace speedup;

namespace {

/// The interval of the pairs, and beside it how far building the same commit
/// again moves a ratio: both are independent, so their widths add as squares.
statistics::interval widened(double middle, statistics::interval x,
                             double floor, double confidence) {
  const auto bias = floor * statistics::normal_quantile((1 + confidence) / 2);
  return {middle - std::hypot(middle - x.low, bias),
          middle + std::hypot(x.high - middle, bias)};
}

candidate confirm(const benchmark_trial& x, const speedup_measured& known,
                  const gate_rules& rules) {
  const auto ratios = confirm_ratios(x);
  candidate result;
  result.benchmark = x.name;
  result.pairs = static_cast<std::uint32_t>(ratios.values.size());
  result.p = 1;
  if (ratios.values.empty())
    return result;
  result.estimate = ratios.ratio();
  const auto within
    = widened(std::log(result.estimate),
              statistics::median_interval(ratios.values, rules.confidence),
              known.aa_floor, rules.confidence);
  result.low = std::exp(within.low);
  result.high = std::exp(within.high);
  auto above = ratios.values;
  for (auto& value : above)
    value -= std::log1p(known.delta);
  result.p = statistics::signed_rank_greater(above);
  return result;
}

/// Why a candidate does not hold, or nothing.
std::optional<std::string>
objection(const candidate& c, const benchmark_trial& x, double delta,
          const gate_rules& rules) {
  if (c.pairs < rules.min_pairs) {
    auto why = count_text(c.pairs, "usable fresh pair") + ", "
               + std::to_string(rules.min_pairs) + " are needed";
    return x.left_out.empty() ? why : why + " (" + x.left_out + ")";
  }
  if (c.p_adjusted > rules.alpha)
    return "not shown to be more than " + percent_text(delta)
           + " faster: p = " + probability_text(c.p_adjusted) + ", at most "
           + probability_text(rules.alpha) + " is needed";
  if (c.estimate < rules.min_ratio)
    return "its ratio of " + ratio_text(c.estimate) + " is below "
           + ratio_text(rules.min_ratio);
  // A layout that suits one build of the patch moves a benchmark by a few
  // percent in every pair of it.
  if (c.low < rules.min_ratio)
    return "its interval, with what building again moves, begins at "
           + ratio_text(c.low) + ", below " + ratio_text(rules.min_ratio);
  return inadmissible(x, rules);
}

constexpr std::string_view control_lost = "its control is lost: ";

/// Base against base built again was not timed, so nothing says what building
/// and noise alone would have done.
std::optional<std::string>
lost_control(const benchmark_trial& x, const gate_rules& rules) {
  const auto pairs = aa_ratios(x).values.size();
  if (pairs >= rules.min_control_pairs)
    return std::nullopt;
  return std::string{control_lost} + count_text(pairs, "usable pair")
         + " of base against base built again, "
         + std::to_string(rules.min_control_pairs) + " are needed"
         + (x.error.empty() ? "" : " (" + x.error + ")");
}

std::vector<candidate>
confirm_all(const trialled& x, const std::vector<std::size_t>& which,
            const speedup_measured& known, const gate_rules& rules) {
  std::vector<candidate> result;
  std::vector<double> p;
  for (const auto i : which) {
    result.push_back(confirm(x.benchmarks[i], known, rules));
    p.push_back(result.back().p);
  }
  const auto adjusted = statistics::benjamini_hochberg(p);
  for (std::size_t i = 0; i < result.size(); ++i) {
    auto& c = result[i];
    c.p_adjusted = adjusted[i];
    auto why = objection(c, x.benchmarks[which[i]], known.delta, rules);
    if (!why)
      why = lost_control(x.benchmarks[which[i]], rules);
    c.accepted = !why;
    c.reason = why.value_or("holds");
  }
  return result;
}

guard guard_geomean(const overall& all, const gate_rules& rules) {
  guard result{"geomean", all.low, rules.geomean_low, false, {}};
  result.held = all.low >= rules.geomean_low;
  result.explanation
    = "over " + count_text(all.benchmarks, "benchmark") + " the geometric mean "
      + "of the ratios is " + ratio_text(all.geomean) + ", at least "
      + ratio_text(all.low) + " with " + percent_text(rules.confidence)
      + " confidence; at least " + ratio_text(rules.geomean_low) + " is needed";
  if (!result.held)
    result.explanation += all.high < 1
                            ? ": together the benchmarks became slower"
                            : ": a slowdown elsewhere is not ruled out";
  return result;
}

/// @param but_for_suite Without benchmarks that fail on both sides.
guard guard_degenerate(const trialled& x, const gate_rules& rules,
                       bool but_for_suite = false) {
  std::size_t wanted = 0;
  std::size_t degenerate = 0;
  for (const auto& b : x.benchmarks) {
    const auto use = usability_of(b);
    // What fails alike on both sides before it was seen to reach the change
    // says nothing of the change.
    if ((but_for_suite || !surely_reached(b)) && fails_everywhere(b))
      continue;
    if (!is_lenient(rules) && is_new(b))
      continue;
    wanted += use == usability::timed || use == usability::degenerate ? 1 : 0;
    degenerate += use == usability::degenerate ? 1 : 0;
  }
  guard result{"degenerate", 0, rules.max_degenerate, false, {}};
  if (wanted > 0)
    result.value
      = static_cast<double>(degenerate) / static_cast<double>(wanted);
  result.held = result.value <= result.limit;
  result.explanation = std::to_string(degenerate) + " of "
                       + count_text(wanted, "benchmark")
                       + " that reach the change could not be timed on both "
                         "sides; at most "
                       + percent_text(result.limit) + " may";
  return result;
}

/// Usable pairs of base against base of the candidate that decides: the one
/// with fewest of those that hold, or, where all that would hold lost theirs,
/// of the first of these.
guard guard_control(const trialled& x, const std::vector<std::size_t>& which,
                    const speedup_measured& found, const gate_rules& rules) {
  guard result{"control", 0, static_cast<double>(rules.min_control_pairs), true,
               "no candidate that holds lost its control"};
  bool any = false;
  const candidate* lost = nullptr;
  for (std::size_t i = 0; i < which.size(); ++i) {
    const auto& c = found.candidates[i];
    const auto pairs
      = static_cast<double>(aa_ratios(x.benchmarks[which[i]]).values.size());
    if (c.accepted) {
      result.value = any ? std::min(result.value, pairs) : pairs;
      any = true;
    } else if (lost == nullptr && c.reason.starts_with(control_lost)) {
      lost = &c;
      result.value = any ? result.value : pairs;
    }
  }
  if (!any && lost != nullptr) {
    result.held = false;
    result.explanation = lost->benchmark + ": " + lost->reason;
  }
  return result;
}

/// Nothing that such processes say can be trusted.
guard guard_clock(const trialled& x, const std::vector<std::size_t>& which,
                  const speedup_measured& found, const gate_rules& rules) {
  guard result{"clock", 0, rules.max_clock_gap, false, {}};
  std::string at;
  for (std::size_t i = 0; i < which.size(); ++i) {
    const auto gap = clock_gap(x.benchmarks[which[i]]);
    if (found.candidates[i].accepted && gap >= result.value) {
      result.value = gap;
      at = found.candidates[i].benchmark;
    }
  }
  result.held = result.value <= result.limit;
  result.explanation = "the time that the processes claim contradicts the time "
                       "measured outside of them by "
                       + percent_text(result.value)
                       + (at.empty() ? "" : " in " + at) + "; at most "
                       + percent_text(result.limit) + " may";
  return result;
}

std::string summary_of(const candidate& c) {
  return c.benchmark + " " + ratio_text(c.estimate) + "x [" + ratio_text(c.low)
         + ", " + ratio_text(c.high)
         + "], p = " + probability_text(c.p_adjusted);
}

/// A candidate that has too few pairs was not tested, whatever the others say.
bool conclude_untested(speedup_measured& to, const trialled& x,
                       const policy& p) {
  if (is_lenient(p.gate))
    return false;
  for (const auto& c : to.candidates) {
    if (c.pairs >= p.gate.min_pairs)
      continue;
    to.rule = ran_out_of_time(x) ? rules::budget : rules::few_pairs;
    to.explanation = "no candidate holds, and " + c.benchmark
                     + " could not be tested: " + c.reason + ".";
    to.failed = true;
    return true;
  }
  return false;
}

/// The guard that decides where several do not hold: a lost control first, then
/// a clock that lies, as nothing else says anything without them.
const guard* broken_guard(const speedup_measured& x) {
  const auto rank = [](const guard& each) {
    return each.name == "control" ? 0 : each.name == "clock" ? 1 : 2;
  };
  const guard* first = nullptr;
  for (const auto& each : x.guards)
    if (!each.held && (first == nullptr || rank(each) < rank(*first)))
      first = &each;
  return first;
}

void conclude(speedup_measured& to, const trialled& x, const policy& p) {
  const auto n = to.candidates.size();
  const auto* best = best_of(to.candidates, true);
  const auto* broken = broken_guard(to);
  if (broken != nullptr && broken->name == "control") {
    to.rule = rules::guard_control;
    to.explanation
      = "a lost control is not a quiet one: " + broken->explanation + ".";
    to.failed = true;
    return;
  }
  if (best == nullptr) {
    if (conclude_untested(to, x, p))
      return;
    const auto* nearest = best_of(to.candidates, false);
    to.rule = rules::no_speedup;
    to.explanation = (n == 1 ? "the only candidate does not hold: "
                             : "none of " + std::to_string(n)
                                 + " candidates holds, the best is ")
                     + summary_of(*nearest) + ": " + nearest->reason + ".";
    return;
  }
  const auto held = static_cast<std::size_t>(
    std::count_if(to.candidates.begin(), to.candidates.end(),
                  [](const auto& c) { return c.accepted; }));
  to.explanation = std::to_string(held) + " of " + count_text(n, "candidate")
                   + (held == 1 ? " holds: " : " hold: ") + summary_of(*best);
  if (broken != nullptr) {
    to.rule = std::string{rules::guard_prefix} + broken->name;
    to.explanation += ", but " + broken->explanation + ".";
    to.failed = broken->name == "degenerate" && !is_lenient(p.gate)
                && guard_degenerate(x, p.gate, true).held;
    return;
  }
  to.accepted = true;
  to.rule = rules::accepted;
  to.benchmark = best->benchmark;
  to.estimate = best->estimate;
  to.low = best->low;
  to.high = best->high;
  to.explanation += ". A speedup counts above " + percent_text(to.delta) + "; "
                    + count_text(to.screened, "benchmark")
                    + " screened, geometric mean " + ratio_text(to.geomean)
                    + "x.";
}

/// Takes over a verdict that needs no confirmation.
bool refused(speedup_measured& to, std::optional<refusal> why) {
  if (!why)
    return false;
  to.rule = std::move(why->rule);
  to.explanation = std::move(why->explanation);
  to.failed = why->failed;
  return true;
}

} // namespace

std::vector<std::size_t>
screen(const std::vector<benchmark_trial>& all, const gate_rules& rules,
       std::uint32_t max_candidates) {
  std::vector<std::pair<double, std::size_t>> found;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (usability_of(all[i]) != usability::timed)
      continue;
    const double ratio = screen_ratios(all[i]).ratio();
    if (ratio >= rules.screen_ratio && !inadmissible(all[i], rules))
      found.emplace_back(ratio, i);
  }
  std::stable_sort(
    found.begin(), found.end(),
    [](const auto& a, const auto& b) { return a.first > b.first; });
  if (found.size() > max_candidates)
    found.resize(max_candidates);
  std::vector<std::size_t> result;
  for (const auto& [ratio, i] : found)
    result.push_back(i);
  return result;
}

speedup_measured judge_speedup(const trialled& x, const policy& p) {
  speedup_measured result;
  result.delta = p.gate.delta;
  if (refused(result, refuse_untimed(x, p.gate)))
    return result;
  if (p.gate.method != "paired")
    return judge_otherwise(x, p.gate);
  const auto all = overall_ratio(x.benchmarks, p.gate.confidence);
  result.screened = static_cast<std::uint32_t>(all.benchmarks);
  result.geomean = all.geomean;
  result.geomean_low = all.low;
  result.guards = {guard_geomean(all, p.gate), guard_degenerate(x, p.gate)};
  if (refused(result, refuse_identical(x)))
    return result;
  const auto which = screen(x.benchmarks, p.gate, p.trial.max_candidates);
  if (which.empty()) {
    refused(result, no_candidate(x, all, p.gate));
    return result;
  }
  result.aa_floor = aa_spread(x.benchmarks, which);
  result.delta = std::max(p.gate.delta, p.gate.floor_factor * result.aa_floor);
  result.candidates = confirm_all(x, which, result, p.gate);
  if (p.gate.min_control_pairs > 0)
    result.guards.push_back(guard_control(x, which, result, p.gate));
  if (p.gate.max_clock_gap < 1)
    result.guards.push_back(guard_clock(x, which, result, p.gate));
  conclude(result, x, p);
  return result;
}

} // namespace fc::events::policy
