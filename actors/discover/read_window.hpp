#pragma once

#include "actors/discover/window_source.hpp"
#include "actors/services/git/git_repository.hpp"

namespace fc::actors {

/// Visits the pull requests merged in [start, end), or the named ones, oldest
/// merge first. Diffs are read only where the title passes, and dropped where
/// the files reject. Objects that are absent are facts of a pull request.
/// @returns `ec::not_found` for an unknown head, number or commit,
/// `ec::invalid_argument` for a window or task that cannot be meant.
events::expected<window_summary>
read_window(services::git_repository& git, const window_request& request,
            const events::policy::symbolic_gate& gate,
            const pull_visitor& visit);

} // namespace fc::actors
