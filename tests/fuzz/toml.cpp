#include "events/common/bounded_toml.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <toml++/toml.h>

// input ::= the text
namespace fc::fuzz {
namespace {

std::size_t depth_of(const toml::node& x) {
  std::size_t deepest = 0;
  if (const auto* table = x.as_table())
    for (auto&& [key, value] : *table)
      deepest = std::max(deepest, depth_of(value));
  else if (const auto* list = x.as_array())
    for (const auto& value : *list)
      deepest = std::max(deepest, depth_of(value));
  return deepest + 1;
}

} // namespace
} // namespace fc::fuzz

extern "C" int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fc::fuzz;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  if (const auto failed = fc::events::common::check_toml(text, "fuzz")) {
    check_error(failed, {fc::events::ec::invalid_argument});
    check(fc::events::describe(failed).find("fuzz:") != std::string::npos,
          "an error names its file and line");
    return 0;
  }
  try {
    // Seventeen parts a key, and what the library bounds by itself: tables and
    // lists in one line, each of which may have such keys.
    check(depth_of(toml::parse(text)) < 10'000, "tables are bounded in depth");
  } catch (const toml::parse_error&) {
    // The policy's reader says where.
  }
  return 0;
}
