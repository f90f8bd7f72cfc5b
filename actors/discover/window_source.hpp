#pragma once

#include "actors/services/process/process.hpp"
#include "events/failures/service.hpp"
#include "events/policy/symbolic.hpp"
#include "events/pull_request.hpp"
#include "events/repository.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fc::actors {

/// Files of a pull request that are kept; all are counted.
inline constexpr std::size_t max_files = 600;

/// Starts the note of a pull request that could not be read at all, though the
/// repository is sound: it asks for more than any honest one does.
inline constexpr std::string_view not_read = "not read: ";

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
  /// Limits of a service that were met; recorded at once.
  std::function<void(const events::limit_met&)> on_limit;
  services::stop_flag stop;
};

/// What was read.
struct window_summary {
  std::string head; ///< The commit that `head` names.
  /// Pull requests that the source counts in the window; 0 is a fact, not an
  /// error. All that it listed were visited.
  std::uint32_t counted = 0;
  std::string method; ///< How they were listed.
  std::string note;
  std::string doubts; ///< About which commit stands for a number; told.
  std::uint32_t calls = 0;
  std::uint32_t points = 0;
  std::uint32_t git_operations = 0; ///< Over the network.
  std::uint32_t page_size = 0;
  std::uint32_t audited = 0;
  std::uint32_t audit_mismatches = 0;
};

/// One pull request as a source gives it. The facts lack references to texts:
/// who stores those fills them in.
struct discovered_pull {
  events::scraped facts;
  /// Absent where title or files already reject it, or objects are missing.
  std::optional<std::string> diff;
  std::string issue_texts; ///< JSON; empty if it closes no issue.
  std::optional<events::diff_audited> audit;
  std::string served; ///< GitHub's diff, where the audit found a difference.
  /// What title and files come to; none where the source did not ask.
  std::optional<events::policy::symbolic_verdict> before_diff = {};
};

/// Takes one pull request; an error ends the reading.
using pull_visitor = std::function<events::error(discovered_pull)>;

/// Takes what a source finds; an error ends the reading.
struct window_visitor {
  /// Once, before any pull request. Without a suite nothing of it is built.
  std::function<events::error(events::repository_seen)> repository;
  pull_visitor pull_request;
};

/// Where merged pull requests of one repository come from. Used by one thread.
class window_source {
public:
  virtual ~window_source() = default;
  /// Visits the pull requests merged in [start, end), or the named ones.
  /// @returns `ec::not_found` for what is not there, `ec::invalid_argument` for
  /// a window or task that cannot be meant.
  virtual events::expected<window_summary>
  read(const window_request& request, const events::policy::symbolic_gate& gate,
       const window_visitor& visit)
    = 0;
};

} // namespace fc::actors
