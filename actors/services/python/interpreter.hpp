#pragma once

#include "events/error.hpp"

#include <filesystem>
#include <map>
#include <string>

namespace fc::actors::services {

/// A Python that packages are built with and measured in.
struct interpreter {
  std::filesystem::path path; ///< Of the binary itself, not of a shim.
  std::string version;        ///< "3.11.2".
  std::string pip;            ///< Version; empty when there is none.
  std::string setuptools;
  /// pip's configured index, e.g. of /etc/pip.conf; may hold a password.
  std::string index_url;
};

/// Asks an interpreter about itself.
/// @param wanted Path, or a name that is looked up in the system's folders.
/// @param env What pip's configuration may depend on: HOME, PIP_….
/// @returns `ec::not_found` or `ec::unavailable` when it is none, and
/// `ec::refused` when it is older than 3.8.
events::expected<interpreter>
find_interpreter(const std::filesystem::path& wanted,
                 const std::map<std::string, std::string>& env = {});

} // namespace fc::actors::services
