#pragma once

#include "projections/run_progress.hpp"
#include "projections/tables/table_output.hpp"

namespace fc::projections {

/// Table `runner_progress`: one row for each run and one for each of its
/// stages, from the run's first event on. What remains is always total -
/// completed - failed.
struct runner_progress {
  static constexpr std::string_view name = "runner_progress";
  static constexpr int version = 3;
  static constexpr bool of_runs = true;
  using handles = events::list<events::run_started, events::run_finished>;
  static const table rows;

  void put(const run_status& x);

  table_output to;
};

/// Table `runner_failures`: every failed attempt at a stage, the first is 0.
struct runner_failures {
  static constexpr std::string_view name = "runner_failures";
  static constexpr int version = 2;
  using handles = events::list<events::attempt_failed>;
  static const table rows;

  void apply(const event_context& m, const events::attempt_failed& x);

  table_output to;
};

/// Table `error_logs`: every attempt to build, whatever came of it; the first
/// of a pull request is 0.
struct error_logs {
  static constexpr std::string_view name = "error_logs";
  static constexpr int version = 2;
  static constexpr bool of_streams = true;
  using handles
    = events::list<events::attempt_failed, events::synthesized, events::spent>;
  static const table rows;

  void put(const pull_request_view& x);

  table_output to;
};

} // namespace fc::projections
