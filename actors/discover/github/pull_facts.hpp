#pragma once

#include "events/pull_request.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace fc::actors {

/// One pull request as GitHub lists it. `facts` has no repository, commits or
/// diff yet: `merge` is the merge commit GitHub names, or empty.
struct listed_pull {
  events::scraped facts;
  events::timestamp updated_at{};
  std::string base_tip; ///< Tip of the base branch when it was last updated.
  std::uint32_t renamed_files = 0;
  bool files_whole = false;        ///< `facts.files` has them all.
  std::vector<std::string> issues; ///< Node ids of issues that it closes.
};

/// Reads a node of `PullRequestFacts`. What is null there is empty here.
/// @returns `ec::malformed` where what must be there is not; names the field.
events::expected<listed_pull> read_pull(const nlohmann::json& node);

} // namespace fc::actors
