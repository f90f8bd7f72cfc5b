#pragma once

#include "events/policy/policy.hpp"
#include "events/policy/speedup/pairs.hpp"

#include <string>

/// What of a suite the instrument saw: "could not look" is not "nothing there".
namespace fc::events::policy::speedup {

/// Whether the suite or the environment is why a benchmark failed, and not the
/// change: it fails on both sides, or base alone ran longer than allowed. One
/// that reaches the change and crashes on both sides did run: it crashes.
bool fails_everywhere(const benchmark_trial& x);

/// Whether base cannot run a benchmark that the patched side can. The suite is
/// the merge commit's, so it may ask for what the change itself adds.
bool is_new(const benchmark_trial& x);

/// The share of the suite that nothing is known of, from 0 to 1: modules that
/// neither side can import, and benchmarks that fail everywhere.
double unseen_share(const trialled& x);

/// "3 of 4 modules and 12 of 14 benchmarks of the suite were seen".
std::string seen_text(const trialled& x);

/// Whether time ran out before all was tried.
bool ran_out_of_time(const trialled& x);

/// Whether the policy takes "could not look" for a verdict, as those did that
/// know no `gate.max_unseen`.
inline bool is_lenient(const gate_rules& rules) {
  return rules.max_unseen >= 1;
}

/// By how much the claimed time contradicts what was measured outside, a share;
/// 0 where nothing was measured outside.
double clock_gap(const clock_totals& x);
double clock_gap(const benchmark_trial& x);

} // namespace fc::events::policy::speedup
