#pragma once

#include "projections/projection.hpp"

namespace fc::projections {

/// Table `repositories`: where pull requests come from, and which
/// repositories are left out for what reason.
struct repositories {
  static constexpr std::string_view name = "repositories";
  static constexpr int version = 1;
  using handles
    = events::list<events::repository_seen, events::repository_excluded>;
  static const table rows;

  template <events::event E>
  void apply(const moment& m, const E&) {
    if (m.repository != nullptr)
      put(*m.repository);
  }
  void put(const repository_view& x);

  row_sink& out;
};

/// Table `windows`: whether every pull request of a window is stored.
struct windows {
  static constexpr std::string_view name = "windows";
  static constexpr int version = 1;
  using handles = events::list<events::window_reconciled>;
  static const table rows;

  void apply(const moment& m, const events::window_reconciled& x);

  row_sink& out;
};

} // namespace fc::projections
