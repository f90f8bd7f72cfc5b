#pragma once

#include "events/log/snapshot/log_snapshot.hpp"

namespace fc::replay {

/// The position at which a log cut at `at` ends.
/// @returns `ec::not_found` where nothing of the log would be left.
events::expected<events::position>
end_of(const events::log::log_reader& log, const events::log::log_point& at);

} // namespace fc::replay
