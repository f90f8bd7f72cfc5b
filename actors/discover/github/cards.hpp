#pragma once

#include "actors/services/github/client.hpp"
#include "events/repository.hpp"

#include <optional>
#include <string>
#include <vector>

namespace fc::actors {

/// A stretch of time [start, end); whole seconds.
struct time_slice {
  events::timestamp start{};
  events::timestamp end{};

  bool operator==(const time_slice&) const = default;
};

/// What GitHub knows of a repository that was asked for by name.
struct repository_card {
  events::repo_name asked;
  /// Why there are no facts: it is gone, private, or closed to the token.
  std::optional<std::string> absent;
  /// `repo` is the name it has now; suite and Python are not known yet.
  events::repository_seen facts;
  std::uint32_t merged_total = 0; ///< All merged pull requests it ever had.
  std::optional<std::uint32_t> counted; ///< Those merged in the window.
};

/// Reads the cards of many repositories, twenty a request, and how many pull
/// requests were merged in `window`, where one is given. In the order asked.
events::expected<std::vector<repository_card>>
read_cards(services::github_client& github,
           const std::vector<events::repo_name>& repos,
           const std::optional<time_slice>& window,
           services::github_usage& used, const services::stop_flag& stop);

/// How many pull requests of a repository were merged in each slice, as
/// GitHub's search counts them.
events::expected<std::vector<std::uint32_t>>
count_merged(services::github_client& github, const events::repo_name& repo,
             const std::vector<time_slice>& slices,
             services::github_usage& used, const services::stop_flag& stop);

/// What the search is asked for a slice: both its ends are inclusive, so a
/// second is taken away.
std::string search_text(const events::repo_name& repo, const time_slice& slice);

/// The texts that are built for so many repositories or slices.
std::string cards_document(std::size_t repositories, bool with_counts);
std::string counts_document(std::size_t slices);

} // namespace fc::actors
