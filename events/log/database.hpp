#pragma once

#include "events/ids.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rocksdb {
class Env;
} // namespace rocksdb

/// RocksDB as the log needs it, with RocksDB itself out of sight: only
/// `rocksdb_database.cpp` includes it.
namespace fc::events::log {

/// Column families; key.hpp says what is in them.
enum class family : std::uint8_t { log, streams, blobs, meta };

inline constexpr std::size_t family_total = 4;

std::string_view to_string(family x) noexcept;

/// One row of a batch; the views must live until it is written.
struct put_row {
  family to = family::log;
  std::string_view key;
  byte_view value;
};

/// Walks one family in key order, over the rows as they were when it was made.
class cursor {
public:
  struct impl;
  explicit cursor(std::unique_ptr<impl> x);
  cursor(cursor&&) noexcept;
  ~cursor();

  void seek_first();
  void seek_last();
  /// To the first key that is not less.
  void seek(std::string_view key);
  /// To the last key that is not greater.
  void seek_back(std::string_view key);
  void next();
  /// False at the end, and after a failure: ask `failure` then.
  bool valid() const;
  std::string_view key() const;
  byte_view value() const;
  /// Why the walk ended early, with RocksDB's text; none at the end.
  std::optional<std::string> failure() const;

private:
  std::unique_ptr<impl> impl_;
};

/// How much a cursor will read.
enum class reading : std::uint8_t {
  lookup, ///< A few rows: through the cache.
  bulk,   ///< Many rows: 2 MB read ahead, the cache left alone.
};

/// An open database. Reads are safe from any thread.
class database {
public:
  /// Names of the column families at a path; an error for no database.
  static expected<std::vector<std::string>>
  family_names(const std::string& path);

  /// The one read-write handle. @returns `ec::already_in_use`, `ec::corrupt`.
  /// @param files Null for the file system.
  static expected<database> open_writer(const std::string& path, bool create,
                                        rocksdb::Env* files = nullptr);

  /// As the files are now, beside a writer or without one; writes nothing.
  static expected<database> open_reader(const std::string& path);

  /// One family up to the first damage in the write-ahead log: to look before
  /// anything is written, and to say how far a damaged log goes.
  static expected<database> open_frozen(const std::string& path, family only);

  /// Everything that can still be read of a damaged database; rows may be
  /// missing anywhere, so each must be proved by other means. Writes nothing.
  static expected<database> open_salvage(const std::string& path);

  /// One of the backups in a folder, where it lies; writes nothing.
  static expected<database>
  open_backup(const std::string& folder, std::uint32_t id);

  database(database&&) noexcept;
  ~database();

  /// The value of a key; none when there is no such row.
  expected<std::optional<bytes>> get(family from, std::string_view key) const;

  cursor walk(family over, reading how) const;

  /// Writes all rows or none, and syncs.
  error write(std::span<const put_row> rows);

  /// Removes all rows or none, and syncs.
  error remove(family from, std::span<const std::string> keys);

  /// Rewrites a family without what was removed, to free the disk.
  error compact(family over);

  /// Adds a backup of the files as they were when this was opened; files that
  /// the folder has already are not copied again. A writer in another process
  /// may remove files meanwhile: prove the backup, and try again.
  /// @returns its id.
  expected<std::uint32_t>
  back_up(const std::string& folder, const std::string& note) const;

private:
  struct impl;
  explicit database(std::unique_ptr<impl> x);

  std::unique_ptr<impl> impl_;
};

/// The column family that a table file was made for.
/// @returns `ec::corrupt` for a file that is no whole table.
expected<std::string> family_of_table(const std::string& file);

/// Keeps writers out of a database without opening it.
class database_lock {
public:
  /// @returns `ec::already_in_use`.
  static expected<database_lock> take(const std::string& path);

  database_lock(database_lock&&) noexcept;
  ~database_lock();

private:
  struct impl;
  explicit database_lock(std::unique_ptr<impl> x);

  std::unique_ptr<impl> impl_;
};

/// A backup in a folder of backups.
struct backup_entry {
  std::uint32_t id = 0;
  std::string note; ///< As given to `back_up`.
};

/// What a folder of backups holds, oldest first; damaged ones are left out.
expected<std::vector<backup_entry>> backups_in(const std::string& folder);

error drop_backup(const std::string& folder, std::uint32_t id);

/// Copies a backup into a new folder.
error restore_backup(const std::string& folder, std::uint32_t id,
                     const std::string& to);

} // namespace fc::events::log
