#pragma once

#include "projections/event_json.hpp"
#include "projections/projection.hpp"

namespace fc::projections {

/// Table `pr_events`, the audit trail: every event of a pull request in the
/// order of its own stream, with the rule and the policy behind each verdict.
struct pr_events {
  static constexpr std::string_view name = "pr_events";
  static constexpr int version = 1;
  using handles = pull_request_stream;
  static const table rows;

  template <events::event E>
  void apply(const moment& m, const E& x) {
    if (m.pull_request != nullptr)
      put(m, E::name, as_json(x));
  }
  void put(const moment& m, std::string_view event, json content);

  row_sink& out;
};

} // namespace fc::projections
