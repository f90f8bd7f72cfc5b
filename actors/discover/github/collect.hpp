#pragma once

#include "actors/discover/github/listing.hpp"
#include "actors/discover/window_source.hpp"

#include <filesystem>

namespace fc::actors {

/// What a window, or a list of tasks, names.
struct pull_collection {
  std::vector<listed_pull> pulls;
  std::uint32_t counted = 0; ///< By GitHub.
  std::string method;
  std::string note;
  std::string head; ///< Of the branch that is read; empty without one.
};

/// Lists the pull requests of a request, and asks by number for what only the
/// clone's history names: a second witness that costs nothing.
events::expected<pull_collection>
collect_pulls(services::github_client& github, const repository_card& card,
              const window_request& request, const std::filesystem::path& clone,
              page_size& pages, services::github_usage& used);

/// Puts a remark behind others.
void add_note(std::string& to, const std::string& note);

} // namespace fc::actors
