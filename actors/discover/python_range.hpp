#pragma once

#include "actors/services/git/git_repository.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace fc::actors {

/// Ids of the files at the top of a commit's tree that may say which versions
/// of Python a project runs on, whether or not their contents are here.
events::expected<std::vector<std::string>>
python_range_ids(services::git_repository& git, const std::string& commit);

/// What they say, as it stands there, e.g. ">=3.9": of `pyproject.toml`, else
/// of `setup.cfg`, else of `setup.py`. Empty where none says it as a plain
/// text; nothing is run to find out.
events::expected<std::string>
requires_python(services::git_repository& git, const std::string& commit);

/// The same of one file's text.
std::string requires_python_in(std::string_view file, const std::string& text);

} // namespace fc::actors
