#pragma once

#include "events/error.hpp"

#include <string_view>

namespace fc::events::common {

/// Why a TOML text is not given to the library, or no error. Each dot of a key
/// is a table within a table, and tables end by recursion; the library bounds
/// only lists and tables in one line.
error check_toml(std::string_view text, std::string_view origin);

} // namespace fc::events::common
