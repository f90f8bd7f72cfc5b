#pragma once

#include "tools/replay/audit/page.hpp"

namespace fc::replay {

/// The pairs of a benchmark as a figure: a strip each for screen, confirmation
/// and base against base, on one logarithmic axis, with 1, the gate's limit,
/// median and interval. From top to bottom in the order of measuring.
/// @param id Names the figure within its page.
/// @returns nothing where no pair is usable.
std::string strip_plot(const sampled_benchmark& x, const std::string& id);

} // namespace fc::replay
