#include "actors/build/working_tree.hpp"

#include "actors/services/sandbox/remove_tree.hpp"
#include "actors/services/sandbox/sandbox_files.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace fc::actors {

namespace {

namespace fs = std::filesystem;

bool is_importable(std::string_view path) {
  static constexpr std::array<std::string_view, 5> suffixes{
    ".py", ".pyi", ".pyc", ".so", ".pyd"};
  return std::ranges::any_of(
    suffixes, [&](auto suffix) { return path.ends_with(suffix); });
}

bool is_below(std::string_view path, std::string_view folder) {
  if (folder.empty() || folder == ".")
    return false;
  return path.starts_with(folder) && path.size() > folder.size()
         && path[folder.size()] == '/';
}

/// Helpers of the suite that lie beside the package, and that some packages
/// install: the harness (`HELPERS` of suite.py) imports them from the tree.
bool is_helper(std::string_view path) {
  static constexpr std::array<std::string_view, 9> names{
    "test",       "tests",     "bench",          "benches", "benchmark",
    "benchmarks", "asv_bench", "asv_benchmarks", "examples"};
  const auto slash = path.find('/');
  return slash != std::string_view::npos
         && std::ranges::find(names, path.substr(0, slash)) != names.end();
}

/// A package in a folder of the tree.
struct package_folder {
  std::string folder;
  std::string package;

  auto operator<=>(const package_folder&) const = default;
};

} // namespace

std::set<std::string> installed_modules(const events::synthesized& x) {
  std::set<std::string> result;
  for (const auto& side : x.sides)
    for (const auto& file : side.artefacts) {
      std::string_view path = file.path;
      for (std::string_view site : {"site-packages/", "dist-packages/"})
        if (const auto at = path.find(site); at != std::string_view::npos)
          path = path.substr(at + site.size());
      if (is_importable(path))
        result.emplace(path);
    }
  return result;
}

std::vector<std::string> shadowing_files(const std::vector<std::string>& files,
                                         const std::set<std::string>& installed,
                                         std::string_view suite_dir) {
  // A package may be called as helpers are.
  const bool has_package = !std::ranges::all_of(installed, is_helper);
  std::map<package_folder, std::vector<std::string>> found;
  for (const auto& file : files) {
    if (!is_importable(file) || is_below(file, suite_dir)
        || (has_package && is_helper(file)))
      continue;
    for (std::size_t from = 0; from != std::string::npos;) {
      const auto inside = file.substr(from);
      if (installed.contains(inside))
        found[{file.substr(0, from), inside.substr(0, inside.find('/'))}]
          .push_back(file);
      const auto slash = file.find('/', from);
      from = slash == std::string::npos ? slash : slash + 1;
    }
  }
  std::map<std::string, std::size_t> max;
  for (const auto& [at, names] : found)
    max[at.package] = std::max(max[at.package], names.size());
  std::set<std::string> result;
  for (const auto& [at, names] : found)
    if (names.size() * 2 >= max[at.package])
      result.insert(names.begin(), names.end());
  return {result.begin(), result.end()};
}

namespace {

/// All regular files below a folder. Links are neither followed nor listed:
/// what they lead to is.
events::expected<std::vector<std::string>>
files_below(const services::sandbox_files& tree) {
  constexpr std::size_t max = 500'000;
  std::vector<std::string> files;
  std::vector<std::string> folders{""};
  while (!folders.empty()) {
    const auto folder = std::move(folders.back());
    folders.pop_back();
    auto items = tree.list(folder.empty() ? "." : folder, max);
    if (!items)
      return items.error();
    for (auto& each : *items) {
      auto path = folder.empty() ? each.name : folder + "/" + each.name;
      if (each.kind == services::file_kind::folder)
        folders.push_back(std::move(path));
      else if (each.kind == services::file_kind::file)
        files.push_back(std::move(path));
    }
  }
  return files;
}

} // namespace

events::error
remove_shadowing(const fs::path& tree, const events::synthesized& x) {
  auto folder = services::sandbox_files::open(tree);
  if (!folder)
    return folder.error();
  const auto files = files_below(*folder);
  if (!files)
    return files.error();
  for (const auto& each :
       shadowing_files(*files, installed_modules(x), x.suite_dir))
    if (auto err = services::remove_tree(tree / each))
      return err;
  return {};
}

} // namespace fc::actors
