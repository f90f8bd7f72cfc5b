#pragma once

#include "events/ids.hpp"

#include <optional>
#include <string_view>

namespace fc::actors::services {

/// `owner/name` of a repository's URL: the last two parts of its path, without
/// `.git`. Understands `https://`, `ssh://`, `git@host:owner/name`, `file://`
/// and plain paths; nullopt when there are no two such parts.
std::optional<events::repo_name> name_of_url(std::string_view url);

} // namespace fc::actors::services
