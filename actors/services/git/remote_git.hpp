#pragma once

#include "actors/services/process/process.hpp"
#include "events/common/address.hpp"

#include <string>
#include <vector>

namespace fc::actors::services {

using events::common::split_address;

/// A git that may use the network, for this folder's sources only; nobody is
/// there to answer its questions. @param door What opens the address among the
/// arguments, if anything: git asks a helper for it, which only this git's
/// environment has; nothing of it is an argument or ends in a configuration.
process_spec network_git(std::vector<std::string> args, double timeout_s,
                         const split_address& door = {});

/// Runs it. @param what For errors, e.g. "cannot clone URL".
/// @returns `ec::unavailable` for a network that fails, which is worth a retry;
/// `ec::not_found` and `ec::refused` for a wrong name and a closed door,
/// `ec::missing_object` for objects that the other side has not.
events::error ask_remote(const std::string& what, const process_spec& git,
                         const stop_flag& stop);

/// An address without the name and password before its host, on one line.
std::string shown(const std::string& url);

/// Whether git calls this folder a clone of that address.
expected<bool> is_clone_of(const std::string& folder, const std::string& url,
                           const stop_flag& stop);

} // namespace fc::actors::services
