#pragma once

#include "tests/support/files.hpp"

#include <gtest/gtest.h>

#include <map>
#include <string>

/// Damage to files, and whole folders to compare.
namespace fc::events::log {

inline std::filesystem::path
largest(const std::filesystem::path& folder, const std::string& extension) {
  namespace fs = std::filesystem;
  fs::path found;
  for (const auto& entry : fs::directory_iterator{folder})
    if (entry.path().extension() == extension
        && (found.empty() || entry.file_size() > fs::file_size(found)))
      found = entry.path();
  return found;
}

/// The database's list of its files.
inline std::filesystem::path manifest(const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  fs::path found;
  for (const auto& entry : fs::directory_iterator{folder})
    if (entry.path().filename().string().starts_with("MANIFEST-"))
      found = entry.path();
  return found;
}

/// Bytes at the end that nobody wrote, as a power cut may leave them.
inline void garble_end(const std::filesystem::path& file) {
  support::write_file(file,
                      support::read_file(file) + std::string(600, '\x01'));
}

inline void
flip(const std::filesystem::path& file, std::size_t offset, unsigned bit = 0) {
  auto data = support::read_file(file);
  ASSERT_LT(offset, data.size());
  data[offset] = static_cast<char>(data[offset] ^ static_cast<char>(1U << bit));
  support::write_file(file, data);
}

/// Names and bytes of all files below a folder.
inline std::map<std::string, std::string>
contents(const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator{folder})
    files[fs::relative(entry.path(), folder).string()]
      = entry.is_regular_file() ? support::read_file(entry.path()) : "";
  return files;
}

} // namespace fc::events::log
