#include "events/log/entry.hpp"

#include "events/log/fault.hpp"

#include <algorithm>

namespace fc::events::log {

namespace {

constexpr std::size_t header_size = 1 + sizeof(digest::value);

} // namespace

bytes make_entry(record& x, byte_view payload, const digest& previous) {
  bytes entry;
  entry.reserve(payload.size() + entry_room);
  append_entry(entry, x, payload, previous);
  return entry;
}

void append_entry(bytes& to, record& x, byte_view payload,
                  const digest& previous) {
  const auto start = to.size();
  to.resize(start + header_size);
  to[start] = entry_format;
  append_envelope(to, x, payload);
  const auto entry = std::span{to}.subspan(start);
  x.chain = chain_digest(previous, entry.subspan(header_size));
  std::ranges::copy(x.chain.value, entry.begin() + 1);
}

expected<record> read_entry(position at, byte_view entry) {
  if (entry.size() <= header_size)
    return corrupt_record(at, "the entry is cut short");
  if (entry[0] > entry_format)
    return make_error(ec::too_new,
                      "record " + std::to_string(at) + " is stored in format "
                        + std::to_string(entry[0]) + "; upgrade this program");
  if (entry[0] != entry_format)
    return corrupt_record(at, "the entry has no format");
  // A stored value lies anywhere; FlatBuffers reads numbers where they lie.
  const bytes aligned(entry.begin() + header_size, entry.end());
  auto x = decode_envelope(aligned);
  if (!x)
    return corrupt_record(at, text_of(x.error()));
  if (x->at != at)
    return corrupt_record(at, "the entry belongs to position "
                                + std::to_string(x->at));
  std::copy_n(entry.begin() + 1, x->chain.value.size(), x->chain.value.begin());
  return x;
}

bool is_chained(byte_view entry, const digest& previous) {
  if (entry.size() <= header_size)
    return false;
  const auto chain = chain_digest(previous, entry.subspan(header_size));
  return std::ranges::equal(chain.value, entry.subspan(1, chain.value.size()));
}

chain_reader::chain_reader(position next, const digest& previous)
  : next_(next), chain_(previous) {}

expected<record> chain_reader::read(position at, byte_view entry) {
  if (at != next_)
    return corrupt_record(next_, "the record is missing, position "
                                   + std::to_string(at) + " follows");
  auto x = read_entry(at, entry);
  if (!x)
    return x;
  if (!is_chained(entry, chain_))
    return corrupt_record(at, "the hash chain is broken");
  chain_ = x->chain;
  ++next_;
  return x;
}

} // namespace fc::events::log
