#pragma once

#include "events/event.hpp"
#include "events/ids.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fc::events {

/// What all timed regions of one side's processes took, in seconds: as the
/// processes claim, and as measured from outside of them. Where nobody lies,
/// cpu <= claimed <= wall holds but for what outside cannot resolve.
struct clock_totals {
  double claimed = 0;
  double cpu = 0;
  double wall = 0;
  double resolution = 0;

  using fields = members<&clock_totals::claimed, &clock_totals::cpu,
                         &clock_totals::wall, &clock_totals::resolution>;
  bool operator==(const clock_totals&) const = default;
};

/// One benchmark (with one set of parameters) and its raw pairs. Times are
/// seconds a call; element i of a base vector and of its partner are one pair
/// of fresh processes.
struct benchmark_trial {
  std::string name; ///< ASV name, with parameters in brackets.
  /// "ok", "error", "crashed", "timeout", "skipped" or "left_out".
  std::string status;
  std::string error;
  /// How near it comes to the change: the name of a
  /// `policy::speedup::reach`, as the harness says it.
  std::string reach;
  /// Changed functions that ran, at most 20.
  std::vector<std::string> executed;
  double base_single = 0; ///< One call after a fresh setup, median.
  double base_loop = 0;   ///< A call in a calibrated loop, median.
  double head_single = 0;
  double head_loop = 0;
  std::vector<double> screen_base;
  std::vector<double> screen_head;
  std::vector<double> confirm_base;
  std::vector<double> confirm_head;
  std::vector<double> aa_base; ///< Base against base built again.
  std::vector<double> aa_twin;
  std::vector<double> first_base; ///< First call of each fresh process.
  std::vector<double> first_head;
  std::string left_out; ///< Why it was not timed (further), empty if it was.
  /// One call after many and no new setup, on caches as cold as after one.
  double base_worn = 0;
  double head_worn = 0;
  clock_totals base_clock; ///< Of all its timing processes; twin not counted.
  clock_totals head_clock;
  /// What each side alone says; empty where it was not recorded, "absent" where
  /// the side does not list the benchmark.
  std::string base_status;
  std::string head_status;

  using fields
    = members<&benchmark_trial::name, &benchmark_trial::status,
              &benchmark_trial::error, &benchmark_trial::reach,
              &benchmark_trial::executed, &benchmark_trial::base_single,
              &benchmark_trial::base_loop, &benchmark_trial::head_single,
              &benchmark_trial::head_loop, &benchmark_trial::screen_base,
              &benchmark_trial::screen_head, &benchmark_trial::confirm_base,
              &benchmark_trial::confirm_head, &benchmark_trial::aa_base,
              &benchmark_trial::aa_twin, &benchmark_trial::first_base,
              &benchmark_trial::first_head, &benchmark_trial::left_out,
              &benchmark_trial::base_worn, &benchmark_trial::head_worn,
              &benchmark_trial::base_clock, &benchmark_trial::head_clock,
              &benchmark_trial::base_status, &benchmark_trial::head_status>;
  bool operator==(const benchmark_trial&) const = default;
};

/// A benchmark that passed the screen and what the fresh pairs say.
struct candidate {
  std::string benchmark;
  double estimate = 0; ///< Median of base time / patched time.
  double low = 0;
  double high = 0;
  double p = 0;          ///< One-sided signed-rank, speedup <= 1 + delta.
  double p_adjusted = 0; ///< Benjamini-Hochberg.
  std::uint32_t pairs = 0;
  bool accepted = false;
  std::string reason;

  using fields
    = members<&candidate::benchmark, &candidate::estimate, &candidate::low,
              &candidate::high, &candidate::p, &candidate::p_adjusted,
              &candidate::pairs, &candidate::accepted, &candidate::reason>;
  bool operator==(const candidate&) const = default;
};

/// A condition of the gate besides the test itself.
struct guard {
  std::string name;
  double value = 0;
  double limit = 0;
  bool held = false;
  std::string explanation;

  using fields = members<&guard::name, &guard::value, &guard::limit,
                         &guard::held, &guard::explanation>;
  bool operator==(const guard&) const = default;
};

/// Paired trials of base and patched were run: raw evidence.
struct trialled {
  static constexpr std::uint16_t tag = 400;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "Trialled";

