#include "events/policy/policy.hpp"

#include "tests/fuzz/fuzz.hpp"

#include <cmath>

// input ::= the text
extern "C" int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fc::events;
  using fc::fuzz::check;
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  const auto x = policy::parse_policy(text, "fuzz");
  if (!x) {
    fc::fuzz::check_error(x.error(), {ec::invalid_argument});
    check(describe(x.error()).find("fuzz") != std::string::npos,
          "an error names its file");
    return 0;
  }
  check(x->text == text && x->id == sha256(as_bytes(text)),
        "a policy is the text that it was read from");
  for (const double number :
       {x->symbolic.bytes_per_token, x->trial.sample_ms, x->gate.min_ratio,
        x->gate.delta, x->gate.confidence, x->retry.backoff_s})
    check(std::isfinite(number) && number >= 0, "numbers are within bounds");
  check(x->symbolic.bytes_per_token > 0, "a token has bytes");
  const auto again = policy::parse_policy(x->text, "again");
  check(again && again->id == x->id, "a policy is read again from its text");
  return 0;
}
