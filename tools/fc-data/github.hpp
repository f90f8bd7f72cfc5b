#pragma once

#include "actors/discover/github/github_window.hpp"
#include "actors/discover/scrape_commits.hpp"
#include "events/log/event_log.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace fc::tools {

/// How GitHub is reached. Tokens come from the environment alone (`GH_TOKENS`,
/// separated by commas, or `GH_TOKEN`): a command line is seen by everybody.
struct github_options {
  actors::services::github_settings service;
  std::string git_url = "https://github.com/{name}.git";
  std::vector<std::string> tokens;
  double audit_share = 0.01;
  std::uint32_t at_once = 4; ///< Repositories read at the same time.
};

/// Adds the options to a command line.
void add_github_options(CLI::App& app, github_options& x);

/// Reads the tokens from the environment.
void finish_github_options(github_options& x);

/// What all repositories of a run share. Without tokens, or with wrong ones,
/// the first question says so.
std::shared_ptr<actors::github_access>
open_github(const github_options& x,
            std::shared_ptr<actors::services::token_source> tokens);

/// Pauses as far as the log says that a limit was met and is not over.
events::error restore_limits(actors::services::github_client& client,
                             const events::log::log_reader& log);

/// A repository as GitHub knows it, and the name its pull requests are stored
/// under: the one they began with.
struct admitted_card {
  events::repo_name stored_as;
  actors::repository_card card;
};

/// Discovery of one repository from GitHub. Its clone lies below `clones`, by
/// node id; the page size is the one that worked before, by the log.
events::expected<actors::scrape_job>
github_job(const std::shared_ptr<const actors::github_access>& access,
           const admitted_card& of, const std::filesystem::path& clones,
           const events::log::log_reader& log);

} // namespace fc::tools
