#pragma once

#include "projections/tables/table_output.hpp"

namespace fc::projections {

/// Table `pull_requests`, the spine: the facts of each pull request, what every
/// gate made of it, and how far it came.
struct pull_requests {
  static constexpr std::string_view name = "pull_requests";
  static constexpr int version = 5;
  static constexpr bool of_streams = true;
  using handles = pull_request_stream;
  static const table rows;

  void put(const pull_request_view& x);

  table_output to;
};

/// "open", "rejected", "failed" or "published".
std::string_view to_text(events::outcome x) noexcept;

} // namespace fc::projections
