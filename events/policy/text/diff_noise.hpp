#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// Reading unified diffs as git writes them, and telling which of them cannot
/// change what a program does.
namespace fc::events::policy::text {

/// A line of a hunk without its mark.
struct diff_line {
  char mark; ///< '+', '-' or ' '.
  std::string_view text;
};

/// Lines that stand together; `old_start` counts from 1.
struct diff_hunk {
  std::uint64_t old_start = 0;
  std::uint64_t new_start = 0;
  std::vector<diff_line> lines;
};

/// One file of a diff. Views into the diff's text.
struct diff_file {
  std::string_view path; ///< The new one, or the old one of a deleted file.
  bool binary = false;
  bool pure_rename = false; ///< Moved without any change.
  std::vector<diff_hunk> hunks;
};

/// Files of a diff; what is no diff is skipped.
std::vector<diff_file> parse_diff(std::string_view diff);

/// Whether no changed line of this file can change its speed. Sure only for
/// Python (comments, docstrings, blank lines, inner whitespace, imports moved
/// inside their package), YAML (comments) and text; false for all else, C above
/// all: whether a comment there matters is measured, not judged.
bool is_noise(const diff_file& file);

} // namespace fc::events::policy::text
