#pragma once

#include "events/error.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace fc::shell {

/// The whole of a file that a person named; a pipe as well.
/// @returns `ec::not_found` for what is not there, a folder, and more than a
/// person writes: 64 MiB.
/// @param what It is, for the error: "policy".
events::expected<std::string>
read_file(const std::filesystem::path& path, std::string_view what);

} // namespace fc::shell
