#include "events/log/entry.hpp"
#include "events/log/key.hpp"
#include "tests/fuzz/fuzz.hpp"

// input ::= position:u8 entry, which is read as a key as well
namespace fc::fuzz {
namespace {

using namespace events;
using namespace events::log;

void check_entry(position at, byte_view raw) {
  auto x = read_entry(at, raw);
  if (!x)
    return check_error(x.error(), {ec::corrupt, ec::too_new});
  check(x->at == at, "an entry is of the position that its key says");
  // Written anew, with a chain that holds.
  auto written = *x;
  const auto entry = make_entry(written, x->payload, {});
  chain_reader reader{at, {}};
  const auto back = reader.read(at, entry);
  if (!back)
    broken("an entry is not read back: " + describe(back.error()));
  check(*back == written, "an entry is read back as it was written");
  check(reader.next() == at + 1, "a chain goes on behind what was read");
  // And one that is broken is not believed.
  auto damaged = entry;
  damaged[1] = static_cast<std::uint8_t>(damaged[1] ^ 1U);
  chain_reader other{at, {}};
  check(!other.read(at, damaged), "a broken chain is noticed");
}

void check_keys(std::string_view key) {
  if (const auto at = parse_position(key))
    check(position_key(*at) == key, "a position's key is one text");
  if (const auto place = parse_stream_key(key))
    check(stream_key(place->stream, place->seq) == key,
          "a stream's key is one text");
  if (const auto size = parse_blob_head(key))
    check(blob_head(*size) == key, "a blob's head is one text");
  if (is_stream_name(key)) {
    const auto whole = stream_key(key, 7);
    const auto place = parse_stream_key(whole);
    check(place && place->stream == key && place->seq == 7,
          "a stream's key is read back");
    check(whole < after_stream(key), "a stream's keys come before the next");
  }
}

} // namespace
} // namespace fc::fuzz

extern "C" int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fc::fuzz::input in{data, size};
  const auto at = in.byte();
  const std::string raw{in.rest()};
  fc::fuzz::check_entry(at, fc::events::as_bytes(raw));
  fc::fuzz::check_keys(raw);
  return 0;
}
