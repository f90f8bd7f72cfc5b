#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace fc::support {

/// A new folder, removed with all that is in it at the end of the test.
class temp_dir {
public:
  temp_dir();
  explicit temp_dir(const std::filesystem::path& parent);
  temp_dir(const temp_dir&) = delete;
  temp_dir& operator=(const temp_dir&) = delete;
  ~temp_dir();

  const std::filesystem::path& path() const noexcept {
    return path_;
  }
  /// Path of something in the folder.
  std::string operator/(std::string_view name) const;

private:
  std::filesystem::path path_;
};

/// Where programs that refuse to be root can come, too: the folder for
/// temporary files, or another one where that is closed to other users.
std::filesystem::path open_temporary_folder();

/// Top of the source tree, for data that tests read.
std::filesystem::path source_dir();

/// Whole contents; fails the test when the file cannot be read.
std::string read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, std::string_view text);

} // namespace fc::support
