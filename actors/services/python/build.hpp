#pragma once

#include "actors/services/python/artefacts.hpp"
#include "actors/services/python/declared_package.hpp"
#include "actors/services/python/package_index.hpp"

#include <map>
#include <string>
#include <vector>

namespace fc::actors::services {

/// One side to build. Inside it always lies at `/fc/src`, its environment at
/// `/fc/env`, so that equal sources give equal binaries.
struct build_request {
  /// A private copy: the build writes into it, and lines may be adjusted.
  std::filesystem::path source;
  std::filesystem::path environment; ///< Made anew.
  std::string package_root = ".";    ///< As `declared_package::package_root`.
  /// For builds that ask git for it, which is not there. Empty: 999.0. Give
  /// all sides the same.
  std::string version;
  /// What `git describe` shall say where the build cannot do without git: then
  /// its tree becomes a repository of one empty commit with this tag, for as
  /// long as it is built. Empty: no tag. Give all sides the same.
  std::string tag;
  index_choice index;                     ///< Empty URL: none, no network.
  std::filesystem::path uv;               ///< Empty: looked up; else pip.
  std::map<std::string, std::string> env; ///< Added to the plain one.
  double timeout_s = 1800;                ///< Of each command.
  std::uint64_t memory_mb = 8192;
  std::uint32_t processes = 512;
};

/// How a build ended. A failed one is a result, too: `ok` is false and `error`
/// the most telling line of the log.
struct build_outcome {
  bool ok = false;
  std::string error;
  std::string log; ///< Commands and all they printed; no passwords of ours.
  double seconds = 0;
  double cpu_seconds = 0;
  std::vector<std::string> recipe; ///< Commands and adjustments, in order.
  std::string installer;           ///< "pip 23.0.1" or "uv 0.4.0".
  bool network = false;            ///< Whether it could reach the network.
  installed_package package;       ///< Empty unless `ok`.
};

/// Makes the environment and installs the package from source.
/// @returns an error only when nothing can be said about the package:
/// `ec::cancelled` when stopped, or what kept the sandbox from running.
expected<build_outcome>
build_side(const python_tools& tools, const build_request& request,
           const stop_flag& stop);

} // namespace fc::actors::services
