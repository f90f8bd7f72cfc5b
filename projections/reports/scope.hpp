#pragma once

#include "projections/projection.hpp"

namespace fc::projections {

/// What a report is about: every repository, or one.
struct scope {
  std::optional<events::repo_name> only;

  bool holds(const events::repo_name& x) const {
    return !only || *only == x;
  }
  /// Streams that belong to no repository are only part of the whole.
  bool holds(const event_context& m) const {
    if (m.pull_request != nullptr)
      return holds(m.pull_request->id.repo);
    if (m.repository != nullptr)
      return holds(m.repository->repo);
    return !only;
  }
};

} // namespace fc::projections
