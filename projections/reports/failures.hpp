#pragma once

#include "projections/reports/scope.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace fc::projections {

/// Failures that are alike: same fingerprint.
struct failure_group {
  /// One time it was met.
  struct occurrence {
    events::position at = 0;
    events::timestamp when{};
    events::pull_request_id id;
  };

  events::digest fingerprint;
  /// Failed attempts, and drops that no attempt of their own came before.
  std::uint64_t count = 0;
  std::uint64_t given_up = 0; ///< Drops it was the cause of.
  std::set<events::pull_request_id> pull_requests;
  std::map<std::string, std::uint64_t> stages;
  std::map<std::string, std::uint64_t> causes;
  std::map<std::string, std::uint64_t> repositories;
  occurrence first;
  occurrence last;
  std::string message; ///< Of the first.
};

/// Failed attempts and failed drops by fingerprint. A drop counts with the
/// newest failure of its stage, else with the known failure, else by
/// its own words. Memory follows the failures, not the pull requests.
struct failures {
  static constexpr std::string_view name = "failures";
  static constexpr int version = 1;
  using handles = events::list<events::attempt_failed, events::dropped>;

  void apply(const event_context& m, const events::attempt_failed& x);
  void apply(const event_context& m, const events::dropped& x);

  /// Most frequent first, then the one that was met first.
  std::vector<const failure_group*> groups() const;

  scope about;

private:
  failure_group&
  group_of(const event_context& m, const events::digest& fingerprint,
           const std::string& message);
  static void count(failure_group& to, const event_context& m,
                    const std::string& stage, const std::string& cause);

  std::map<events::digest, failure_group> groups_;
};

} // namespace fc::projections
