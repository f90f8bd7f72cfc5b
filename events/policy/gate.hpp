#pragma once

#include "events/measurement.hpp"
#include "events/policy/policy.hpp"

#include <optional>
#include <string>
#include <vector>

/// The speedup gate: pure functions of raw pairs and policy, so that a changed
/// threshold is judged again from stored evidence. Method and sources:
/// docs/measurement.md.
namespace fc::events::policy {

/// Why a benchmark must not be used, or nothing. A state that wears off (the
/// first call after a setup does work that later calls of a loop do not) and a
/// saving that only moves into the first call are found here.
std::optional<std::string>
inadmissible(const benchmark_trial& x, const gate_rules& rules);

/// Indices of benchmarks that go on to confirmation, best first, by median
/// ratio of the screen's pairs; at most `max_candidates`.
std::vector<std::size_t>
screen(const std::vector<benchmark_trial>& all, const gate_rules& rules,
       std::uint32_t max_candidates);

/// The verdict on a trial: reads only raw pairs.
speedup_measured judge_speedup(const trialled& x, const policy& p);

} // namespace fc::events::policy
