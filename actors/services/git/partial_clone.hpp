#pragma once

#include "actors/services/git/git_repository.hpp"
#include "events/common/address.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace fc::actors::services {

/// One path that differs between two commits.
struct raw_change {
  std::string path;   ///< Valid UTF-8.
  char status = 0;    ///< 'A', 'D', 'M' or 'T'; renames are not looked for.
  std::string old_id; ///< Of the file's content; empty where it is none.
  std::string new_id;
};

/// A bare clone that has commits and trees of a repository, and the contents of
/// files only as they are asked for, many at once. Reading it never fetches:
/// what is absent stays absent until it is asked for here. Not thread-safe.
class partial_clone {
public:
  /// Makes or updates the clone. @param url An address or a folder; may be
  /// another than before, since repositories are renamed.
  static expected<partial_clone>
  bring(const std::string& url, const std::filesystem::path& into,
        double timeout_s, const stop_flag& stop);

  /// The clone as it lies there; nothing is fetched.
  static partial_clone
  at(const std::filesystem::path& path, const stop_flag& stop = {});

  /// Whether a folder is such a clone.
  static bool is_one(const std::filesystem::path& path);

  /// Those of the objects that are not here; each once.
  expected<std::vector<std::string>>
  absent(const std::vector<std::string>& ids) const;

  /// Brings contents of files, in one operation.
  /// @returns `ec::missing_object` where the other side lacks one.
  events::error
  fetch_files(const std::vector<std::string>& ids, const stop_flag& stop);

  /// Brings commits that no branch leads to, in one operation.
  events::error
  fetch_commits(const std::vector<std::string>& ids, const stop_flag& stop);

  /// Differing paths of each pair (base, commit), from trees alone. Both must
  /// be here. Of a pair with more paths than anybody's change has, the first
  /// are returned.
  expected<std::vector<std::vector<raw_change>>>
  raw_changes(const std::vector<git_repository::change_request>& pairs) const;

  /// Everything that the trees of these commits hold and that is not here.
  expected<std::vector<std::string>>
  absent_files(const std::vector<std::string>& commits) const;

  /// The best common ancestor; nullopt where there is none.
  expected<std::optional<std::string>>
  merge_base(const std::string& a, const std::string& b) const;

  const std::filesystem::path& path() const noexcept {
    return path_;
  }
  /// Over the network, since this was made.
  std::uint32_t operations() const noexcept {
    return operations_;
  }

private:
  explicit partial_clone(std::filesystem::path path) : path_(std::move(path)) {}
  events::error fetch(const std::vector<std::string>& ids, bool whole_history,
                      const stop_flag& stop);

  std::filesystem::path path_;
  events::common::split_address door_; ///< Where objects come from.
  stop_flag stop_;                     ///< Ends what only reads, too.
  double timeout_s_ = 7200;
  std::uint32_t operations_ = 0;
};

} // namespace fc::actors::services
