#pragma once

#include "projections/registry.hpp"

#include <chrono>
#include <string>

/// The public tables as one SQLite file.
namespace fc::projections::sqlite {

/// How files are dealt with.
struct file_options {
  /// How long a lock of another program is waited for.
  std::chrono::milliseconds patience{5000};
  /// What following the same log keeps between calls; none to keep nothing.
  replay_memory* memory = nullptr;
};

/// What a projection came to.
struct store_report {
  checkpoint up_to;
  bool rebuilt = false; ///< False: only new records were applied.
};

/// Builds the tables of the whole log beside `file` and puts them in its place
/// in one step: readers see the old tables or the new ones. The file depends
/// on nothing but the log: the same log gives the same bytes.
/// @returns `ec::invalid_argument` for a file that is not ours,
/// `ec::already_in_use`, `ec::storage_failure`; the old file is then untouched.
events::expected<store_report>
rebuild(const events::log::log_reader& log, const std::string& file,
        const file_options& options = {});

/// Applies what the log has beyond the file's checkpoint; the same content as
/// a rebuild. Rebuilds where there is no file, where a projection's version
/// differs, and where the file followed another log.
events::expected<store_report>
follow(const events::log::log_reader& log, const std::string& file,
       const file_options& options = {});

/// Fills a new file with the tables of the whole log, for `read_rows`: neither
/// synced nor packed, so it is no file to keep.
/// @pre `file` does not exist; the caller removes it, also after an error.
events::expected<checkpoint>
collect(const events::log::log_reader& log, const std::string& file);

} // namespace fc::projections::sqlite
