#pragma once

#include "events/event.hpp"
#include "events/ids.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fc::events {

/// A declared requirement that was left out, and why.
struct dropped_requirement {
  std::string requirement;
  std::string reason;

  using fields
    = members<&dropped_requirement::requirement, &dropped_requirement::reason>;
  bool operator==(const dropped_requirement&) const = default;
};

/// A built file, by the digest of its bytes.
struct artefact {
  std::string path; ///< Below the environment's site directory.
  digest id;
  std::uint64_t size = 0;

  using fields = members<&artefact::path, &artefact::id, &artefact::size>;
  bool operator==(const artefact&) const = default;
};

/// One side of the comparison as built from source.
struct built_side {
  std::string side; ///< "base", "head" (patched) or "twin" (base again).
  std::string commit;
  bool ok = false;
  double seconds = 0;
  blob_ref log;
  std::string error; ///< Last telling line of the log when it failed.
  std::vector<artefact> artefacts;

  using fields
    = members<&built_side::side, &built_side::commit, &built_side::ok,
              &built_side::seconds, &built_side::log, &built_side::error,
              &built_side::artefacts>;
  bool operator==(const built_side&) const = default;
};

/// What the project declares that it needs, and what is there.
struct resolved {
  static constexpr std::uint16_t tag = 300;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "Resolved";

  std::string interpreter; ///< Path of the interpreter used.
  std::string python_version;
  std::string interpreter_source; ///< Why this one.
  std::string requires_python;
  std::string package;
  std::string package_version;
  std::string package_root; ///< Folder with the build file, "." at the top.
  std::string build_backend;
  std::vector<std::string> build_requires;
  std::vector<std::string> requirements;
  std::vector<dropped_requirement> dropped;
  std::vector<std::string> missing; ///< Declared but not to be had here.
  std::string suite_config;  ///< Path of the ASV configuration in the tree.
  std::string suite_dir;     ///< Benchmark folder in the tree.
  std::string installer;     ///< "pip" or "uv", with version.
  std::string index;         ///< URL of the package index, or "none".
  std::string suite_project; ///< What the configuration calls the project.
  /// `NAME=value` for the build and the benchmarks (ASV's `matrix.env`).
  std::vector<std::string> build_env;
  /// `NAME=value` for the benchmarks alone (ASV's `matrix.env_nobuild`).
  std::vector<std::string> run_env;
  double suite_timeout_s = 0; ///< The suite's own default; 0 is none.
  /// The base side's where they differ from the merge's, else empty.
  std::string base_package_root;
  std::string base_package_version;
  /// Keys of the configuration that are not honoured, and why.
  std::vector<std::string> ignored_settings;
  /// The tag that `git describe` finds at base, for builds that ask git for
  /// their version; empty: there is none.
  std::string version_tag;

  using fields
    = members<&resolved::interpreter, &resolved::python_version,
              &resolved::interpreter_source, &resolved::requires_python,
              &resolved::package, &resolved::package_version,
              &resolved::package_root, &resolved::build_backend,
              &resolved::build_requires, &resolved::requirements,
              &resolved::dropped, &resolved::missing, &resolved::suite_config,
              &resolved::suite_dir, &resolved::installer, &resolved::index,
              &resolved::suite_project, &resolved::build_env,
              &resolved::run_env, &resolved::suite_timeout_s,
              &resolved::base_package_root, &resolved::base_package_version,
              &resolved::ignored_settings, &resolved::version_tag>;
  bool operator==(const resolved&) const = default;
};

/// The environment the pull request is built in.
struct env_resolved {
  static constexpr std::uint16_t tag = 301;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "EnvResolved";

  std::string python_version;
  std::string probe; ///< "complete" or "missing".
  std::string explanation;

  using fields = members<&env_resolved::python_version, &env_resolved::probe,
                         &env_resolved::explanation>;
  bool operator==(const env_resolved&) const = default;
};

/// The problem statement, without the solution.
struct problem_rendered {
  static constexpr std::uint16_t tag = 302;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "ProblemRendered";

  blob_ref statement;
  std::vector<std::string> linked; ///< Issues named in title or body.
  digest template_id;

  using fields
    = members<&problem_rendered::statement, &problem_rendered::linked,
              &problem_rendered::template_id>;
  bool operator==(const problem_rendered&) const = default;
};

/// Both sides (and base a second time) were built from source.
struct synthesized {
  static constexpr std::uint16_t tag = 303;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "Synthesized";

  std::vector<std::string> recipe; ///< Commands, in order.
  std::vector<built_side> sides;
  std::string isolation; ///< "bubblewrap" or "none".
  bool network = false;  ///< Whether the build could reach the network.
  std::string suite_commit;
  std::string suite_dir;
  /// Changed files that a compiler reads.
  std::vector<std::string> compiled_changed;
  bool control = false; ///< A/A: the patched side is base again.

  using fields = members<&synthesized::recipe, &synthesized::sides,
                         &synthesized::isolation, &synthesized::network,
                         &synthesized::suite_commit, &synthesized::suite_dir,
                         &synthesized::compiled_changed, &synthesized::control>;
  bool operator==(const synthesized&) const = default;
};

/// The side of that name, null if it was not built; lives as long as `x`.
const built_side* side_of(const synthesized& x, std::string_view name);

/// Whether a compiler or linker made the file: a shared library.
bool is_compiled(const artefact& x);

/// The environment is ready to be measured in.
struct image_built {
  static constexpr std::uint16_t tag = 304;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "ImageBuilt";

  std::string image;  ///< Name of the image or local sandbox.
  digest environment; ///< Of interpreter, sides and artefacts.

  using fields = members<&image_built::image, &image_built::environment>;
  bool operator==(const image_built&) const = default;
};

using environment_events
  = list<resolved, env_resolved, problem_rendered, synthesized, image_built>;

} // namespace fc::events
