#pragma once

#include "actors/services/git/git_repository.hpp"
#include "events/policy/symbolic.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace fc::actors {

/// Files of a pull request that are kept; all are counted.
inline constexpr std::size_t most_files = 600;

/// A pull request named by the user. Without commits it is looked up in the
/// history; with base alone, that replaces the first parent of its merge.
struct named_task {
  std::uint32_t number = 0;
  std::string base;  ///< A revision, or empty.
  std::string merge; ///< A revision, or empty; may be `base` itself (A/A).
};

/// What to read. With `tasks` these alone are read and the window is ignored.
struct window_request {
  events::repo_name repo;
  std::string source; ///< Where it is read: a path or a URL.
  std::string head = "HEAD";
  events::timestamp start{};
  events::timestamp end{}; ///< Exclusive.
  std::vector<named_task> tasks;
  /// Pull requests that are stored already: counted, but not read again.
  std::function<bool(std::uint32_t number)> known;
};

/// What was read.
struct window_summary {
  std::string head; ///< The commit that `head` names.
  /// Pull requests that the history has in the window; each was visited. 0 is
  /// a fact, not an error.
  std::uint32_t counted = 0;
};

/// Takes one pull request; an error ends the reading. The facts lack the
/// reference to the diff: who stores the text fills it in. No diff means that
/// title or files already reject it, or that objects are missing.
using window_visitor = std::function<events::error(
  events::scraped facts, std::optional<std::string> diff)>;

/// Visits the pull requests merged in [start, end), or the named ones, oldest
/// merge first. Diffs are read only where the title passes, and dropped where
/// the files reject. Objects that are absent are facts of a pull request.
/// @returns `ec::not_found` for an unknown head, number or commit,
/// `ec::invalid_argument` for a window or task that cannot be meant.
events::expected<window_summary>
read_window(services::git_repository& git, const window_request& request,
            const events::policy::symbolic_gate& gate,
            const window_visitor& visit);

} // namespace fc::actors
