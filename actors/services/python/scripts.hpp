#pragma once

#include "actors/services/python/declared_package.hpp"
#include "actors/services/python/json.hpp"

namespace fc::actors::services {

/// Fixed places inside: what is built is the same whichever side it is.
inline constexpr const char* source_inside = "/fc/src";
inline constexpr const char* environment_inside = "/fc/env";
inline constexpr const char* scripts_inside = "/fc/tools";

/// The environment every command of ours starts with.
std::map<std::string, std::string> plain_environment();

/// Runs `fcmeta.py` on a tree.
expected<nlohmann::json>
run_fcmeta(const python_tools& tools, const std::filesystem::path& tree,
           bool writable, std::string_view command,
           const std::vector<std::string>& more, const stop_flag& stop);

} // namespace fc::actors::services
