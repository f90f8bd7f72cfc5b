#pragma once

#include "projections/reports/scope.hpp"

#include <array>
#include <map>
#include <string>

namespace fc::projections {

/// The steps a pull request has to survive, in order.
enum class gate : std::uint8_t {
  seen,
  symbolic,
  judged,
  resolved,
  rendered,
  built,
  trialled,
  accepted,
  published,
};

inline constexpr std::size_t gate_total = 9;

/// "seen", "symbolic", ...
std::string_view to_text(gate x) noexcept;

/// How many pull requests came past each gate, and why others did not.
struct funnel_count {
  /// By gate: how many have survived it and all gates before.
  std::array<std::uint64_t, gate_total> survived{};
  /// Those that ended, by the gate that stopped them and the rule; a rule that
  /// stopped work without judging it ends in " (failed)".
  std::map<gate, std::map<std::string, std::uint64_t>> reasons;
  /// Still open, by the gate before them.
  std::map<gate, std::uint64_t> open;

  bool operator==(const funnel_count&) const = default;
};

/// How many pull requests survived each gate. Keeps a few bytes for each.
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
  struct place {
    std::string month;
    gate stopped_at = gate::seen; ///< First gate not survived.
    bool survived_all = false;
    events::outcome ends = events::outcome::open;
    std::string rule;
  };

  static void add(funnel_count& to, const place& x);

  std::map<events::pull_request_id, place> places_;
};

/// The first gate a pull request has not survived; `none` for a published one.
std::optional<gate> stopped_at(const events::pull_request_state& x) noexcept;

} // namespace fc::projections
