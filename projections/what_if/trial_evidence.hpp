#pragma once

#include "events/measurement.hpp"
#include "events/policy/policy.hpp"

#include <optional>
#include <string>

namespace fc::projections::what_if {

/// Which samples a policy wants that a trial does not have, or nothing. Fewer
/// pairs than were taken, other budgets and limits ask for nothing new.
/// @param run How the trial was run; null where that is not known.
std::optional<std::string>
lacking_pairs(const events::trialled& x, const events::policy::trial_plan* run,
              const events::policy::policy& p);

} // namespace fc::projections::what_if
