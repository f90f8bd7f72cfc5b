#pragma once

#include "events/error.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace fc::actors {

/// What a configuration asks of the build and of the benchmarks. Everything is
/// bounded: it is somebody else's text.
struct suite_settings {
  std::string project;
  /// Folder of the package below the top of the tree; empty: not stated.
  std::string repo_subdir;
  /// `NAME=value` of `matrix.env` and `matrix.env_nobuild`, first value each.
  std::vector<std::string> build_env;
  std::vector<std::string> run_env;
  double timeout_s = 0; ///< The suite's default for a benchmark; 0 is none.
  /// `key: why it is not honoured`, by key.
  std::vector<std::string> ignored;

  bool operator==(const suite_settings&) const = default;
};

/// A configuration's statements; its benchmark folder is relative to it.
struct asv_config {
  std::string benchmark_dir = "benchmarks";
  std::vector<std::string> pythons;
  std::map<std::string, std::vector<std::string>> requirements;
  suite_settings settings;
};

/// Reads JSON5, as ASV does since 0.6.
/// @returns `ec::malformed` says what is wrong with it, and where.
events::expected<asv_config> parse_asv_config(std::string_view text);

} // namespace fc::actors
