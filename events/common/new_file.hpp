#pragma once

#include "events/error.hpp"
#include "events/ids.hpp"

#include <string>
#include <string_view>

namespace fc::events::common {

/// A file that is there whole or not at all: written beside its place, synced,
/// renamed. Dropped without `commit`, it leaves nothing.
class new_file {
public:
  /// Between the final name and what makes the temporary name unique; whatever
  /// has it was left by a killed program.
  static constexpr std::string_view part_mark = ".part-";

  static expected<new_file> create(const std::string& path);
  ~new_file();
  new_file(new_file&& other) noexcept;
  new_file& operator=(new_file&& other) noexcept;

  [[nodiscard]] error write(byte_view data);
  /// Syncs the bytes, renames, syncs the folder.
  [[nodiscard]] error commit();

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

/// Makes new and removed names of a folder durable.
[[nodiscard]] error sync_folder(const std::string& folder);

/// Replaces a text file as a whole.
[[nodiscard]] error write_text(const std::string& path, std::string_view text);

/// A whole file; `ec::not_found` when there is none.
expected<std::string> read_text(const std::string& path);

} // namespace fc::events::common
