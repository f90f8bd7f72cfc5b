#include "events/policy/speedup/no_candidate.hpp"

#include "events/policy/admissible.hpp"
#include "events/policy/rules.hpp"
#include "events/policy/speedup/gate_text.hpp"
#include "events/policy/speedup/reach.hpp"
#include "events/policy/speedup/unseen.hpp"

#include <algorithm>

namespace fc::events::policy::speedup {

namespace {

/// The evidence keeps the whole text.
std::string first_line(const std::string& text) {
  return text.substr(0, text.find('\n'));
}

std::string failure_of(const benchmark_trial& x) {
  std::string what = x.status == "crashed"   ? " crashes"
                     : x.status == "timeout" ? " runs longer than allowed"
                     : x.status == "error"   ? " fails"
                                             : " gives no usable pair of times";
  return x.name + what + (x.error.empty() ? "" : ": " + first_line(x.error));
}

/// The first benchmark for which `pick` holds, or nothing.
template <class F>
const benchmark_trial* first_of(const trialled& x, F&& pick) {
  const auto found
    = std::find_if(x.benchmarks.begin(), x.benchmarks.end(), pick);
  return found == x.benchmarks.end() ? nullptr : &*found;
}

template <class F>
std::size_t count_of(const trialled& x, F&& pick) {
  return static_cast<std::size_t>(
    std::count_if(x.benchmarks.begin(), x.benchmarks.end(), pick));
}

refusal refuse_failed(const benchmark_trial& example, std::string why,
                      const gate_rules& rules) {
  return {example.status == "crashed" ? rules::benchmark_crashes
                                      : rules::benchmark_errors,
          std::move(why), !is_lenient(rules) && fails_everywhere(example)};
}

/// The first thing that hid a part of the suite.
std::string cause_of_unseen(const trialled& x) {
  if (x.modules_seen < x.modules && !x.import_errors.empty())
    return first_line(x.import_errors.front());
  const auto* example = first_of(x, fails_everywhere);
  return example != nullptr ? failure_of(*example) : std::string{"no cause"};
}

/// Where nothing was found and a part of the suite was not looked at.
std::optional<refusal>
refuse_unseen(const trialled& x, const std::string& found,
              const gate_rules& rules) {
  if (is_lenient(rules))
    return std::nullopt;
  if (ran_out_of_time(x))
    return refusal{rules::budget,
                   found
                     + ", and the time allowed ran out before all was "
                       "tried: "
                     + seen_text(x) + ".",
                   true};
  if (unseen_share(x) <= rules.max_unseen)
    return std::nullopt;
  return refusal{rules::suite_unseen,
                 found + ", but not all could be looked at: " + seen_text(x)
                   + ", at most " + percent_text(rules.max_unseen)
                   + " may be unseen: " + cause_of_unseen(x) + ".",
                 true};
}

std::optional<refusal>
refuse_unreached(const trialled& x, const gate_rules& rules) {
  if (count_of(x, is_reached) > 0)
    return std::nullopt;
  const auto failed = count_of(x, has_failed);
  const auto* example = first_of(x, has_failed);
  if (failed > 0 && failed == x.benchmarks.size())
    return refuse_failed(*example,
                         "no benchmark runs, so none is known to "
                         "reach the change: "
                           + failure_of(*example) + ".",
                         rules);
  const auto untried
    = count_of(x, [](const auto& b) { return b.status == "left_out"; });
  const auto all = std::max<std::size_t>(x.listed, x.benchmarks.size());
  auto why = std::string{untried == 0 ? "no benchmark reaches the change"
                                      : "no benchmark that was tried reaches "
                                        "the change"}
             + ": of " + count_text(all - untried, "benchmark")
             + " none runs the changed code";
  if (!x.changed_functions.empty())
    why += " (" + x.changed_functions.front()
           + (x.changed_functions.size() == 1 ? ")" : " and others)");
  if (failed > 0)
    why += "; " + std::to_string(failed) + " did not run, such as "
           + failure_of(*example);
  if (untried > 0)
    return refusal{rules::budget,
                   why + "; " + std::to_string(untried)
                     + " more were not tried, as the time allowed "
                       "for it ran out.",
                   !is_lenient(rules)};
  if (!x.import_errors.empty())
    why += "; " + count_text(x.import_errors.size(), "file")
           + " of the suite cannot be imported: "
           + first_line(x.import_errors.front());
  return refusal{rules::no_benchmark, why + "."};
}

/// The benchmark with the largest or smallest screen ratio.
struct extreme {
  const benchmark_trial* which = nullptr;
  double ratio = 0;
};

template <class Better, class Pick>
extreme extreme_of(const trialled& x, Better better, Pick pick) {
  extreme result;
  for (const auto& b : x.benchmarks) {
    if (usability_of(b) != usability::timed || !pick(b))
      continue;
    const double ratio = screen_ratios(b).ratio();
    if (result.which == nullptr || better(ratio, result.ratio))
      result = {&b, ratio};
  }
  return result;
}

} // namespace

namespace {

std::optional<refusal> why_untimed(const trialled& x, const gate_rules& rules) {
  if (auto why = refuse_unreached(x, rules))
    return why;
  const auto is = [](usability wanted) {
    return [wanted](const auto& b) {
      return usability_of(b) == wanted;
    };
  };
  if (count_of(x, is(usability::timed)) > 0)
    return std::nullopt;
  const auto reached = count_of(x, is_reached);
  const auto intro = reached == 1
                       ? std::string{"the only benchmark that reaches the "
                                     "change could not be timed: "}
                       : "none of " + std::to_string(reached)
                           + " benchmarks that reach the change could be "
                             "timed: ";
  const auto* example = first_of(
    x, [&](const auto& b) { return is_reached(b) && b.status == "crashed"; });
  if (example == nullptr)
    example = first_of(x, is(usability::degenerate));
  // What fails everywhere hides whether the change is worth anything.
  if (const auto* everywhere = first_of(
        x, [](const auto& b) { return is_reached(b) && fails_everywhere(b); });
      everywhere != nullptr && !is_lenient(rules))
    example = everywhere;
  if (example != nullptr)
    return refuse_failed(*example, intro + failure_of(*example) + ".", rules);
  example = first_of(x, is_reached);
  if (example->status == "skipped")
    return refusal{rules::no_benchmark,
                   intro + "the suite skips " + example->name + "."};
  return refusal{rules::budget,
                 intro + example->name + " was left out, "
                   + (example->left_out.empty() ? "the time allowed ran out"
                                                : example->left_out)
                   + ".",
                 !is_lenient(rules) && ran_out_of_time(x)};
}

} // namespace

std::optional<refusal>
refuse_untimed(const trialled& x, const gate_rules& rules) {
  auto why = why_untimed(x, rules);
  if (!why || why->failed)
    return why;
  // A "no" counts only where all was looked at.
  auto found = why->explanation;
  if (found.ends_with('.'))
    found.pop_back();
  if (auto unseen = refuse_unseen(x, found, rules))
    return unseen;
  return why;
}

std::optional<refusal> refuse_identical(const trialled& x) {
  if (!x.changed_compiled || x.artefacts_differ || x.control)
    return std::nullopt;
  return refusal{rules::not_measurable,
                 "compiled sources changed and the built artefacts of both "
                 "sides are identical: there is nothing to measure, which is "
                 "not a speedup of 1.0."};
}

refusal
no_candidate(const trialled& x, const overall& all, const gate_rules& rules) {
  const auto larger = [](double a, double b) {
    return a > b;
  };
  const auto smaller = [](double a, double b) {
    return a < b;
  };
  const auto any = [](const auto&) {
    return true;
  };
  const auto admissible = [&](const auto& b) {
    return !inadmissible(b, rules);
  };
  const auto [worn, worn_ratio]
    = extreme_of(x, larger, [&](const auto& b) { return !admissible(b); });
  const auto [best, best_ratio] = extreme_of(x, larger, admissible);
  if (worn != nullptr && (best == nullptr || worn_ratio >= rules.screen_ratio))
    return {rules::wears_off,
            worn->name + " reads " + ratio_text(worn_ratio)
              + "x and does not count: " + *inadmissible(*worn, rules)
              + (best == nullptr ? "."
                                 : ". No other benchmark is "
                                   "faster.")};
  const auto [slowest, slowest_ratio] = extreme_of(x, smaller, any);
  if (all.high < 1 && slowest_ratio * rules.screen_ratio <= 1)
    return {
      rules::slower,
      "no benchmark is faster, and " + slowest->name
        + " became slower: a call takes " + ratio_text(1 / slowest_ratio)
        + " times as long. Over " + count_text(all.benchmarks, "benchmark")
        + " the geometric mean of the ratios is " + ratio_text(all.geomean)
        + ", at most " + ratio_text(all.high) + "."};
  const auto found = "no benchmark is faster: the best of "
                     + count_text(all.benchmarks, "benchmark") + ", "
                     + best->name + ", reads " + ratio_text(best_ratio)
                     + "x where " + ratio_text(rules.screen_ratio)
                     + "x is needed to go on";
  if (auto unseen = refuse_unseen(x, found, rules))
    return *std::move(unseen);
  return {rules::no_candidate, found + "."};
}

} // namespace fc::events::policy::speedup
