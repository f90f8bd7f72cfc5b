#pragma once

#include <string>
#include <string_view>

namespace fc::actors {

/// A failure's message without what differs from one occurrence to the next
/// (paths, numbers, addresses, hashes), so that like failures are recognised.
/// At most 160 bytes.
std::string fingerprint(std::string_view message);

} // namespace fc::actors
