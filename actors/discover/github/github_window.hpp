#pragma once

#include "actors/discover/github/cards.hpp"
#include "actors/discover/window_source.hpp"
#include "actors/services/limits/counting_semaphore.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace fc::actors {

/// What all repositories of a run share.
struct github_access {
  std::shared_ptr<services::github_client> client;
  /// Repositories read at the same time.
  std::shared_ptr<services::counting_semaphore> slots;
  /// Address of a repository's git; `{name}` stands for `owner/name`.
  std::string git_url = "https://github.com/{name}.git";
  double clone_timeout_s = 7200;
  /// Share of the diffs that are compared with GitHub's, in [0, 1].
  double audit_share = 0.01;
  /// What a git operation over the network takes, for a modelled clock.
  double modelled_git_s = 0;
};

/// Pull requests as GitHub lists them, with commits and diffs from a clone
/// without contents, whose missing contents are brought in one operation.
/// @param clone Where the clone is, or will be.
/// @param first_page Pull requests a page, as it worked before.
std::unique_ptr<window_source>
github_window(std::shared_ptr<const github_access> access, repository_card card,
              std::filesystem::path clone, std::uint32_t first_page);

} // namespace fc::actors
