#pragma once

#include "events/log/database.hpp"
#include "events/log/folder.hpp"

/// How a log on disk is told from other databases and from newer logs.
namespace fc::events::log {

/// Layout of families and keys; a program refuses a higher one. A log begins
/// with 1, and has 2 from its first blob in chunks on.
inline constexpr unsigned log_format = 2;

/// The format of a log with a blob in chunks, a row of the batch that has it.
put_row chunked_format_version();

/// Looks at a folder with files in it, writing nothing.
/// @returns `ec::invalid_argument` for no log, `ec::too_new`.
error check_folder_state(const std::string& path, folder_state found);

/// Checks the format of an open log.
/// @returns `ec::invalid_argument` when there is none, `ec::too_new`.
error check_format_version(const database& db, const std::string& path);

/// Checks the format, and writes it into a log without any records.
error write_format_version(database& db, const std::string& path, position last,
                           timestamp now);

} // namespace fc::events::log
