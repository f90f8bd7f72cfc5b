#pragma once

#include "actors/discover/repositories/found_repositories.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fc::actors {

/// What stage 1 works with.
struct repository_search {
  std::shared_ptr<events::log::event_log> log;
  std::shared_ptr<const events::policy::policy> policy;
  std::string run; ///< Id.
  std::vector<std::unique_ptr<repository_source>> sources;
  services::github_client* github = nullptr;
  /// Pull requests merged in it are counted along with the cards.
  std::optional<time_slice> window;
  std::vector<events::repo_name> only; ///< Read no others; empty: all.
};

/// What stage 1 came to.
struct repository_search_result {
  named_repositories named;
  found_repositories found;
  services::github_usage used; ///< For the cards.

  /// Whether no source and no repository gives cause for concern.
  bool sound() const {
    return named.whole() && found.problems.empty();
  }
};

/// Stage 1: asks the sources, then GitHub for cards of what they name, applies
/// the policy and records what is new, and what it cost (`Spent`, stage
/// `scrape_repos`). Runs before the pipeline, on the caller's thread.
events::expected<repository_search_result>
find_repositories(repository_search search, const services::stop_flag& stop);

/// Records a limit that was met, in the service's stream.
events::error record_limit(events::log::event_log& log,
                           const events::limit_met& x, const std::string& run);

/// The newest limits of a service that still hold at a time.
events::expected<std::vector<events::limit_met>>
standing_limits(const events::log::log_reader& log, const std::string& service,
                events::timestamp now);

/// Pull requests a page that worked the last time for a repository; 0: it was
/// never read.
events::expected<std::uint32_t>
last_page_size(const events::log::log_reader& log,
               const events::repo_name& repo);

} // namespace fc::actors
