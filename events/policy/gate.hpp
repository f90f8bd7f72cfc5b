#pragma once

#include "events/measurement.hpp"
#include "events/policy/policy.hpp"

#include <vector>

/// The speedup gate: pure functions of raw pairs and policy, so that a changed
/// threshold is judged again from stored evidence. Method and sources:
/// docs/measurement.md.
namespace fc::events::policy {

/// Indices of benchmarks that go on to confirmation, best first, by median
/// ratio of the screen's pairs; at most `max_candidates`.
std::vector<std::size_t>
screen(const std::vector<benchmark_trial>& all, const gate_rules& rules,
       std::uint32_t max_candidates);

/// The verdict on a trial: reads only raw pairs.
speedup_measured judge_speedup(const trialled& x, const policy& p);

} // namespace fc::events::policy
