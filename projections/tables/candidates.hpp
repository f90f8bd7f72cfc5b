#pragma once

#include "projections/tables/table_output.hpp"

namespace fc::projections {

/// Table `candidate_prs`: the problem statement of each pull request that is
/// built. Not public: it shows what a solver is to be asked before it is.
struct candidate_prs {
  static constexpr std::string_view name = "candidate_prs";
  static constexpr int version = 1;
  static constexpr bool of_streams = true;
  using handles = events::list<events::problem_rendered>;
  static const table rows;

  void put(const pull_request_view& x);

  table_output to;
};

/// Table `candidate_containers`: the environments that work, the newest of each
/// pull request: both sides were built. Builds that failed are in `error_logs`
/// alone. "verified" once a trial in it was accepted.
struct candidate_containers {
  static constexpr std::string_view name = "candidate_containers";
  static constexpr int version = 2;
  static constexpr bool of_streams = true;
  using handles = events::list<events::synthesized, events::image_built,
                               events::speedup_measured>;
  static const table rows;

  void put(const pull_request_view& x);

  table_output to;
};

} // namespace fc::projections
