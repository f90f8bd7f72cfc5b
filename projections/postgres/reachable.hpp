#pragma once

#include "events/error.hpp"

#include <string>

namespace fc::projections::postgres {

/// Asks a database who it is; changes nothing.
/// @param address libpq's; is in no error.
/// @returns e.g. "PostgreSQL 15.6, may create tables in public", or why it
/// cannot be used.
events::expected<std::string> reachable(const std::string& address);

} // namespace fc::projections::postgres
