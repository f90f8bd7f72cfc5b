#pragma once

#include "events/error.hpp"

#include <filesystem>

namespace fc::actors::services {

/// Removes a folder with everything in it, or whatever else lies at the path;
/// nothing there is fine. Meant for what sandboxed code left: folders without
/// permissions are opened up on the way, depth does not matter, and links are
/// removed, not followed. What is above the folder is trusted.
/// @returns `ec::storage_failure` that says how much is left and why.
events::error remove_tree(const std::filesystem::path& path);

} // namespace fc::actors::services
