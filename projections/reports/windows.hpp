#pragma once

#include "events/log/event_log.hpp"
#include "projections/reports/scope.hpp"

#include <map>
#include <string>
#include <vector>

namespace fc::projections {

/// A window of merge times, [start, end).
struct time_window {
  events::timestamp start{};
  events::timestamp end{};
  auto operator<=>(const time_window&) const = default;
};

/// The newest word on a window.
struct certificate {
  events::window_reconciled event;
  events::position at = 0;
  events::timestamp when{};

  /// Whether all that the source counts is stored.
  bool matches() const {
    return event.counted == event.stored;
  }
};

/// What was reconciled of a repository.
struct repository_windows {
  std::map<time_window, certificate> windows;

  /// What lies between windows and in none of them, in order.
  std::vector<time_window> gaps() const;
};

/// Completeness certificates: the newest of every window.
struct windows {
  static constexpr std::string_view name = "windows";
  static constexpr int version = 1;
  using handles
    = events::list<events::repository_seen, events::window_reconciled>;

  void apply(const event_context& m, const events::repository_seen& x);
  void apply(const event_context& m, const events::window_reconciled& x);

  scope about;
  /// Also repositories that were seen and never reconciled.
  std::map<std::string, repository_windows> repositories;
};

/// The same from the streams of repositories alone: takes no longer for a log
/// of many pull requests.
events::expected<windows>
read_windows(const events::log::log_reader& log, const scope& about = {});

} // namespace fc::projections
