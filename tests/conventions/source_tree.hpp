#pragma once

#include <filesystem>
#include <map>
#include <ostream>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace fc::conventions {

/// A text file of the tree. Line 1 is `lines[0]`.
struct source_file {
  std::string path; ///< Below the top, with slashes.
  std::vector<std::string> lines;

  std::string folder() const; ///< "." at the top.
  std::string name() const;
  std::string extension() const; ///< With its dot.
  bool is_source() const;        ///< Of C++, headers not counted.
  bool is_header() const;
  bool below(std::string_view folder) const;
};

/// Everything that people wrote: no build folder, nothing installed or made by
/// a program (golden files, the sample's tree, caches).
struct source_tree {
  std::map<std::string, source_file> files;   ///< By path.
  std::map<std::string, std::size_t> folders; ///< With their files' count.
  std::set<std::string> top_level;            ///< Names at the top.
};

source_tree read_tree(const std::filesystem::path& top);

/// A place where a rule is broken.
struct breach {
  std::string file;
  std::size_t line = 0; ///< 0: the file or folder as a whole.
  std::string rule;
  std::string explanation; ///< Names the limit.

  bool operator==(const breach&) const = default;
};

using breaches = std::vector<breach>;

std::string to_string(const breach& x);
std::ostream& operator<<(std::ostream& out, const breach& x);

/// One a line, for the message of a failed test.
std::string to_string(const breaches& all);

} // namespace fc::conventions
