#pragma once

#include "events/log/database.hpp"

#include <array>
#include <map>
#include <string>

namespace fc::fuzz {

/// The rows of a log's families, in memory.
using log_rows
  = std::array<std::map<std::string, std::string>, events::log::family_total>;

/// A database over them, which stay the caller's. In the place of RocksDB's:
/// link it instead of `events/log/rocksdb_log.cpp`.
events::log::database database_over(log_rows& rows);

} // namespace fc::fuzz
