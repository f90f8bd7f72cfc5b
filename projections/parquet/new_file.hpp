#pragma once

#include "events/error.hpp"
#include "events/ids.hpp"

#include <string>
#include <string_view>

namespace fc::projections::parquet {

/// A file that is there whole or not at all: written beside its place, synced,
/// renamed. Dropped without `commit`, it leaves nothing.
class new_file {
public:
  /// Between the final name and what makes the temporary name unique; whatever
  /// has it was left by a killed program.
  static constexpr std::string_view part_mark = ".part-";

  static events::expected<new_file> create(const std::string& path);
  ~new_file();
  new_file(new_file&& other) noexcept;
  new_file& operator=(new_file&& other) noexcept;

  [[nodiscard]] events::error write(events::byte_view data);
  /// Syncs the bytes, renames, syncs the folder.
  [[nodiscard]] events::error commit();

  std::uint64_t size() const noexcept {
    return size_;
  }
  const std::string& path() const noexcept {
    return path_;
  }

private:
  new_file() = default;
  void discard() noexcept;

  std::string path_;
  std::string part_;
  int fd_ = -1;
  std::uint64_t size_ = 0;
};

/// Replaces a text file as a whole.
[[nodiscard]] events::error
write_text(const std::string& path, std::string_view text);

/// A whole file; `ec::not_found` when there is none.
events::expected<std::string> read_text(const std::string& path);

/// Holds a folder while it lives, against other processes that do the same.
class folder_lock {
public:
  /// @returns `ec::already_in_use` when somebody holds it.
  static events::expected<folder_lock> take(const std::string& folder);
  ~folder_lock();
  folder_lock(folder_lock&& other) noexcept;
  folder_lock& operator=(folder_lock&& other) noexcept;

private:
  explicit folder_lock(int fd) : fd_{fd} {
    // nop
  }
  int fd_ = -1;
};

} // namespace fc::projections::parquet
