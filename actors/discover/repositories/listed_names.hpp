#pragma once

#include "actors/discover/repositories/repository_source.hpp"

#include <filesystem>
#include <memory>
#include <string_view>

namespace fc::actors {

/// `owner/name`, or an address of GitHub such as
/// `https://github.com/owner/name.git` or `git@github.com:owner/name`.
events::expected<events::repo_name> parse_repository(std::string_view text);

/// `owner/name,owner/name`
std::unique_ptr<repository_source> given_names(std::string text);

/// A file with one repository a line; "#" begins a comment. A line that names
/// none is an error: whoever made the list meant something by it.
std::unique_ptr<repository_source> list_file(std::filesystem::path path);

/// A file with a JSON object a line that has `repo_name`, or `owner` and
/// `repo`; other members are passed over.
std::unique_ptr<repository_source> json_lines(std::filesystem::path path);

} // namespace fc::actors
