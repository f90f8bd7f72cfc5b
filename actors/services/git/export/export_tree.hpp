#pragma once

#include "actors/services/git/private_git_dir.hpp"

#include <filesystem>
#include <string>

namespace fc::actors::services {

/// Writes the files of a commit below `into`, which must be empty or absent,
/// as a checkout would: line ends as the tree's own attributes say, no `.git`.
/// Submodules whose commits lie in the clone are filled, others are empty
/// folders. After an error `into` is empty or absent.
/// @param commit A whole id.
events::error write_tree(const private_git_dir& git, const std::string& commit,
                         const std::filesystem::path& into);

/// Lets each symbolic link below `folder` that leads out of it, whether or not
/// its target exists, lead nowhere: nothing ever follows it to a file of this
/// machine.
events::error disarm_links(const std::filesystem::path& folder);

/// Where such a link points: it tells who stumbles over it why.
inline constexpr const char* nowhere
  = "/nonexistent/link-leads-out-of-the-tree";

} // namespace fc::actors::services
