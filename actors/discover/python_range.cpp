#include "actors/discover/python_range.hpp"

#include <algorithm>
#include <array>
#include <regex>

namespace fc::actors {

using events::expected;

namespace {

/// In the order in which they count.
constexpr std::array<std::string_view, 3> files{"pyproject.toml", "setup.cfg",
                                                "setup.py"};

/// Longer ones hold no metadata that anybody wrote by hand.
constexpr std::size_t most_bytes = 200'000;

const std::regex& pattern_of(std::string_view file) {
  static const std::regex toml{
    R"((?:^|\n)[ \t]*requires-python[ \t]*=[ \t]*["']([^"'\n]*)["'])"};
  static const std::regex cfg{
    R"((?:^|\n)[ \t]*python_requires[ \t]*=[ \t]*([^\s#;][^\n#;]*))"};
  static const std::regex script{
    R"(python_requires[ \t]*=[ \t]*["']([^"'\n]*)["'])"};
  return file == files[0] ? toml : file == files[1] ? cfg : script;
}

} // namespace

std::string requires_python_in(std::string_view file, const std::string& text) {
  std::smatch found;
  if (text.size() > most_bytes
      || !std::regex_search(text, found, pattern_of(file)))
    return {};
  auto range = found[1].str();
  range.erase(range.find_last_not_of(" \t\r") + 1);
  return range;
}

expected<std::vector<std::string>>
python_range_ids(services::git_repository& git, const std::string& commit) {
  auto top = git.folder(commit, "");
  if (!top)
    return top.error();
  std::vector<std::string> ids;
  if (*top)
    for (const auto& entry : **top)
      if (!entry.folder && !entry.submodule
          && std::ranges::find(files, entry.name) != files.end())
        ids.push_back(entry.id);
  return ids;
}

expected<std::string>
requires_python(services::git_repository& git, const std::string& commit) {
  for (const auto file : files) {
    auto text = git.file(commit, file);
    if (!text)
      return text.error();
    if (!*text)
      continue;
    if (auto range = requires_python_in(file, **text); !range.empty())
      return range;
  }
  return std::string{};
}

} // namespace fc::actors
