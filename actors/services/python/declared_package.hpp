#pragma once

#include "actors/services/python/interpreter.hpp"
#include "actors/services/sandbox/sandbox.hpp"
#include "events/environment.hpp"

#include <string>
#include <vector>

namespace fc::actors::services {

/// Everything that is needed to look at and build packages.
struct python_tools {
  services::sandbox& sandbox;
  interpreter python;
  std::filesystem::path scripts; ///< Folder that holds `fcmeta.py`.
};

/// One requirement and whether the interpreter's own packages fulfil it.
struct requirement {
  std::string text; ///< As of PEP 508, e.g. `numpy>=1.20`.
  std::string name;
  std::string state; ///< "present", "wrong version", "missing", "not needed".
  std::string installed; ///< Version; empty when missing or not needed.
};

/// What a source tree says about itself; nothing of it was executed.
struct declared_package {
  std::string package_root;       ///< "." at the top; empty: nothing to build.
  std::string root_reason;        ///< Why this folder.
  std::vector<std::string> files; ///< That were read, below the root.
  std::string name;
  std::string version; ///< Empty when the build computes it.
  std::string requires_python;
  bool python_fits = true; ///< The interpreter is one of `requires_python`.
  std::string build_backend;
  std::vector<requirement> build_requires;
  std::vector<requirement> requirements; ///< At run time, without extras.
  /// False: computed by setup.py, so `requirements` is empty and means nothing.
  bool requirements_known = true;
  std::vector<std::string> extras;
  std::vector<events::dropped_requirement> bad;
  bool extensions = false; ///< setup.py or setuptools compiles something.
  std::vector<std::string> notes; ///< Files that could not be read, and why.

  /// Declared for the build or at run time, but absent or of another version.
  std::vector<std::string> missing() const;
};

/// Reads the build files of a tree, inside the sandbox.
/// @param root The package's folder where it is stated elsewhere; empty, or
/// without a build file: it is looked for.
/// @returns `ec::malformed` when the reader itself failed, with its last line.
expected<declared_package>
read_declared(const python_tools& tools, const std::filesystem::path& tree,
              const stop_flag& stop, const std::string& root = {});

} // namespace fc::actors::services
