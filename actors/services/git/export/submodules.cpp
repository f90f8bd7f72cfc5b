#include "actors/services/git/export/submodules.hpp"

#include "actors/services/git/text.hpp"

#include <algorithm>

namespace fc::actors::services {

namespace {

/// `[submodule "name"]`.
std::optional<std::string> section_name(std::string_view line) {
  constexpr std::string_view start = "[submodule \"";
  if (!line.starts_with(start) || !line.ends_with("\"]"))
    return std::nullopt;
  const auto name = line.substr(start.size(), line.size() - start.size() - 2);
  return std::string{name};
}

/// A relative path of plain parts.
bool is_safe(std::string_view name) {
  if (name.empty()
      || name.find_first_of(std::string_view{"\\\"\0", 3})
           != std::string_view::npos)
    return false;
  while (true) {
    const auto end = std::min(name.find('/'), name.size());
    const auto part = name.substr(0, end);
    if (part.empty() || part == "." || part == "..")
      return false;
    if (end == name.size())
      return true;
    name.remove_prefix(end + 1);
  }
}

} // namespace

std::optional<std::string>
submodule_name(std::string_view gitmodules, std::string_view path) {
  std::optional<std::string> section;
  while (!gitmodules.empty()) {
    const auto end = std::min(gitmodules.find('\n'), gitmodules.size());
    const auto line = trimmed(gitmodules.substr(0, end));
    gitmodules.remove_prefix(std::min(end + 1, gitmodules.size()));
    if (line.starts_with('[')) {
      section = section_name(line);
      continue;
    }
    const auto equals = line.find('=');
    if (!section || equals == std::string_view::npos
        || trimmed(line.substr(0, equals)) != "path"
        || trimmed(line.substr(equals + 1)) != path)
      continue;
    return is_safe(*section) ? section : std::nullopt;
  }
  return std::nullopt;
}

} // namespace fc::actors::services
