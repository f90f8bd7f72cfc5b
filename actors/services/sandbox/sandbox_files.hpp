#pragma once

#include "actors/services/process/fd.hpp"
#include "actors/services/process/process.hpp"
#include "events/ids.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace fc::actors::services {

/// What lies at a name in a folder.
enum class file_kind { file, folder, link, other };

/// A name in a folder and what lies there.
struct folder_item {
  std::string name;
  file_kind kind = file_kind::other;
};

/// Of a whole file, read piece by piece.
struct file_digest {
  events::digest id;
  std::uint64_t size = 0;
};

/// How much of a tree may be taken.
struct tree_limits {
  std::uint64_t bytes = std::uint64_t{8} << 30;
  std::uint64_t files = 500'000;
  std::size_t depth = 128;
};

/// A folder that code in a sandbox could write. Everything in it may have been
/// put there to make this program open something else, wait for ever or run out
/// of memory: names are resolved one by one below an open descriptor, links are
/// never followed, and only regular files are read that belong to this user,
/// have no other name (a hard link may be to anybody's file) and are not longer
/// than the caller says. All other code reads such folders through this class.
///
/// Errors name the path: `ec::not_found` where nothing lies, `ec::refused` for
/// what an honest program does not leave there, `ec::storage_failure` else.
class sandbox_files {
public:
  /// @param folder Itself no link; what is above it is trusted.
  static expected<sandbox_files> open(const std::filesystem::path& folder);

  const std::filesystem::path& path() const noexcept {
    return path_;
  }

  expected<file_kind> kind_of(const std::filesystem::path& below) const;

  /// @returns `ec::refused` when it is longer than `max` bytes.
  expected<std::string>
  read(const std::filesystem::path& below, std::uint64_t max) const;

  /// Names in a folder, sorted; "." is the folder itself.
  /// @returns `ec::refused` when there are more than `max`.
  expected<std::vector<folder_item>>
  list(const std::filesystem::path& below, std::size_t max) const;

  expected<file_digest>
  digest(const std::filesystem::path& below, std::uint64_t max,
         const stop_flag& stop = {}) const;

  /// Writes a file that must not be there yet.
  events::error
  write_new(const std::filesystem::path& below, std::string_view text) const;

  /// Copies files, folders and links (as links) to a folder that does not
  /// exist yet. Pipes, sockets and devices are refused.
  events::error
  copy_tree(const std::filesystem::path& below,
            const std::filesystem::path& into, const tree_limits& limits = {},
            const stop_flag& stop = {}) const;

private:
  sandbox_files(std::filesystem::path path, unique_fd folder)
    : path_(std::move(path)), folder_(std::move(folder)) {}

  /// The folder that holds the last part of `below`.
  expected<unique_fd> parent_of(const std::filesystem::path& below) const;
  expected<unique_fd> open_folder(const std::filesystem::path& below) const;
  expected<unique_fd>
  open_file(const std::filesystem::path& below, std::uint64_t max) const;
  events::error copy_link(const std::filesystem::path& below,
                          const std::filesystem::path& into) const;
  /// @param room Bytes that may still be copied.
  events::error copy_file(const std::filesystem::path& below,
                          const std::filesystem::path& into,
                          std::uint64_t& room, const stop_flag& stop) const;

  std::filesystem::path path_;
  unique_fd folder_;
};

} // namespace fc::actors::services
