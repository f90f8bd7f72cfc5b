#pragma once

#include "projections/reports/scope.hpp"

#include <array>
#include <map>
#include <string>

namespace fc::projections {

/// How many pull requests came past each column of `events::funnel_columns`,
/// and why others did not.
struct funnel_count {
  /// By column: how many have survived it and all before.
  std::array<std::uint64_t, events::funnel_column_total> survived{};
  /// Those that ended, by the column that stopped them and the rule; a rule
  /// that stopped work without judging it ends in " (failed)".
  std::map<std::size_t, std::map<std::string, std::uint64_t>> reasons;
  /// Still open, by the column before them.
  std::map<std::size_t, std::uint64_t> open;

  bool operator==(const funnel_count&) const = default;
};

/// How many pull requests survived each column. Keeps a few bytes for each.
struct funnel {
  static constexpr std::string_view name = "funnel";
  static constexpr int version = 1;
  using handles = pull_request_stream;

  /// Repository and merge month ("2024-03"; "unknown" before it was seen).
  struct group {
    std::string repository;
    std::string month;
    auto operator<=>(const group&) const = default;
  };

  template <events::event E>
  void apply(const event_context& m, const E&) {
    if (m.pull_request != nullptr && about.holds(m))
      put(*m.pull_request);
  }
  void put(const pull_request_view& x);

  /// By repository, then month.
  std::map<group, funnel_count> groups() const;
  funnel_count total() const;

  scope about;

private:
  struct entry {
    std::string month;
    /// The first column not survived; their number for a published one.
    std::size_t stopped_at = 0;
    events::outcome ends = events::outcome::open;
    std::string rule;
  };

  static void add(funnel_count& to, const entry& x);

  std::map<events::pull_request_id, entry> entries_;
};

/// The first of `events::funnel_columns` that a pull request has not survived;
/// their number for a published one.
std::size_t stopped_at(const events::pull_request_state& x) noexcept;

} // namespace fc::projections
