#pragma once

#include "actors/services/process/process.hpp"
#include "events/pull_request.hpp"

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fc::actors::services {

/// A merged pull request as the first-parent history names it, before its files
/// are known.
struct merged_commit {
  std::uint32_t number = 0;
  std::string commit;
  std::string base; ///< First parent.
  std::string kind; ///< "merge" or "squash".
  std::string title;
  std::string body;
  events::timestamp merged_at; ///< Committer date.
  bool text_repaired = false;
  /// Its commit may only mention the pull request: a changelog, a backport.
  bool doubtful = false;
  std::string note; ///< What is not certain about it; empty: nothing.
};

/// Files and, where asked for, the diff of one commit against its base.
struct commit_change {
  std::vector<events::file_change> files;
  std::uint64_t additions = 0;
  std::uint64_t deletions = 0;
  std::string diff; ///< Unified, renames found at 50 %; raw bytes.
  std::vector<std::string> missing_objects; ///< Then the rest is incomplete.
  /// Why reading it was given up: too many paths or bytes, or more memory than
  /// git may have. Files are those that were read, the diff is empty.
  std::string unreadable;
  bool text_repaired = false;
};

/// An entry of a tree.
struct tree_entry {
  std::string name;
  std::string id;
  bool folder = false;
  bool submodule = false; ///< Another repository's commit: no content here.
};

/// A git repository read through a few long-lived git processes, never one a
/// commit. Not thread-safe; objects are never fetched over the network.
class git_repository {
public:
  /// A bare or ordinary repository, its folder or its .git.
  /// @param stop Ends whatever git does for it, with `ec::cancelled`.
  /// @returns `ec::invalid_argument` when it is no repository.
  static expected<std::unique_ptr<git_repository>>
  open(const std::filesystem::path& path, const stop_flag& stop = {});

  virtual ~git_repository() = default;

  /// Commit id of a revision. `ec::not_found` names the revision.
  virtual expected<std::string> resolve(std::string_view revision) = 0;
  /// `owner/name` from the origin's URL, or nullopt.
  virtual std::optional<events::repo_name> name_from_origin() = 0;

  /// Pull requests on the first-parent history of `head`, newest first, whose
  /// committer date lies in [start, end). A number seen twice is kept once (see
  /// `one_per_number`); what is ambiguous is noted.
  virtual expected<std::vector<merged_commit>>
  merged(std::string_view head, events::timestamp start, events::timestamp end)
    = 0;

  /// Any commit; as the pull request it brought in, if it looks like one, else
  /// with number 0, and no kind unless it is a merge.
  virtual expected<merged_commit> describe(std::string_view revision) = 0;

  /// One pair of commits to be compared.
  struct change_request {
    std::string base;
    std::string commit;
    bool with_diff = false;
  };
  /// Called in the order of the requests; an error ends the walk.
  using change_visitor
    = std::function<events::error(std::size_t index, commit_change change)>;
  virtual events::error changes(const std::vector<change_request>& requests,
                                const change_visitor& visit)
    = 0;

  /// Bytes of a file at a commit; nullopt where there is none.
  virtual expected<std::optional<std::string>>
  file(std::string_view commit, std::string_view path) = 0;
  /// Entries of a folder at a commit ("" is the top); nullopt where none.
  virtual expected<std::optional<std::vector<tree_entry>>>
  folder(std::string_view commit, std::string_view path) = 0;

  /// Writes the files of a commit below `into`, which must be empty or absent.
  /// No git metadata; a link that leads out of the tree leads nowhere instead.
  /// Submodules whose commits the clone holds are filled, others are empty
  /// folders. `ec::refused` where the tree has too many files or bytes.
  virtual events::error
  export_tree(std::string_view commit, const std::filesystem::path& into)
    = 0;

  /// The tag that `git describe --tags --abbrev=0` names; empty: none.
  virtual expected<std::string> newest_tag(std::string_view commit) = 0;

  /// The folder that `open` was given.
  virtual const std::filesystem::path& path() const = 0;
};

} // namespace fc::actors::services
