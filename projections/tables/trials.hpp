#pragma once

#include "projections/projection.hpp"

namespace fc::projections {

/// Table `trials`: one row for every time both sides were timed, with what the
/// speedup gate makes of it. The verdict's columns are null until there is one.
struct trials {
  static constexpr std::string_view name = "trials";
  static constexpr int version = 1;
  using handles = events::list<events::trialled, events::speedup_measured>;
  static const table rows;

  template <events::event E>
  void apply(const moment& m, const E&) {
    if (m.pull_request != nullptr)
      put(*m.pull_request);
  }
  void put(const pull_request_view& x);

  row_sink& out;
};

/// Table `trial_benchmarks`: the raw pairs of every benchmark of a trial.
/// Times are seconds a call.
struct trial_benchmarks {
  static constexpr std::string_view name = "trial_benchmarks";
  static constexpr int version = 1;
  using handles = events::list<events::trialled>;
  static const table rows;

  void apply(const moment& m, const events::trialled& x);

  row_sink& out;
};

/// Table `releases`: what is part of the dataset.
struct releases {
  static constexpr std::string_view name = "releases";
  static constexpr int version = 1;
  using handles = events::list<events::published>;
  static const table rows;

  void apply(const moment& m, const events::published& x);

  row_sink& out;
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
