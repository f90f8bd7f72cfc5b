#pragma once

#include "events/error.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace fc::events::log {

/// Copies the whole records of one of RocksDB's write-ahead logs, or of its
/// manifest, into a new file and leaves out what is damaged. RocksDB itself
/// gives up on some damage in records that it does not need, as they are in
/// tables already, and on any in a manifest.
///
///   file   ::= block*                          of 32 KiB, the last may be cut
///   block  ::= piece* zeros                    at most 6 zeros
///   piece  ::= checksum:u32le length:u16le kind:u8 bytes
///   kind   ::= 1 (a whole record) | 2 (its first piece) | 3 | 4 (its last)
///
/// The checksum is CRC-32C of kind and bytes, rotated by 15 bits to the right,
/// plus 0xa282ead8.
error copy_whole_records(const std::filesystem::path& from,
                         const std::filesystem::path& to);

/// A new file of these records.
error write_records(const std::filesystem::path& to,
                    const std::vector<std::string>& records);

/// A number of at most eight bytes, the lowest first.
std::uint64_t little_endian(std::string_view raw);

/// CRC-32C as RocksDB stores it in its files.
std::uint32_t masked_checksum(std::string_view data);

} // namespace fc::events::log
