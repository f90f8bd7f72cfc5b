#pragma once

#include "events/environment.hpp"

#include <map>
#include <string>
#include <vector>

/// The environment variables that ASV sets, and those that a suite's
/// configuration asks for.
namespace fc::actors {

/// Names and values. Paths are those seen inside, below /fc.
struct asv_environment {
  std::map<std::string, std::string> build;
  std::map<std::string, std::string> run;
  /// Variables of the configuration that are not set, and why.
  std::vector<std::string> ignored;
};

/// @param commit The merge commit's on all sides, so that no code can tell
/// sides by it.
asv_environment
asv_environment_of(const events::resolved& x, const std::string& commit);

} // namespace fc::actors
