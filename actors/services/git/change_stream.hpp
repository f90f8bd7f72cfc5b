#pragma once

#include "actors/services/git/git_repository.hpp"
#include "actors/services/git/private_git_dir.hpp"

#include <functional>
#include <span>

namespace fc::actors::services {

/// One `git diff-tree --stdin` that answers many requests; several are on
/// their way at a time. When git dies of an object that is absent or damaged,
/// the change carries its id and git goes on after it. A change that needs more
/// paths, bytes, time or memory than anybody's should is given up by itself,
/// and says why. Lives on one thread.
///
/// request ::= <commit> SP <base> LF <commit> SP <commit> LF LF
/// answer  ::= <commit> NUL { file } [ NUL patch ] <commit> NUL LF
/// file    ::= added TAB deleted TAB ( path NUL | NUL old NUL new NUL )
///
/// The second pair has no differences, so its header marks the end of the
/// first; the empty line makes git flush. A commit that does not exist leaves
/// only the LF.
class change_stream {
public:
  using request = git_repository::change_request;
  /// Takes changes in the order of the requests; false ends the walk.
  using sink = std::function<bool(commit_change)>;

  /// Paths of one change; a tree that holds itself a few times over has more
  /// than could ever be listed.
  static constexpr std::size_t max_paths = 50'000;

  /// @param with_diff Whether patches are asked for beside the files.
  change_stream(const private_git_dir& git, bool with_diff,
                std::size_t paths = max_paths);

  /// Answers all requests, or all before `take` said no.
  events::error
  walk(std::span<const request* const> requests, const sink& take);

private:
  events::error
  send(std::span<const request* const> requests, std::size_t next);
  /// Nothing: git ended before the answer was whole.
  std::optional<commit_change> receive(const std::string& commit);
  std::optional<std::string> token();
  bool receive_files(const std::string& commit, commit_change& out);
  bool receive_patch(const std::string& commit, commit_change& out);
  std::string why_given_up(const process_result& ended) const;
  expected<commit_change> after_end(const request& at);

  process_spec spec_;
  std::size_t paths_; ///< Of one change, at most.
  std::unique_ptr<pipe_process> git_;
  std::size_t sent_ = 0;              ///< Requests written, from the first.
  std::optional<std::string> pushed_; ///< A token that belongs to a later one.
  bool too_many_ = false;             ///< Paths of the change being read.
  events::error failed_;              ///< Why reading ended, where it did.
};

/// Reads the counts of a `--numstat -z` field `added TAB deleted TAB path`.
/// @returns nullopt for anything else; an empty path announces a rename.
std::optional<events::file_change>
parse_numstat(std::string_view field, bool& repaired);

} // namespace fc::actors::services
