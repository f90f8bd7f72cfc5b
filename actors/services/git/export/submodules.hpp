#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fc::actors::services {

/// The name that `.gitmodules` gives the submodule at a path: its repository
/// lies below that name in the clone. Nothing for a path that is not listed,
/// or a name that leads out of that folder.
std::optional<std::string>
submodule_name(std::string_view gitmodules, std::string_view path);

} // namespace fc::actors::services