  std::string environment; ///< "local-sandbox", ...
  std::string machine;     ///< Processor, count, kernel.
  std::string isolation;
  std::string clock;
  std::vector<benchmark_trial> benchmarks;
  std::uint32_t listed = 0; ///< Benchmarks in the suite, parameters counted.
  std::uint32_t impacted = 0;
  std::vector<std::string> import_errors;
  std::vector<std::string> changed_functions;
  bool changed_compiled = false;
  bool artefacts_differ = false;
  bool budget_spent = false; ///< The time allowed ran out.
  double seconds = 0;
  blob_ref report; ///< Every sample of every process, as JSON.
  bool control = false;
  /// Modules of the suite, and those that at least one side could import; 0 of
  /// 0 where it was not recorded.
  std::uint32_t modules = 0;
  std::uint32_t modules_seen = 0;
  std::uint32_t ran = 0;   ///< Benchmarks that ran to their end on a side.
  bool survey_cut = false; ///< The survey ended before it saw all.
  /// Attributes and settings of the suite that are not honoured, and why.
  std::vector<std::string> ignored;
  /// What it was run with: another one may see what this one could not.
  std::string instrument;

  using fields
    = members<&trialled::environment, &trialled::machine, &trialled::isolation,
              &trialled::clock, &trialled::benchmarks, &trialled::listed,
              &trialled::impacted, &trialled::import_errors,
              &trialled::changed_functions, &trialled::changed_compiled,
              &trialled::artefacts_differ, &trialled::budget_spent,
              &trialled::seconds, &trialled::report, &trialled::control,
              &trialled::modules, &trialled::modules_seen, &trialled::ran,
              &trialled::survey_cut, &trialled::ignored, &trialled::instrument>;
  bool operator==(const trialled&) const = default;
};

/// What the speedup gate makes of the trials.
struct speedup_measured {
  static constexpr std::uint16_t tag = 401;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "SpeedupMeasured";

  bool accepted = false;
  std::string rule; ///< "accepted" or the rule that decided.
  std::string explanation;
  std::string benchmark; ///< The accepted benchmark with the largest estimate.
  double estimate = 0;
  double low = 0;
  double high = 0;
  double delta = 0;
  double aa_floor = 0; ///< Spread of base against base, log ratio.
  double geomean = 0;
  double geomean_low = 0;
  std::uint32_t screened = 0;
  std::vector<candidate> candidates;
  std::vector<guard> guards;
  /// The instrument could not look, so nothing is said of the pull request: it
  /// ends as failed, not as rejected.
  bool failed = false;

  using fields
    = members<&speedup_measured::accepted, &speedup_measured::rule,
              &speedup_measured::explanation, &speedup_measured::benchmark,
              &speedup_measured::estimate, &speedup_measured::low,
              &speedup_measured::high, &speedup_measured::delta,
              &speedup_measured::aa_floor, &speedup_measured::geomean,
              &speedup_measured::geomean_low, &speedup_measured::screened,
              &speedup_measured::candidates, &speedup_measured::guards,
              &speedup_measured::failed>;
  bool operator==(const speedup_measured&) const = default;
};

/// The task is part of the dataset.
struct published {
  static constexpr std::uint16_t tag = 402;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "Published";

  std::string month; ///< Merge month, names the file.
  std::string task_id;
  std::string environment;
  digest row; ///< Of the dataset row.
  std::string admitted_by;

  using fields
    = members<&published::month, &published::task_id, &published::environment,
              &published::row, &published::admitted_by>;
  bool operator==(const published&) const = default;
};

/// A published task no longer qualifies: it leaves the dataset, and what was
/// published stays in the log.
struct withdrawn {
  static constexpr std::uint16_t tag = 403;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "Withdrawn";

  std::string rule; ///< That it fails now.
  std::string explanation;
  std::string task_id;
  std::string month;
  sequence seq = 0; ///< Of the `Published` it takes back.

  using fields
    = members<&withdrawn::rule, &withdrawn::explanation, &withdrawn::task_id,
              &withdrawn::month, &withdrawn::seq>;
  bool operator==(const withdrawn&) const = default;
};

using measurement_events
  = list<trialled, speedup_measured, published, withdrawn>;

} // namespace fc::events
