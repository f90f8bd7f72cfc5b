#pragma once

#include "actors/discover/repositories/repository_source.hpp"
#include "actors/services/github/rest.hpp"

#include <memory>

namespace fc::actors {

/// How GitHub's code search is used.
struct code_search_settings {
  std::string term = "filename:asv.conf.json";
  std::uint64_t largest = 393'216; ///< GitHub indexes no larger files.
  std::uint32_t cap = 1'000;       ///< Results of one query, at most.
  std::uint32_t page = 100;
  std::uint32_t repeats = 2; ///< Of an incomplete answer, before it is split.
  std::uint32_t max_calls = 600; ///< An hour at ten a minute.
};

/// Repositories whose default branch has a configuration of ASV, by GitHub's
/// code search. Files are sliced by size until every slice is below the cap
/// and complete; where even one size is not, the listing says that it is cut.
/// Forks and ASV itself are passed over.
/// @param github Outlives the source.
std::unique_ptr<repository_source>
code_search(services::github_rest& github, code_search_settings settings = {});

} // namespace fc::actors
