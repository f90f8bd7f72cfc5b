#pragma once

#include "projections/tables/table_output.hpp"

namespace fc::projections {

/// Table `harbor_runs`: one row for every time both sides were timed, with what
/// the speedup gate makes of it. `max_speedup` is the largest ratio that was
/// measured, accepted or not; `speedup` that of the accepted benchmark. The
/// verdict's columns are null until there is one, numbers where nothing was
/// measured; `failed` where the instrument could not look, so that nothing is
/// said of the change. `publishable` says whether it may be published, wherever
/// it was measured.
struct harbor_runs {
  static constexpr std::string_view name = "harbor_runs";
  static constexpr int version = 2;
  static constexpr bool of_streams = true;
  using handles = events::list<events::trialled, events::speedup_measured>;
  static const table rows;

  void put(const pull_request_view& x);

  table_output to;
};

/// Table `trial_benchmarks`: the raw pairs of every benchmark of a trial.
/// Times are seconds a call.
struct trial_benchmarks {
  static constexpr std::string_view name = "trial_benchmarks";
  static constexpr int version = 3;
  using handles = events::list<events::trialled>;
  static const table rows;

  void apply(const event_context& m, const events::trialled& x);

  table_output to;
};

/// Table `benchmark_information`: every benchmark that was timed on both sides,
/// as the change that was merged (the oracle) did against base.
struct benchmark_information {
  static constexpr std::string_view name = "benchmark_information";
  static constexpr int version = 1;
  static constexpr bool of_streams = true;
  using handles = events::list<events::trialled, events::speedup_measured>;
  static const table rows;

  void put(const pull_request_view& x);

  table_output to;
};

/// Table `releases`: what is part of the dataset, and what was withdrawn from
/// it: a row once published stays.
struct releases {
  static constexpr std::string_view name = "releases";
  static constexpr int version = 3;
  static constexpr bool of_streams = true;
  using handles = events::list<events::published, events::withdrawn>;
  static const table rows;

  void put(const pull_request_view& x);

  table_output to;
};

/// The pairs that say most about a benchmark: confirmed ones, else screened.
struct pair_summary {
  std::size_t pairs = 0;
  double base = 0;    ///< Median, seconds a call.
  double patched = 0; ///< Median, seconds a call.
  double ratio = 0;   ///< Of the pairs' base / patched, as the gate reads it.
};

/// All NaN for a benchmark that was not timed.
pair_summary summarise(const events::benchmark_trial& x);

} // namespace fc::projections
