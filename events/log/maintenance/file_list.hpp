#pragma once

#include "events/error.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace fc::events::log {

/// A table of a database, as a new list of files names it.
struct listed_table {
  std::uint64_t number = 0;
  std::uint64_t size = 0;
  std::string family;
};

/// A file of large values, all of them of one family.
struct listed_blob_file {
  std::uint64_t number = 0;
  std::uint64_t count = 0; ///< Of values.
  std::uint64_t size = 0;  ///< Of the whole file.
};

/// The files that a database consists of, beside its write-ahead logs.
struct file_list {
  std::vector<listed_table> tables;
  std::vector<listed_blob_file> blobs;
  std::uint64_t next_number = 1; ///< Above that of every file in the folder.
};

/// Writes CURRENT and a MANIFEST that name these files and replay every
/// write-ahead log in the folder. Bounds and ages of tables are not known: each
/// is one of the first level that may hold any key, which is right where no
/// key was written twice with different values, as in a log.
///
///   edit  ::= field*                           a record as in wal.hpp
///   field ::= tag:varint value                 tags as in RocksDB 7.8
error write_file_list(const std::filesystem::path& folder,
                      const file_list& list);

/// Copies what is whole at the beginning of a file of large values, and ends
/// it as RocksDB would. @returns how many values it has; 0 for none.
///
///   file   ::= header:30 record* footer:32
///   record ::= key_size:u64le value_size:u64le 0:u64 checksums:8 key value
///   footer ::= magic:u32le count:u64le 0:16 checksum:u32le
expected<std::uint64_t> copy_blob_file(const std::filesystem::path& from,
                                       const std::filesystem::path& to);

/// How many values a whole file of large values has; 0 for one that is cut.
std::uint64_t values_in(const std::filesystem::path& file);

} // namespace fc::events::log
