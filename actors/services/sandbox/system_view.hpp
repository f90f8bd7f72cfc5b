#pragma once

#include "events/error.hpp"

#include <filesystem>
#include <set>
#include <string>
#include <vector>

namespace fc::actors::services {

/// Folders of a Python installation that must be readable inside. Only those
/// outside /usr, and of them only what an installation consists of: a prefix
/// such as ~/.local also holds what is nobody's business.
/// @returns `ec::not_found` or `ec::unavailable` when it cannot be run.
events::expected<std::set<std::string>>
interpreter_folders(const std::filesystem::path& interpreter);

/// bwrap's arguments that show the system read-only and nothing of the user.
std::vector<std::string> system_mounts(const std::set<std::string>& folders);

/// What name resolution and TLS need besides, when the network is on.
std::vector<std::string> network_mounts();

} // namespace fc::actors::services
