#pragma once

#include "events/measurement.hpp"

#include <string>
#include <string_view>

namespace fc::replay {

/// What a benchmark came to, in a word or two: "confirmed" only where the gate
/// says so, "not confirmed" where fresh pairs were taken and did not hold.
/// @param as_candidate What the gate made of it, nullptr where it was no
/// candidate.
std::string status_of(const events::benchmark_trial& x,
                      const events::candidate* as_candidate);

/// An error in one line. A traceback is shown by its last line and the
/// innermost frame in the project's own files; all of it stays in the evidence.
std::string error_text(std::string_view text);

} // namespace fc::replay
