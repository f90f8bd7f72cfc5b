#pragma once

#include "actors/services/git/git_repository.hpp"
#include "actors/services/git/private_git_dir.hpp"

namespace fc::actors::services {

/// Answers requests in their order while up to two gits work at the same time,
/// one for files only and one for diffs. What is ready but not yet delivered
/// is bounded in count and bytes, whatever the number of requests.
events::error
read_changes(const private_git_dir& git,
             const std::vector<git_repository::change_request>& requests,
             const git_repository::change_visitor& visit);

} // namespace fc::actors::services
