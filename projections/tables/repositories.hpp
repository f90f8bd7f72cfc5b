#pragma once

#include "projections/tables/table_output.hpp"

namespace fc::projections {

/// Table `repositories`: where pull requests come from, and which are excluded.
struct repositories {
  static constexpr std::string_view name = "repositories";
  static constexpr int version = 3;
  static constexpr bool of_streams = true;
  using handles
    = events::list<events::repository_seen, events::repository_excluded,
                   events::repository_readmitted, events::repository_renamed>;
  static const table rows;

  void put(const repository_view& x);

  table_output to;
};

/// Table `windows`: certificates that all pull requests of a window are stored,
/// or how many are not; the newest of each window.
struct windows {
  static constexpr std::string_view name = "windows";
  static constexpr int version = 3;
  static constexpr bool of_streams = true;
  using handles = events::list<events::window_reconciled>;
  static const table rows;

  void put(const repository_view& x);

  table_output to;
};

/// Table `benchmark_codes`: sources of benchmarks. Nothing records them yet, so
/// it has no rows; it stands for its readers.
struct benchmark_codes {
  static constexpr std::string_view name = "benchmark_codes";
  static constexpr int version = 1;
  static constexpr bool of_streams = true;
  using handles = events::list<>;
  static const table rows;

  table_output to;
};

} // namespace fc::projections
