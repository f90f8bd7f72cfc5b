#pragma once

#include "events/measurement.hpp"

#include <string>
#include <string_view>

namespace fc::replay {

/// What a benchmark came to, in a word or two: "confirmed" only where the gate
/// says so, "not confirmed" where fresh pairs were taken and did not hold.
/// @param said What the gate said, nullptr where it was no candidate.
std::string
status_of(const events::benchmark_trial& x, const events::candidate* said);

/// An error in one line. A traceback is told by its last line and the innermost
/// frame in the project's own files; all of it stays in the evidence.
std::string told_error(std::string_view text);

} // namespace fc::replay
