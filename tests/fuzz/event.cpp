#include "events/catalog.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <type_traits>

// input ::= tag:u16le version:u8 payload
namespace fc::fuzz {
namespace {

using namespace events;

/// What was read can be written, and is then read as the same. Bytes are
/// compared: a number that is none differs from itself.
template <event T>
void check_round_trip(const T& x) {
  const auto written = encode(x);
  const auto back = decode(written, T::version, std::type_identity<T>{});
  if (!back)
    broken(std::string{T::name}
           + " is not read back: " + describe(back.error()));
  check(encode(*back) == written, "an event is read back as it was written");
}

} // namespace
} // namespace fc::fuzz

extern "C" int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fc::events;
  fc::fuzz::input in{data, size};
  record at;
  at.at = 1;
  const unsigned low = in.byte();
  at.tag = static_cast<std::uint16_t>(low | unsigned{in.byte()} << 8U);
  at.version = in.byte();
  const auto payload = as_bytes(in.rest());
  at.payload.assign(payload.begin(), payload.end());
  const auto failed
    = visit(at, [](const auto& x) { fc::fuzz::check_round_trip(x); });
  if (failed)
    fc::fuzz::check_error(failed, {ec::corrupt, ec::too_new});
  return 0;
}
