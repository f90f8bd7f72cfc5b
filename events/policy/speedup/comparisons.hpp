#pragma once

#include "events/policy/policy.hpp"
#include "events/policy/speedup/pairs.hpp"

/// Rules that others accept a speedup by, on the same raw pairs, to be compared
/// with the gate. They know no guards, no screen and no correction for the
/// number of benchmarks, and say so.
namespace fc::events::policy::speedup {

/// By `gate.method`: "largest_ratio" accepts where the largest ratio of medians
/// over all timed benchmarks is at least `min_ratio`; "asv" where `asv compare`
/// would call a benchmark better by the factor `min_ratio`. Confirmed pairs are
/// read where there are any, else the screen's.
/// @pre A benchmark was timed, and the method is one of the two.
speedup_measured judge_otherwise(const trialled& x, const gate_rules& rules);

} // namespace fc::events::policy::speedup
