#pragma once

#include "events/record.hpp"

/// What is stored for a record, the same in memory and on disk.
///
///   entry ::= format:u8 (1)  chain:32 bytes  envelope (schemas/record.fbs)
///
/// `chain` is SHA-256 over the previous entry's chain (zeros for the first)
/// and the envelope.
namespace fc::events::log {

inline constexpr std::uint8_t entry_format = 1;

/// A new entry; sets the record's `chain` from its predecessor's.
/// @param payload Stands for the record's own, which is not looked at.
bytes make_entry(record& x, byte_view payload, const digest& previous);

/// The same behind what is in `to`.
void append_entry(bytes& to, record& x, byte_view payload,
                  const digest& previous);

/// Bytes of an entry beside its payload, the names in it left out; at most.
inline constexpr std::size_t entry_room = 256;

/// The record in an entry, whose key says `at`; its chain is not checked.
/// @returns `ec::corrupt` or `ec::too_new`, position named.
expected<record> read_entry(position at, byte_view entry);

/// Whether an entry holds the chain digest of its envelope behind `previous`.
bool is_chained(byte_view entry, const digest& previous);

/// Reads entries in order and checks that none is missing, moved or changed.
class chain_reader {
public:
  /// @param next Position expected next.
  /// @param previous Chain digest of the record before it.
  chain_reader(position next, const digest& previous);

  /// @returns the record, or `ec::corrupt` naming the first bad position.
  expected<record> read(position at, byte_view entry);

  position next() const noexcept {
    return next_;
  }
  /// Chain digest of the last record read.
  const digest& chain() const noexcept {
    return chain_;
  }

private:
  position next_;
  digest chain_;
};

} // namespace fc::events::log
