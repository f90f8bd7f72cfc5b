#pragma once

#include "events/policy/policy.hpp"
#include "events/policy/speedup/pairs.hpp"

#include <optional>
#include <string>

/// The gate's answers that need no confirmation: nothing could be timed, the
/// built code is the same, or no benchmark looks faster.
namespace fc::events::policy::speedup {

/// A rule and what it says.
struct refusal {
  std::string rule;
  std::string explanation;
  /// The instrument could not look: not the pull request's fault.
  bool failed = false;
};

/// "no_benchmark", "benchmark.crashes", "benchmark.errors", "suite.unseen" or
/// "budget", if no benchmark that reaches the change was timed.
std::optional<refusal>
refuse_untimed(const trialled& x, const gate_rules& rules);

/// "not_measurable", if compiled sources changed and what was built did not.
std::optional<refusal> refuse_identical(const trialled& x);

/// "wears_off", "slower" or "no_candidate"; "suite.unseen" or "budget" where
/// the best may not have been looked at.
/// @pre A benchmark was timed, and none passed the screen.
refusal
no_candidate(const trialled& x, const overall& all, const gate_rules& rules);

} // namespace fc::events::policy::speedup
