#pragma once

#include "actors/discover/repositories/find_repositories.hpp"
#include "actors/discover/scrape_commits.hpp"
#include "actors/services/bigquery/client.hpp"
#include "actors/services/github/rest.hpp"
#include "tools/fc-data/options.hpp"

#include <memory>
#include <ostream>
#include <string>
#include <vector>

namespace fc::tools {

/// Where GitHub's repositories come from and how they are read; empty where
/// nothing is asked of GitHub.
struct repository_set {
  std::shared_ptr<actors::services::github_client> github;
  std::shared_ptr<actors::services::github_rest> rest;
  std::shared_ptr<actors::services::bigquery_client> bigquery;
  std::vector<std::unique_ptr<actors::repository_source>> sources;
};

/// Opened before anything is written: who is asked, and as whom.
/// @returns why it cannot be asked, e.g. that there is no token.
events::expected<repository_set> open_repositories(const options& settings);

/// Records what --exclude and --readmit order, and says what came of it.
events::error apply_exclusions(std::ostream& out, events::log::event_log& log,
                               const repository_options& settings);

/// Takes away the jobs of repositories that a person excluded, and says so.
events::error
leave_out_excluded(std::ostream& out, const events::log::log_reader& log,
                   std::vector<actors::scrape_job>& jobs);

/// What stage 1 adds to a run.
struct found_jobs {
  std::vector<actors::scrape_job> jobs;
  bool sound = true; ///< False: the run ends with `some_failed`.
};

/// The run that looks for repositories.
struct repository_run {
  std::shared_ptr<events::log::event_log> log;
  std::shared_ptr<const events::policy::policy> policy;
  std::string run; ///< Id.
  actors::services::stop_flag stop;
};

/// Stage 1, and how stage 2 reads each repository it found. Says what was found
/// and names what is not read.
events::expected<found_jobs>
find_jobs(std::ostream& out, repository_set from, const options& settings,
          const repository_run& of);

} // namespace fc::tools
