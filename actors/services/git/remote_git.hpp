#pragma once

#include "actors/services/process/process.hpp"

#include <string>
#include <vector>

namespace fc::actors::services {

/// A git that may use the network, for this folder's sources only; nobody is
/// there to answer its questions.
process_spec network_git(std::vector<std::string> args, double timeout_s);

/// Runs it. @param what For errors, e.g. "cannot clone URL".
/// @returns `ec::unavailable` for a network that fails, which is worth a retry;
/// `ec::not_found` and `ec::refused` for a wrong name and a closed door,
/// `ec::missing_object` for objects that the other side has not.
events::error ask_remote(const std::string& what, const process_spec& git,
                         const stop_flag& stop);

/// An address without the name and password before its host.
std::string shown(const std::string& url);

/// Whether git calls this folder a clone of that address.
expected<bool> is_clone_of(const std::string& folder, const std::string& url,
                           const stop_flag& stop);

} // namespace fc::actors::services
