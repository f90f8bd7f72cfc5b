#pragma once

#include "events/measurement.hpp"
#include "events/policy/policy.hpp"

#include <optional>
#include <string>

namespace fc::events::policy {

/// Why a benchmark must not be used, or nothing. A state that wears off (the
/// first call after a setup does work that later calls of a loop do not) and a
/// saving that only moves into the first call are found here.
std::optional<std::string>
inadmissible(const benchmark_trial& x, const gate_rules& rules);

} // namespace fc::events::policy
