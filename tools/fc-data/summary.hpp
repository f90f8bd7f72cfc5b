#pragma once

#include "actors/core/run.hpp"
#include "events/log/event_log.hpp"
#include "tools/fc-data/options.hpp"

#include <ostream>

namespace fc::tools {

/// How many are left after each step, counted over all runs: what `fcreplay
/// --funnel` says in total.
events::error
print_funnel(std::ostream& out, const events::log::log_reader& log);

/// What stays on the screen at the end: the funnel, what failed and why, what
/// it cost, and where the dataset is.
/// @param log For the funnel and what the run cost; all else is read from the
/// tables, which must be up to date.
/// @param run Id of the run.
events::error
print_summary(std::ostream& out, const events::log::log_reader& log,
              const std::string& run, const actors::run_result& result,
              const options& settings);

} // namespace fc::tools
