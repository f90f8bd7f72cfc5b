#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Changes a log behind its back, as a newer program, a bug or an attacker
/// might. Needs a log that nobody has open.
namespace fc::events::log {

/// Puts a row, or removes it when there is no value. Makes the column family
/// if need be. @throws std::runtime_error with RocksDB's text.
void set_raw(const std::string& path, const std::string& family,
             std::string_view key, std::optional<std::string_view> value);

/// @throws std::runtime_error when there is no such row.
std::string get_raw(const std::string& path, const std::string& family,
                    std::string_view key);

/// Makes a database that is no log, with one row.
void make_other_database(const std::string& path);

/// Moves all rows from memory into files.
void flush_raw(const std::string& path);
/// The same for one family; the others keep the write-ahead log alive.
void flush_raw(const std::string& path, const std::string& family);

} // namespace fc::events::log
