#pragma once

#include "tests/conventions/source_tree.hpp"

/// Rules on files and folders. Each returns what it found, in the order of
/// paths.
namespace fc::conventions {

/// Lines of a file, by its kind; 0 means no limit.
std::size_t max_lines(const source_file& file);
breaches check_file_sizes(const source_tree& tree);

/// README.md and CMakeLists.txt are not counted: they describe the folder.
/// Records of decisions, one file each, have no limit (decision 0027).
inline constexpr std::size_t max_files = 25;
breaches check_folder_sizes(const source_tree& tree);

/// The form of the documents that exist (`*.md`): a heading, something below
/// it, and lines of at most 120 columns, except in tables and code. A folder
/// has a README.md only where there is something to say beyond its file names.
breaches check_documents(const source_tree& tree);

/// The top level is fixed.
breaches check_top_level(const source_tree& tree);

} // namespace fc::conventions
