#pragma once

#include "projections/reports/scope.hpp"

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fc::projections {

/// What steps cost, added up.
struct cost {
  std::uint64_t steps = 0;
  std::uint64_t calls = 0;
  double wall_seconds = 0;
  double cpu_seconds = 0;
  std::uint64_t bytes = 0;
  std::uint64_t tokens = 0;
  double usd = 0;

  cost& operator+=(const cost& x);
  cost& operator+=(const events::spent& x);
};

/// What a cost was for: what became of the pull request in the end, or no pull
/// request at all (runs, repositories).
enum class spent_on : std::uint8_t {
  published,
  rejected,
  failed,
  open,
  no_pull_request
};

inline constexpr std::size_t spent_on_total = 5;

/// "published", "rejected", "failed", "open", "no pull request".
std::string_view to_text(spent_on x) noexcept;

/// Costs of a repository, or of all.
struct spend_count {
  cost total;
  std::array<cost, spent_on_total> by_end;
  /// Pull requests by what became of them; only those that cost something, or
  /// were published.
  std::array<std::uint64_t, spent_on_total> pull_requests{};
  std::map<std::string, cost> stages;

  std::uint64_t published() const {
    return pull_requests[static_cast<std::size_t>(spent_on::published)];
  }
};

/// What it cost: by stage, by repository, by what came of it. Keeps about 200
/// bytes for each pull request that cost something.
struct spend {
  static constexpr std::string_view name = "spend";
  static constexpr int version = 1;
  using handles
    = events::join_t<pull_request_stream, events::list<events::spent>>;

  template <events::event E>
  void apply(const event_context& m, const E&) {
    settle(m);
  }
  void apply(const event_context& m, const events::spent& x);

  spend_count total() const;
  /// By repository; what no repository caused is under "".
  std::map<std::string, spend_count> repositories() const;

  scope about;

private:
  struct account {
    cost own;
    events::outcome ends = events::outcome::open;
  };
  using by_stage = std::map<std::string, cost>;

  void settle(const event_context& m);
  template <class Pick>
  void add_up(Pick&& pick) const;

  std::map<events::pull_request_id, account> accounts_;
  std::map<std::string, by_stage> stages_; ///< By repository.
  std::map<std::string, cost> other_;      ///< Of no pull request, the same.
};

/// The stages of costs in the order of the pipeline, others behind.
std::vector<std::string> stages_in_order(const std::map<std::string, cost>& x);

} // namespace fc::projections
