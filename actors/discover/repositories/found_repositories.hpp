#pragma once

#include "actors/discover/github/cards.hpp"
#include "actors/discover/repositories/named_repositories.hpp"
#include "events/log/event_log.hpp"
#include "events/policy/policy.hpp"

#include <string>
#include <vector>

namespace fc::actors {

/// A repository that stage 2 is to read.
struct found_repository {
  /// The name its streams have: the one it was first stored under. Pull
  /// requests stay there whatever it is called later.
  events::repo_name repo;
  std::string node_id; ///< Its identity.
  std::string found_by;
  repository_card card; ///< `card.facts.repo` is its present name.
};

/// A repository that is not read, and why.
struct unread_repository {
  events::repo_name repo;
  std::string
    rule; ///< Of the policy, "user", "gone", ...; empty for a failure.
  std::string reason;
};

/// The outcome of stage 1.
struct found_repositories {
  std::vector<found_repository> admitted;
  /// By the policy or a person: a verdict.
  std::vector<unread_repository> excluded;
  /// Gone, private, closed, or not to be told apart from another: somebody
  /// should look, and the run ends with `some_failed`.
  std::vector<unread_repository> problems;
  std::vector<events::repository_renamed> renamed; ///< Newly seen.
};

/// Applies the policy to cards and records what is new in the repositories'
/// streams: `RepositorySeen`, `RepositoryExcluded`, `RepositoryReadmitted`,
/// `RepositoryRenamed`. The same cards again record nothing. Nobody else may
/// write to these streams meanwhile.
/// @param cards Of the names, in their order; those of one repository
/// under two names are taken together.
/// @param at End of the window, or now: activity is counted from there.
events::expected<found_repositories>
settle_repositories(events::log::event_log& log,
                    const events::policy::policy& policy,
                    const std::vector<named_repository>& names,
                    const std::vector<repository_card>& cards,
                    events::timestamp at, const std::string& run);

} // namespace fc::actors
