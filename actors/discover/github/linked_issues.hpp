#pragma once

#include "actors/services/github/client.hpp"

#include <map>
#include <string>
#include <vector>

namespace fc::actors {

/// Reads issues by node id, a hundred a request: title, body, state and the
/// first fifty comments of each, as GitHub gives them. One that is gone is
/// left out.
events::expected<std::map<std::string, nlohmann::json>>
read_issues(services::github_client& github,
            const std::vector<std::string>& ids, services::github_usage& used,
            const services::stop_flag& stop);

} // namespace fc::actors
