#pragma once

#include "actors/discover/github/cards.hpp"
#include "actors/discover/github/page_size.hpp"
#include "actors/discover/github/pull_facts.hpp"

#include <map>
#include <string>

namespace fc::actors {

/// What to list.
struct listing_request {
  events::repo_name repo; ///< The name it has now.
  time_slice window;
  std::uint32_t counted = 0; ///< By GitHub, in the window.
  /// All it ever merged: tells whether the list of all is the shorter way.
  std::uint32_t merged_total = 0;
};

/// All merged pull requests of a window.
struct listing {
  std::map<std::uint32_t, listed_pull> pulls; ///< By number.
  std::uint32_t counted = 0; ///< By GitHub, asked again where it differed.
  events::repo_name repo;    ///< Asked again then, too: its name now.
  std::string method;        ///< "search", "list", or both.
  std::string note;          ///< What was unusual.

  bool whole() const noexcept {
    return pulls.size() == counted;
  }
};

/// Lists them. A window is cut until GitHub's search gives each part whole (it
/// ends at 1,000 without a word); where most of a repository's history is
/// asked for, or the search does not agree with its own count, all merged pull
/// requests are listed, newest update first, up to the first one updated before
/// the window. Times are checked here whatever the source says.
/// A listing that is not whole is a result as well: who asked says so.
/// @returns `ec::not_found` where the repository has gone meanwhile.
events::expected<listing>
list_merged(services::github_client& github, const listing_request& request,
            page_size& pages, services::github_usage& used,
            const services::stop_flag& stop);

/// Cuts a slice into `parts` of whole seconds; fewer where it is too short.
std::vector<time_slice> cut_slice(const time_slice& x, std::size_t parts);

/// Some pull requests by number, for those that another source names. Left out
/// are numbers of issues and of what was not merged.
events::expected<std::vector<listed_pull>>
read_numbers(services::github_client& github, const events::repo_name& repo,
             const std::vector<std::uint32_t>& numbers,
             services::github_usage& used, const services::stop_flag& stop);

/// The text that is built for so many numbers.
std::string numbers_document(std::size_t numbers);

} // namespace fc::actors
