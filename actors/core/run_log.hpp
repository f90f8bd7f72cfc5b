#pragma once

#include "events/log/event_log.hpp"
#include "events/policy/policy.hpp"
#include "events/run.hpp"

#include <string>

namespace fc::actors {

/// Records the policy in force, unless it already is the newest adopted one.
events::error
adopt_policy(events::log::event_log& log, const events::policy::policy& policy,
             const std::string& path);

/// What identifies a run: a restart with the same continues it.
struct run_configuration {
  std::string text; ///< JSON of sources, window, tasks and policy digest.
  events::timestamp start;
  events::timestamp end;
  bool control = false; ///< A/A: base is compared with base.
};

/// The run that a start of the program belongs to.
struct run_identity {
  std::string id;
  bool continued = false;
};

/// Finds the unfinished run of this configuration, or starts one.
/// @returns `ec::invalid_argument` when the log holds runs of the other kind
/// (control runs never share a log with real ones).
events::expected<run_identity>
begin_run(events::log::event_log& log, const run_configuration& what);

} // namespace fc::actors
