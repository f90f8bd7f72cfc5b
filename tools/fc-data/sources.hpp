#pragma once

#include "actors/discover/scrape_commits.hpp"
#include "tools/fc-data/options.hpp"

#include <vector>

namespace fc::tools {

/// Opens every source (cloning URLs below the work folder) and checks that it
/// holds what the user asked for, before anything is recorded.
/// @returns what is to be discovered, or one clear error: not a repository, an
/// unknown commit or number, a window without pull requests.
events::expected<std::vector<actors::scrape_job>>
open_sources(const options& settings, const actors::services::stop_flag& stop);

} // namespace fc::tools
