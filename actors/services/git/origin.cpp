#include "actors/services/git/origin.hpp"

#include "actors/services/git/text.hpp"

#include <string>

namespace fc::actors::services {

namespace {

void drop_end(std::string_view& text, std::string_view end) {
  if (text.ends_with(end))
    text.remove_suffix(end.size());
}

/// What follows the host; all of it for a plain path.
std::string_view path_of(std::string_view url) {
  if (const auto at = url.find("://"); at != std::string_view::npos) {
    url.remove_prefix(at + 3);
    const auto slash = url.find('/');
    return slash == std::string_view::npos ? std::string_view{}
                                           : url.substr(slash);
  }
  // `host:path` as in ssh, unless a slash comes first: then it is a path.
  const auto colon = url.find(':');
  const auto slash = url.find('/');
  if (colon != std::string_view::npos && colon < slash)
    return url.substr(colon + 1);
  return url;
}

} // namespace

std::optional<events::repo_name> name_of_url(std::string_view url) {
  auto path = trimmed(url);
  const auto tail = path.find_first_of("?#");
  path = path_of(path.substr(0, tail));
  while (path.ends_with('/'))
    path.remove_suffix(1);
  drop_end(path, "/.git");
  drop_end(path, ".git");
  const auto last = path.rfind('/');
  if (last == std::string_view::npos || last == 0)
    return std::nullopt;
  const auto before = path.rfind('/', last - 1);
  const auto from = before == std::string_view::npos ? 0 : before + 1;
  auto name = events::repo_name::parse(path.substr(from));
  if (!name)
    return std::nullopt;
  return std::move(*name);
}

} // namespace fc::actors::services
