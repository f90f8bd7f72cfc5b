#pragma once

#include "actors/discover/repositories/repository_source.hpp"

#include <memory>
#include <string>
#include <vector>

namespace fc::actors {

/// What came of one source.
struct source_account {
  std::string source;
  std::size_t found = 0;
  std::vector<left_out> passed_over;
  std::uint32_t calls = 0;
  std::uint64_t bytes = 0;
  double cost_usd = 0;
  std::string cut;       ///< Why there may be more; empty: all there is.
  events::error failure; ///< It could not be asked.
};

/// What all sources name together.
struct named_repositories {
  std::vector<named_repository> all; ///< Each name once, whatever its case.
  std::vector<source_account> sources;

  /// Whether every source said all it knows.
  bool whole() const;
};

/// Asks one source after the other. One that fails does not lose what others
/// found: its account has the error.
/// @returns the error of a source where none of them named anything, or
/// `ec::cancelled`.
events::expected<named_repositories> collect_named_repositories(
  const std::vector<std::unique_ptr<repository_source>>& from,
  const services::stop_flag& stop);

/// Lower case, by which names of GitHub are equal.
std::string folded(const events::repo_name& x);

} // namespace fc::actors
