#pragma once

#include "actors/services/git/history/history.hpp"
#include "actors/services/git/private_git_dir.hpp"

#include <functional>

namespace fc::actors::services {

/// Visits the first-parent history of a commit, newest first, through one
/// `git log`; an error of the visitor ends it.
events::error read_log(const private_git_dir& git, const std::string& head,
                       const std::function<events::error(log_commit)>& visit);

/// Reads the four fields of a commit: id, parents, seconds, message.
expected<log_commit>
parse_log_commit(std::string id, std::string_view parents,
                 std::string_view seconds, std::string message);

} // namespace fc::actors::services
