#pragma once

#include "events/environment.hpp"

#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

/// The checkout that a suite runs in: the merge commit's whole tree, but for
/// what could stand in the way of the built package.
namespace fc::actors {

/// Importable files that any side installed, as seen from its site folder,
/// e.g. `pkg/core.py`.
std::set<std::string> installed_modules(const events::synthesized& x);

/// Which files of a tree could be imported in the place of an installed one,
/// wherever the tree keeps its sources: `src/pkg/core.py` for `pkg/core.py`.
/// A folder of the tree counts as a place of sources when it has at least half
/// as much of a package as the one that has most of it, so that a test's double
/// of one module stays. Nothing below the suite's folder is ever one of them.
/// @param files Paths in the tree.
std::vector<std::string> shadowing_files(const std::vector<std::string>& files,
                                         const std::set<std::string>& installed,
                                         std::string_view suite_dir);

/// Takes them out of a tree.
events::error remove_shadowing(const std::filesystem::path& tree,
                               const events::synthesized& x);

} // namespace fc::actors
