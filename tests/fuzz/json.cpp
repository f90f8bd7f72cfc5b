#include "events/common/bounded_json.hpp"
#include "events/common/utf8.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <nlohmann/json.hpp>

// input ::= the text
namespace fc::fuzz {
namespace {

using namespace events::common;
using nlohmann::json;

constexpr json_bounds narrow{2000, 8, 64 << 10};

std::uint32_t depth_of(const json& x) {
  std::uint32_t deepest = 0;
  for (const auto& each : x)
    deepest = std::max(deepest, x.is_structured() ? depth_of(each) : 0);
  return deepest + (x.is_structured() ? 1 : 0);
}

void check_bounds(std::string_view text) {
  const auto narrowly = parse_json(text, narrow);
  check(narrowly || events::code_of(narrowly.error()) == events::ec::malformed,
        "text beyond the bounds is malformed");
  if (narrowly)
    check(text.size() <= narrow.bytes && depth_of(*narrowly) <= narrow.depth,
          "what is read is within the bounds");
}

} // namespace
} // namespace fc::fuzz

extern "C" int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fc::fuzz;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto x = parse_json(text);
  const auto other = read_json(text);
  check(static_cast<bool>(x) == !other.is_discarded(),
        "both readers take the same");
  if (x) {
    check(*x == other, "both readers read the same");
    // Throws where a text in it is no UTF-8.
    const auto again = parse_json(x->dump());
    check(again && *again == *x, "what was read can be written and read");
  } else {
    check_error(x.error(), {fc::events::ec::malformed});
    const auto why = fc::events::describe(x.error());
    check(why.size() < 2000 && is_utf8(why)
            && why.find('\n') == std::string::npos,
          "an error is one short line");
  }
  check_bounds(text);
  return 0;
}
