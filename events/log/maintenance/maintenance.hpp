#pragma once

#include "events/log/event_log.hpp"

/// What is done to a log on disk beside appending and reading. Nothing here
/// happens by itself: a person asks for it.
namespace fc::events::log {

/// What a repair found and did.
struct repair_report {
  std::vector<std::string> damage; ///< One line each; empty for a sound log.
  position kept = 0;               ///< Last position of the log now.
  position acknowledged = 0;       ///< Last one whose append was answered.
  /// Where the damaged log is now; empty when nothing was moved.
  std::string moved_to;
  /// Referenced blobs that the log does not have, one line each.
  std::vector<std::string> lost_blobs;
};

/// Puts the longest prefix that can be proved into a new log at the same path
/// and moves the damaged one aside, whole. A sound log is left alone. A repair
/// that was killed is finished, or begun again, by the next one.
/// @returns `ec::already_in_use`, `ec::not_found`, `ec::too_new`, and
/// `ec::corrupt` when RocksDB cannot open the files at all.
expected<repair_report>
repair(const std::string& path, const clock_function& now = system_now);

/// What a backup or a restored log holds.
struct backup_report {
  std::uint32_t number = 0; ///< Of the backup in its folder.
  position last = 0;
  std::uint64_t streams = 0;
  std::uint64_t blobs = 0;
  std::uint64_t added = 0; ///< Bytes that the backup folder grew by.
  /// Referenced blobs that the log itself does not have, one line each.
  std::vector<std::string> lost_blobs;
};

/// Adds a backup to a folder, beside a writer or without one. Only files that
/// are not there yet are copied. The backup is read and proved before it
/// counts; one that cannot be proved is not kept.
/// @returns `ec::invalid_argument` for a folder with other files or backups of
/// another log, `ec::already_in_use`, `ec::corrupt`.
expected<backup_report>
back_up(const std::string& path, const std::string& folder);

/// Makes a new log of a backup, and proves it before it is at its place.
/// @param number Of the backup; 0 for the newest.
expected<backup_report> restore(const std::string& folder, std::uint32_t number,
                                const std::string& path);

/// Blobs that no event refers to.
struct garbage_report {
  struct item {
    digest id;
    std::uint64_t size = 0;
  };
  std::vector<item> blobs;
  std::uint64_t bytes = 0; ///< Of all, before compression.
  bool removed = false;
};

/// Lists blobs that no event refers to, beside a writer or without one. A
/// running writer may be about to refer to some of them.
expected<garbage_report> list_garbage(const std::string& path);

/// Removes them for good. Needs the log for itself; refuses one that is
/// damaged or has events this program cannot read.
expected<garbage_report> remove_garbage(const std::string& path);

} // namespace fc::events::log
