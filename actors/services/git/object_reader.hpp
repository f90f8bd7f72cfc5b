#pragma once

#include "actors/services/git/git_repository.hpp"
#include "actors/services/git/history/history.hpp"
#include "actors/services/git/private_git_dir.hpp"

namespace fc::actors::services {

/// An object as git stores it.
struct git_object {
  std::string id;
  std::string type; ///< "commit", "tree", "blob" or "tag".
  std::string content;
};

/// What a commit object states; parents that are absent included.
struct commit_object {
  std::string tree;
  log_commit log; ///< Its message as stored, in whatever encoding.
};

/// Reads objects through one `git cat-file --batch`, started at the first
/// question and again after it died. Not thread-safe.
class object_reader {
public:
  /// @param spec How to start `git cat-file --batch`.
  explicit object_reader(process_spec spec);

  /// @param name What git takes as a revision, in one line.
  /// @returns nullopt where there is no such object, `ec::refused` where it is
  /// larger than an answer may be.
  expected<std::optional<git_object>> read(std::string_view name);

  /// `ec::not_found` names a commit that is not there.
  expected<commit_object> commit(std::string_view id);

  /// Entries of a tree by its id; `ec::missing_object` when it is absent.
  expected<std::vector<tree_entry>> tree(std::string_view id);

  /// The entry at a path below a commit ("" is the top); nullopt where there
  /// is none.
  expected<std::optional<tree_entry>>
  entry(std::string_view commit_id, std::string_view path);

private:
  expected<std::optional<git_object>> ask(std::string_view name);
  expected<std::optional<git_object>> answer(std::string_view name);
  events::error ended(std::string_view name, const events::error& why);

  process_spec spec_;
  std::unique_ptr<pipe_process> git_;
};

/// Entries of a tree object. `id_size` is 20 or 32 bytes.
expected<std::vector<tree_entry>>
parse_tree(std::string_view content, std::size_t id_size);

} // namespace fc::actors::services
