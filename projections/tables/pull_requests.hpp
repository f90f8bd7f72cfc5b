#pragma once

#include "projections/projection.hpp"

namespace fc::projections {

/// Table `pull_requests`, the spine: the facts of each pull request, what every
/// gate made of it, and how far it came.
struct pull_requests {
  static constexpr std::string_view name = "pull_requests";
  static constexpr int version = 1;
  using handles = pull_request_stream;
  static const table rows;

  template <events::event E>
  void apply(const moment& m, const E&) {
    if (m.pull_request != nullptr)
      put(*m.pull_request);
  }
  void put(const pull_request_view& x);

  row_sink& out;
};

/// Table `packages`: the environment each pull request is built in.
struct packages {
  static constexpr std::string_view name = "packages";
  static constexpr int version = 1;
  using handles = events::list<events::resolved, events::env_resolved>;
  static const table rows;

  template <events::event E>
  void apply(const moment& m, const E&) {
    if (m.pull_request != nullptr)
      put(*m.pull_request);
  }
  void put(const pull_request_view& x);

  row_sink& out;
};

/// "open", "rejected", "failed" or "published".
std::string_view to_text(events::outcome x) noexcept;

/// The last stage that was tried, e.g. "synthesize_images"; "scrape_commits"
/// for a pull request that was only seen.
std::string stage_reached(const events::pull_request_state& x);

} // namespace fc::projections
