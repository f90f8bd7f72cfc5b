#pragma once

#include "events/error.hpp"

#include <cstdint>
#include <string>

namespace fc::events::common {

/// Bytes of a file that a person wrote: a policy, a list, a key. Longer ones
/// are something else.
inline constexpr std::uint64_t max_config_bytes = 16 << 20;

/// All of a file, or one error that names it. @param what E.g. "the policy".
/// @returns `ec::invalid_argument` for what cannot be read or is no file, and
/// for more bytes than `max`, which are not read.
expected<std::string> read_file(const std::string& path, std::string_view what,
                                std::uint64_t max = max_config_bytes);

} // namespace fc::events::common
