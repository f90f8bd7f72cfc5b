#pragma once

#include "events/environment.hpp"

#include <string>
#include <vector>

namespace fc::actors {

/// Extension modules whose built files differ between base and patched.
std::vector<std::string> changed_extensions(const events::synthesized& x);

/// Installed files, below the site folder, that differ between base and patched
/// though none of `changed` is their source: what a build generates from a
/// template or a script. Neither extension modules nor files that hold only a
/// version.
std::vector<std::string>
generated_changes(const events::synthesized& x,
                  const std::vector<std::string>& changed);

} // namespace fc::actors
