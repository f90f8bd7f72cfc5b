#pragma once

#include "projections/tables/table_output.hpp"

namespace fc::projections {

/// Table `packages`: the environment each pull request is built in.
struct packages {
  static constexpr std::string_view name = "packages";
  static constexpr int version = 3;
  static constexpr bool of_streams = true;
  using handles
    = events::list<events::resolved, events::env_resolved, events::image_built>;
  static const table rows;

  void put(const pull_request_view& x);

  table_output to;
};

} // namespace fc::projections
