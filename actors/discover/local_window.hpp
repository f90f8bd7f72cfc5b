#pragma once

#include "actors/discover/window_source.hpp"

#include <filesystem>
#include <memory>

namespace fc::actors {

/// Pull requests as the first-parent history of a local repository names them.
std::unique_ptr<window_source> local_window(std::filesystem::path repository);

} // namespace fc::actors
