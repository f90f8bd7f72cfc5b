#pragma once

#include "actors/services/git/private_git_dir.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fc::actors::services {

/// A submodule of a tree: another repository's commit.
struct submodule_entry {
  std::string path;
  std::string commit;
};

/// How much a checkout of a tree would write.
struct tree_survey {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0; ///< Of the files whose contents are here.
  int depth = 0;
  std::vector<submodule_entry> submodules; ///< The first hundred.
};

/// What is written at most: a handful of tree objects can name any number of
/// paths, since a tree may hold another one many times.
struct export_limits {
  std::uint64_t files = 500'000;
  std::uint64_t bytes = std::uint64_t{4} << 30;
  int depth = 100;
};

/// Looks at each tree object once, however often it occurs.
/// @returns `ec::refused` where the limits do not hold.
expected<tree_survey>
survey_tree(const private_git_dir& git, const std::string& commit,
            const export_limits& limits = {});

} // namespace fc::actors::services
