#pragma once

#include "events/log/event_log.hpp"
#include "projections/reports/scope.hpp"
#include "tools/replay/options.hpp"

namespace fc::replay {

/// The repository of `--repo`, or all of them.
/// @returns `ec::not_found` for one that the log does not know.
events::expected<projections::scope>
scope_of(const events::log::log_reader& log, const options& x);

} // namespace fc::replay
