#include "actors/discover/asv_config.hpp"

#include "actors/discover/json5.hpp"
#include "events/common/bounded_json.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <nlohmann/json.hpp>

#include <cmath>

// input ::= the text of an asv.conf.json
namespace fc::fuzz {
namespace {

using namespace actors;
using events::ec;

void check_plain(std::string_view text) {
  const auto plain = json_of_json5(text);
  if (!plain)
    return check_error(plain.error(), {ec::malformed});
  // JSON is JSON5. Escapes may have made it longer.
  const auto again = json_of_json5(*plain, {8 << 20, 64, 8 << 20});
  check(again && *again == *plain, "plain JSON stays as it is");
  const auto read = events::common::parse_json(*plain);
  if (!read)
    check(events::describe(read.error()).find("out_of_range")
            != std::string::npos,
          "what was made plain is JSON, but for numbers that nobody can hold: "
            + events::describe(read.error()));
}

void check_settings(const suite_settings& x) {
  check(std::isfinite(x.timeout_s) && x.timeout_s >= 0, "a timeout is one");
  check(x.ignored.size() <= 41, "what is ignored is bounded");
  for (const auto* list : {&x.build_env, &x.run_env}) {
    check(list->size() <= 100, "variables are bounded");
    for (const auto& each : *list) {
      const auto is = each.find('=');
      check(is != std::string::npos && is > 0
              && each.find('\0') == std::string::npos,
            "a variable has a name, and no zero byte");
      check(!each.starts_with("LD_") && !each.starts_with("PATH=")
              && !each.starts_with("FC_"),
            "no variable reaches around the sandbox");
    }
  }
}

} // namespace
} // namespace fc::fuzz

extern "C" int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fc::fuzz;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  check_plain(text);
  const auto x = fc::actors::parse_asv_config(text);
  if (x)
    check_settings(x->settings);
  else
    check_error(x.error(), {fc::events::ec::malformed});
  return 0;
}
