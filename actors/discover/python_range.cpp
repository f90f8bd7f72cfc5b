#include "actors/discover/python_range.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>

namespace fc::actors {

using events::expected;

namespace {

/// In the order in which they count.
constexpr std::array<std::string_view, 3> files{"pyproject.toml", "setup.cfg",
                                                "setup.py"};

/// Longer ones hold no metadata that anybody wrote by hand.
constexpr std::size_t max_bytes = 200'000;
constexpr std::size_t max_range = 1'000;

bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t';
}

void skip_blanks(std::string_view& x) noexcept {
  while (!x.empty() && is_blank(x.front()))
    x.remove_prefix(1);
}

/// What stands behind `key =`, at the start of a line or anywhere; nothing
/// where that does not stand at this place.
std::optional<std::string_view>
behind_key(std::string_view text, std::size_t at, std::string_view key,
           bool starts_line) {
  const auto before = text.substr(0, at);
  const auto last = before.find_last_not_of(" \t");
  if (starts_line && last != std::string_view::npos && before[last] != '\n')
    return std::nullopt;
  auto rest = text.substr(at + key.size());
  skip_blanks(rest);
  if (!rest.starts_with('='))
    return std::nullopt;
  rest.remove_prefix(1);
  skip_blanks(rest);
  return rest;
}

/// A text in quotes that ends in its line.
std::optional<std::string_view> in_quotes(std::string_view x) {
  if (!x.starts_with('"') && !x.starts_with('\''))
    return std::nullopt;
  x.remove_prefix(1);
  const auto end = x.find_first_of("\"'\n");
  if (end == std::string_view::npos || x[end] == '\n')
    return std::nullopt;
  return x.substr(0, end);
}

/// The rest of the line without comment.
std::optional<std::string_view> in_line(std::string_view x) {
  if (x.empty() || x.front() == '#' || x.front() == ';'
      || std::isspace(static_cast<unsigned char>(x.front())) != 0)
    return std::nullopt;
  return x.substr(0, x.find_first_of("\n#;", 1));
}

/// The first range that a file names.
std::optional<std::string_view>
first_range(std::string_view file, std::string_view text) {
  const bool toml = file == files[0];
  const bool cfg = file == files[1];
  const std::string_view key = toml ? "requires-python" : "python_requires";
  for (auto at = text.find(key); at != std::string_view::npos;
       at = text.find(key, at + key.size())) {
    const auto value = behind_key(text, at, key, toml || cfg);
    const auto range = !value ? std::nullopt
                       : cfg  ? in_line(*value)
                              : in_quotes(*value);
    if (range)
      return range;
  }
  return std::nullopt;
}

} // namespace

std::string requires_python_in(std::string_view file, const std::string& text) {
  if (text.size() > max_bytes)
    return {};
  const auto found = first_range(file, text);
  if (!found || found->size() > max_range)
    return {};
  std::string range{*found};
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
