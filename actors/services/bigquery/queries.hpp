#pragma once

#include <string_view>

namespace fc::actors::services {

/// `queries/find_repositories.sql`: columns repo_name and paths (REPEATED).
std::string_view find_repositories_sql() noexcept;

} // namespace fc::actors::services
