#pragma once

#include "actors/services/process/process.hpp"
#include "events/environment.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace fc::actors::services {

/// What an installation from source left in an environment.
struct installed_package {
  std::string name;
  std::string version;
  std::string site; ///< Site folder below the environment, `lib/…`.
  std::vector<std::string> imports; ///< Names to import, sorted.
  /// All files of the package but byte code and notes about the installing;
  /// sorted by path.
  std::vector<events::artefact> artefacts;
};

/// Finds the distribution that was installed from `source` (a path as the
/// installer saw it). The environment was written by the package's own build:
/// links, pipes, foreign files and endless ones in it are not read but refused.
/// @returns `ec::not_found` when there is no such distribution, `ec::refused`
/// for what no installer leaves there.
events::expected<installed_package>
read_installed(const std::filesystem::path& environment,
               const std::string& source, const stop_flag& stop = {});

/// Fields of one line of comma-separated values.
std::vector<std::string> split_csv(std::string_view line);

} // namespace fc::actors::services
