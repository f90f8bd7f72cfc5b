#pragma once

#include "actors/services/git/private_git_dir.hpp"

#include <filesystem>
#include <string>

namespace fc::actors::services {

/// Writes the files of a commit below `into`, which must be empty or absent,
/// as a checkout would: line ends as the tree's own attributes say, submodules
/// as empty folders, no `.git`. After an error `into` is empty or absent.
/// @param commit A whole id.
events::error write_tree(const private_git_dir& git, const std::string& commit,
                         const std::filesystem::path& into);

/// `ec::refused` names the first symbolic link below `folder` that leads out
/// of it, whether or not its target exists.
events::error check_links(const std::filesystem::path& folder);

} // namespace fc::actors::services
