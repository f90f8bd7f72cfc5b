#pragma once

#include "actors/services/process/process.hpp"
#include "events/error.hpp"

#include <filesystem>
#include <string>

namespace fc::actors::services {

/// Brings a remote repository's history to `into` (bare, blobs included) or
/// updates what is there.
events::error
clone_repository(const std::string& url, const std::filesystem::path& into,
                 double timeout_s, const stop_flag& stop);

} // namespace fc::actors::services
