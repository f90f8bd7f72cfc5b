#include "tests/conventions/tree_rules.hpp"

#include <algorithm>
#include <iterator>

namespace fc::conventions {

namespace {

bool is_script(const source_file& file) {
  static const std::set<std::string> extensions{".py", ".sh", ".mjs", ".js"};
  return extensions.contains(file.extension())
         || (!file.lines.empty() && file.lines.front().starts_with("#!"));
}

/// Files that describe a folder do not count.
std::size_t counted_files(const source_tree& tree, const std::string& folder,
                          std::size_t all) {
  for (const auto* name : {"README.md", "CMakeLists.txt"})
    all -= tree.files.contains(folder + "/" + name) ? 1 : 0;
  return all;
}

constexpr std::size_t max_columns = 120;

/// Columns of a line; bytes that continue a character do not count.
std::size_t columns(const std::string& line) {
  return static_cast<std::size_t>(std::ranges::count_if(line, [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  }));
}

/// Rows of tables, code and a word that cannot be wrapped may be longer.
bool may_be_long(const std::string& line) {
  return line.starts_with('|') || line.starts_with("    ")
         || line.find(' ') == std::string::npos;
}

breaches check_lines(const source_file& file) {
  breaches found;
  bool in_code = false;
  for (std::size_t i = 0; i < file.lines.size(); ++i) {
    const auto& line = file.lines[i];
    if (line.starts_with("```"))
      in_code = !in_code;
    else if (!in_code && !may_be_long(line) && columns(line) > max_columns)
      found.push_back({file.path, i + 1, "document",
                       std::to_string(columns(line)) + " columns, limit "
                         + std::to_string(max_columns)});
  }
  return found;
}

} // namespace

std::size_t max_lines(const source_file& file) {
  if (file.is_header())
    return 250;
  if (file.is_source())
    return file.below("tests") ? 600 : 500;
  if (file.name() == "CMakeLists.txt")
    return file.folder() == "." ? 120 : 30;
  if (file.name() == "README.md")
    return file.folder() == "." ? 0 : 40;
  return is_script(file) ? 500 : 0;
}

breaches check_file_sizes(const source_tree& tree) {
  breaches found;
  for (const auto& [path, file] : tree.files) {
    const auto limit = max_lines(file);
    if (limit > 0 && file.lines.size() > limit)
      found.push_back({path, limit + 1, "file.size",
                       std::to_string(file.lines.size()) + " lines, limit "
                         + std::to_string(limit)});
  }
  return found;
}

breaches check_folder_sizes(const source_tree& tree) {
  breaches found;
  for (const auto& [folder, all] : tree.folders)
    if (const auto count = counted_files(tree, folder, all);
        count > max_files && folder != "docs/decisions")
      found.push_back(
        {folder, 0, "folder.size",
         std::to_string(count) + " files, limit " + std::to_string(max_files)});
  return found;
}

breaches check_documents(const source_tree& tree) {
  breaches found;
  for (const auto& [path, file] : tree.files) {
    if (file.extension() != ".md")
      continue;
    const auto& lines = file.lines;
    if (lines.empty() || !lines.front().starts_with("# "))
      found.push_back({path, 1, "document", "the first line is not a heading"});
    else if (std::all_of(lines.begin() + 1, lines.end(),
                         [](const auto& line) { return line.empty(); }))
      found.push_back({path, 0, "document", "nothing below the heading"});
    std::ranges::move(check_lines(file), std::back_inserter(found));
  }
  return found;
}

breaches check_top_level(const source_tree& tree) {
  static const std::set<std::string> known{
    // The house.
    "schemas", "events", "projections", "actors", "tools", "tests", "docs",
    // What people look for there.
    "README.md", "LICENSE", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md",
    // What tools insist on.
    "CMakeLists.txt", "CMakePresets.json", ".clang-format", ".clang-tidy",
    ".editorconfig", ".ci", ".gitignore", ".git",
    // Made by them, and ignored by git.
    "build", "fc-data-work"};
  breaches found;
  for (const auto& name : tree.top_level)
    if (!known.contains(name))
      found.push_back({name, 0, "top_level",
                       "the top level is fixed; put it into one of its "
                       "folders"});
  return found;
}

} // namespace fc::conventions
