#pragma once

#include "actors/discover/github/pull_commits.hpp"
#include "actors/discover/github/served_diff.hpp"
#include "actors/discover/window_source.hpp"
#include "actors/services/git/git_repository.hpp"

#include <nlohmann/json.hpp>

#include <map>
#include <string>
#include <vector>

namespace fc::actors {

/// A pull request on its way to the visitor. What follows from its parts is
/// here; asking GitHub and git for them is not.
struct found_pull {
  listed_pull pull;
  pull_commits commits;
  events::policy::symbolic_verdict before_diff;

  /// Title and files; its diff is wanted.
  bool passes() const noexcept {
    return events::policy::is_passed(before_diff);
  }
};

/// Takes over what its commits say: which they are, and the list of files by
/// trees, where GitHub's was cut after a hundred.
void take_commits(found_pull& x, pull_commits commits);

/// The commits at whose trees a suite is looked for: the newest and the oldest
/// that are read, or the head where nothing is.
std::vector<std::string>
suite_commits(const std::vector<found_pull>& found, const std::string& head);

/// What diffs will read, where it is wanted.
struct wanted_contents {
  std::vector<std::string> ids; ///< Of files.
  /// Pairs of commits whose files are not known yet.
  std::vector<services::git_repository::change_request> others;

  void add(const std::vector<services::raw_change>& changes);
};

wanted_contents contents_of(const std::vector<found_pull>& found);

/// Its issues as one JSON list, empty without any; titles and counts go into
/// the facts.
std::string take_issues(listed_pull& pull,
                        const std::map<std::string, nlohmann::json>& issues);

/// One that title or files reject.
discovered_pull rejected_pull(found_pull x);

/// Takes the change against one of its bases. Where several fit by their
/// files, the lines tell which is right: the first that has GitHub's counts,
/// else the likeliest.
class base_choice {
public:
  void offer(const found_pull& x, services::commit_change change,
             const std::string& base);
  /// Gives the change, and begins anew.
  services::commit_change take(found_pull& x);

private:
  std::optional<services::commit_change> best_;
  std::string base_;
};

/// What git has of the change goes into facts and diff.
/// @returns whether the list of files became another one.
bool add_change(discovered_pull& to, services::commit_change change,
                bool files_whole);

/// GitHub's own diff, where git cannot serve it, and a note that says so.
void add_served(discovered_pull& to,
                const events::expected<served_diff>& served);

} // namespace fc::actors
