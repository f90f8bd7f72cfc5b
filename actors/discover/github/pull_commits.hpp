#pragma once

#include "actors/discover/github/pull_facts.hpp"
#include "actors/services/git/partial_clone.hpp"

#include <string>
#include <vector>

namespace fc::actors {

/// The two commits a pull request stands for, as far as trees tell.
struct pull_commits {
  /// "merge", "squash", "rebase", "head" (no merge commit is to be had: the
  /// branch against where it left the base). Empty: git cannot serve it.
  std::string kind;
  std::string merge;
  /// Before; where trees cannot decide, several, the likeliest first.
  std::vector<std::string> bases;
  /// Files of `bases.front()..merge`, by trees.
  std::vector<services::raw_change> changes;
  std::string note;
};

/// Finds the commits of many pull requests, and brings the commits that no
/// branch leads to, all in one operation. The state before is the first
/// parent of the merge commit. After a rebase that is a commit of the same
/// pull request: then it is the nearest ancestor from where the files that
/// changed are those that GitHub lists.
/// @returns them in the order of `pulls`.
events::expected<std::vector<pull_commits>>
find_commits(services::partial_clone& clone,
             const std::vector<const listed_pull*>& pulls,
             const services::stop_flag& stop);

/// Whether the paths that differ are those that GitHub lists; a rename has two
/// here and one there.
bool same_files(const std::vector<services::raw_change>& changes,
                const listed_pull& pull);

} // namespace fc::actors
