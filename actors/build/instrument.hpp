#pragma once

#include "actors/build/stage_context.hpp"

#include <string>

namespace fc::actors {

/// What a run measures with, in one line: interpreter, its packages, index,
/// isolation and harness. Where it differs from what a trial was run with,
/// another try may see what that one could not.
std::string describe_instrument(stage_context& context);

} // namespace fc::actors
