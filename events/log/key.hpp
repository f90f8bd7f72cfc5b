#pragma once

#include "events/ids.hpp"

#include <optional>
#include <string>
#include <string_view>

/// Keys of the log's column families. Numbers are big-endian, so byte order is
/// numeric order.
///
///   log key     ::= position:u64be            -> entry (entry.hpp)
///   stream key  ::= name 0x00 sequence:u32be  -> position:u64be
///   blob key    ::= digest:32 bytes           -> the blob's bytes, or its head
///                 | digest:32 bytes index:u32be     -> a chunk of its bytes
///   meta key    ::= "format" | "created_by" | "created_at" -> text
///   name        ::= 1 to 512 bytes, none of them 0x00
///
/// The zero byte ends a name below every other byte: stream keys sort by name,
/// then by sequence, and the keys of one stream are never mixed with those of
/// a longer name.
namespace fc::events::log {

/// Longest stream name in bytes.
inline constexpr std::size_t max_stream_name = 512;

/// Key of a record, also the value of a stream key.
std::string position_key(position at);
/// Inverse of `position_key`; none for anything but 8 bytes.
std::optional<position> parse_position(std::string_view key);

/// Whether a name can be part of a stream key.
bool is_stream_name(std::string_view name) noexcept;

/// A record's position in its stream.
struct stream_position {
  std::string_view stream; ///< Valid as long as the key it was read from.
  sequence seq = 0;
};

std::string stream_key(std::string_view stream, sequence seq);
/// Inverse of `stream_key`; none for a damaged key.
std::optional<stream_position> parse_stream_key(std::string_view key);
/// Smallest possible key of any stream that comes after this one.
std::string after_stream(std::string_view stream);

std::string_view blob_key(const digest& id) noexcept;
std::string blob_chunk_key(const digest& id, std::uint32_t index);

/// What stands under a blob's key when its bytes are in chunks; told from the
/// bytes of a blob by not having its digest.
///
///   head ::= "fc-blob" 0x0a size:u64be
std::string blob_head(std::uint64_t size);
/// Inverse of `blob_head`; none for anything else.
std::optional<std::uint64_t> parse_blob_head(std::string_view value);

} // namespace fc::events::log
