#pragma once

#include <cstddef>
#include <memory>
#include <random>
#include <string>

namespace rocksdb {
class Env;
} // namespace rocksdb

namespace fc::events::log {

/// What goes wrong below RocksDB. Operations are those that change something:
/// appends to files, syncs of files and folders, closing, creating, renaming
/// and removing.
struct disk_fault {
  static constexpr std::size_t never = static_cast<std::size_t>(-1);

  /// The operation, counted from 0, that is refused.
  std::size_t at = never;
  /// How many are refused; `never` for a disk that does not come back.
  std::size_t refused = never;
  /// Whether a part of a refused append is written all the same.
  bool tears = false;
  /// "No space left", which RocksDB tries to get over by itself, instead of an
  /// error of the device.
  bool full = false;
};

/// What a power cut leaves of bytes that were written and not synced.
enum class unsynced : std::uint8_t {
  dropped, ///< None.
  torn,    ///< None, a part, or all of them.
  zeroed,  ///< A part, and zeros in place of the rest.
  garbled, ///< A part, and other bytes in place of the rest.
};

/// The files of one folder as RocksDB makes them, on a disk that fails by a
/// plan. Nothing is really synced; what was is written down instead, and
/// `cut_power` makes the folder what it would be. Bytes count as safe when the
/// file was synced, names when the folder was: changes of names that were not
/// are kept up to a random one, in order, as on a file system with a journal.
class faulty_files {
public:
  /// @param folder Files there now are safe.
  explicit faulty_files(std::string folder);
  faulty_files(const faulty_files&) = delete;
  faulty_files& operator=(const faulty_files&) = delete;
  ~faulty_files();

  /// For `rocksdb_options::files`.
  rocksdb::Env* env();

  /// What will go wrong; operations are counted anew.
  void plan(const disk_fault& fault, std::mt19937_64& dice);

  /// Operations so far.
  std::size_t operations() const;
  /// Whether an operation was refused.
  bool has_struck() const;

  /// To be called when the log is closed. @returns whether anything was lost.
  bool cut_power(unsynced how, std::mt19937_64& dice);

private:
  class disk;
  class file_system;

  std::shared_ptr<disk> disk_;
  std::unique_ptr<rocksdb::Env> env_;
};

} // namespace fc::events::log
