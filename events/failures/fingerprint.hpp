#pragma once

#include "events/ids.hpp"

#include <string>
#include <string_view>

namespace fc::events {

/// A failure's message without what differs from one occurrence to the next:
/// times and numbers, paths, addresses, hashes.
std::string generalised(std::string_view message);

/// By which like failures are recognised: SHA-256 of the generalised message.
/// None for an empty message.
digest fingerprint_of(std::string_view message);

} // namespace fc::events
