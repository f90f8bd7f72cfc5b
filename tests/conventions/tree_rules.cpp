#include "tests/conventions/tree_rules.hpp"

#include <algorithm>

namespace fc::conventions {

namespace {

bool is_script(const source_file& file) {
  static const std::set<std::string> extensions{".py", ".sh", ".mjs", ".js"};
  return extensions.contains(file.extension())
         || (!file.lines.empty() && file.lines.front().starts_with("#!"));
}

/// Files that every folder has do not count.
std::size_t counted_files(const source_tree& tree, const std::string& folder,
                          std::size_t all) {
  for (const auto* name : {"README.md", "CMakeLists.txt"})
    all -= tree.files.contains(folder + "/" + name) ? 1 : 0;
  return all;
}

bool in_python_package(const source_tree& tree, std::string folder) {
  while (true) {
    if (tree.files.contains(folder + "/__init__.py"))
      return true;
    const auto slash = folder.rfind('/');
    if (slash == std::string::npos)
      return false;
    folder.resize(slash);
  }
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

breaches check_readmes(const source_tree& tree) {
  breaches found;
  for (const auto& [folder, count] : tree.folders) {
    const auto path = folder == "." ? "README.md" : folder + "/README.md";
    if (!tree.files.contains(path) && !in_python_package(tree, folder))
      found.push_back({folder, 0, "readme",
                       "no README.md (what belongs here, what may not, how "
                       "to add one; at most 40 lines)"});
  }
  return found;
}

breaches check_top_level(const source_tree& tree) {
  static const std::set<std::string> known{
    // The house.
    "schemas", "events", "projections", "actors", "tools", "tests", "docs",
    // What tools insist on.
    "README.md", "LICENSE", "CMakeLists.txt", "CMakePresets.json",
    ".clang-format", ".clang-tidy", ".ci", ".gitignore", ".git",
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
