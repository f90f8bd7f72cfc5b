#pragma once

#include "projections/tables/table_output.hpp"

namespace fc::projections {

/// Table `runner_progress`: one row for each run, and when it ended one for
/// each of its stages.
struct runner_progress {
  static constexpr std::string_view name = "runner_progress";
  static constexpr int version = 2;
  static constexpr bool of_streams = true;
  using handles = events::list<events::run_started, events::run_finished>;
  static const table rows;

  void put(const run_view& x);

  table_output to;
};

/// Table `runner_failures`: every failed attempt at a stage.
struct runner_failures {
  static constexpr std::string_view name = "runner_failures";
  static constexpr int version = 1;
  using handles = events::list<events::attempt_failed>;
  static const table rows;

  void apply(const moment& m, const events::attempt_failed& x);

  table_output to;
};

/// Table `error_logs`: every attempt to build, whatever came of it.
struct error_logs {
  static constexpr std::string_view name = "error_logs";
  static constexpr int version = 1;
  using handles = events::list<events::attempt_failed, events::synthesized>;
  static const table rows;

  void apply(const moment& m, const events::attempt_failed& x);
  void apply(const moment& m, const events::synthesized& x);

  table_output to;
};

} // namespace fc::projections
