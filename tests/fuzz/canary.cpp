#include "tests/fuzz/fuzz.hpp"

#include <vector>

// Has a fault of each kind on purpose. Whoever runs the fuzzers runs this one
// first: if its seeds do not fail, nothing that the others say counts.
extern "C" int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  fc::fuzz::check(!text.starts_with("promise"), "the canary's, on purpose");
  const std::vector<std::uint8_t> exact(data, data + size);
  volatile std::size_t sink = 0;
  if (text.starts_with("address"))
    sink = exact.data()[size];
  if (text.starts_with("undefined"))
    sink = static_cast<std::size_t>(1) << (text.size() + 64);
  static_cast<void>(sink);
  return 0;
}
