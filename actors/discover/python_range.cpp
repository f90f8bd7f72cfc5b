#include "actors/discover/python_range.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace fc::actors {

using events::expected;

namespace {

/// In the order in which they count.
constexpr std::array<std::string_view, 3> files{"pyproject.toml", "setup.cfg",
                                                "setup.py"};

/// Longer ones hold no metadata that anybody wrote by hand.
constexpr std::size_t most_bytes = 200'000;
constexpr std::size_t most_range = 1'000;

std::string_view after_blanks(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(" \t"), text.size()));
}

/// What follows `key =`; nullopt where the text does not start so.
std::optional<std::string_view>
value_of(std::string_view text, std::string_view key) {
  if (!text.starts_with(key))
    return std::nullopt;
  text = after_blanks(text.substr(key.size()));
  if (!text.starts_with('='))
    return std::nullopt;
  return after_blanks(text.substr(1));
}

/// The text between quotes at the start; nullopt where there are none.
std::optional<std::string_view> quoted(std::string_view text) {
  if (!text.starts_with('"') && !text.starts_with('\''))
    return std::nullopt;
  const auto end = text.find_first_of("\"'\n", 1);
  if (end == std::string_view::npos || text[end] == '\n')
    return std::nullopt;
  return text.substr(1, end - 1);
}

/// Of a line that is not a comment alone.
std::optional<std::string_view> plain(std::string_view text) {
  if (text.empty()
      || std::string_view{"#;\r\n"}.find(text.front())
           != std::string_view::npos)
    return std::nullopt;
  return text.substr(0, text.find_first_of("#;\n"));
}

std::optional<std::string_view>
range_in(std::string_view file, std::string_view text) {
  if (file == files[2]) {
    constexpr std::string_view key = "python_requires";
    for (auto at = text.find(key); at != std::string_view::npos;
         at = text.find(key, at + key.size()))
      if (const auto value = value_of(text.substr(at), key))
        if (const auto found = quoted(*value))
          return found;
    return std::nullopt;
  }
  const bool toml = file == files[0];
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
    const auto line = after_blanks(text.substr(0, end));
    text.remove_prefix(end);
    const auto value
      = value_of(line, toml ? "requires-python" : "python_requires");
    if (!value)
      continue;
    if (const auto found = toml ? quoted(*value) : plain(*value))
      return found;
  }
  return std::nullopt;
}

} // namespace

std::string requires_python_in(std::string_view file, const std::string& text) {
  if (text.size() > most_bytes)
    return {};
  const auto found = range_in(file, text);
  if (!found || found->size() > most_range)
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
