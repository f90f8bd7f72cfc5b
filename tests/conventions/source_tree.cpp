#include "tests/conventions/source_tree.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace fc::conventions {

namespace {

namespace fs = std::filesystem;

/// Made by programs, wherever they are.
bool is_made(const std::string& path, const std::string& name) {
  static const std::set<std::string> names{"node_modules", "__pycache__",
                                           ".pytest_cache", ".cache"};
  return names.contains(name) || path == ".git" || path == "build"
         || path == "fc-data-work" || path == "tools/sample/tree"
         || path == "tests/fuzz/corpus"
         || (path.starts_with("tests/") && name == "golden");
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

std::string folder_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

void read_file(const fs::path& from, const std::string& path,
               source_tree& tree) {
  std::ifstream in{from, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  if (text.find('\0') == std::string::npos)
    tree.files[path] = {path, lines_of(text)};
}

} // namespace

std::string source_file::folder() const {
  return folder_of(path);
}

std::string source_file::name() const {
  return path.substr(path.rfind('/') + 1);
}

std::string source_file::extension() const {
  const auto dot = name().rfind('.');
  return dot == std::string::npos || dot == 0 ? "" : name().substr(dot);
}

bool source_file::is_source() const {
  return extension() == ".cpp";
}

bool source_file::is_header() const {
  return extension() == ".hpp";
}

bool source_file::below(std::string_view top) const {
  return path.starts_with(top) && path.size() > top.size()
         && path[top.size()] == '/';
}

source_tree read_tree(const fs::path& top) {
  source_tree tree;
  tree.folders["."] = 0;
  for (auto it = fs::recursive_directory_iterator{top};
       it != fs::recursive_directory_iterator{}; ++it) {
    const auto path = fs::relative(it->path(), top).generic_string();
    const auto name = it->path().filename().string();
    if (it.depth() == 0)
      tree.top_level.insert(name);
    if (is_made(path, name)) {
      it.disable_recursion_pending();
      continue;
    }
    if (it->is_directory() && !it->is_symlink()) {
      tree.folders.try_emplace(path, 0);
    } else if (it->is_regular_file() && it->path().extension() != ".pyc") {
      ++tree.folders[folder_of(path)];
      read_file(it->path(), path, tree);
    }
  }
  return tree;
}

std::string to_string(const breach& x) {
  return x.file + (x.line > 0 ? ":" + std::to_string(x.line) : "") + ": "
         + x.rule + ": " + x.explanation;
}

std::ostream& operator<<(std::ostream& out, const breach& x) {
  return out << to_string(x);
}

std::string to_string(const breaches& all) {
  std::string text;
  for (const auto& each : all)
    text += "\n  " + to_string(each);
  return text;
}

} // namespace fc::conventions
