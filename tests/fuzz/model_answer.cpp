#include "actors/judge/read_answer.hpp"
#include "actors/services/llm/dialect.hpp"
#include "actors/services/llm/refusals.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <chrono>
#include <cmath>

// input ::= what:letter text
namespace fc::fuzz {
namespace {

using namespace actors;
using namespace actors::services;
using events::ec;

const events::timestamp now = *events::parse_time("2026-11-01");

template <class T>
void check_answer(const events::expected<T>& x) {
  if (!x)
    check_error(x.error(), {ec::malformed});
}

/// A reply, and then what the model says in it.
void check_reply(std::string_view api, std::string_view body) {
  const auto reply = read_reply(api, body);
  check_answer(reply);
  if (reply) {
    check(reply->api == api, "a reply says how it is read");
    check_answer(read_label(reply->text));
  }
}

void check_category(std::string_view text) {
  events::policy::judge_rules rules;
  rules.categories = {{"cache_and_reuse", {"cache"}}, {"vectorise", {"numpy"}}};
  const auto x = read_category(text, rules);
  check_answer(x);
  if (!x)
    return;
  check(x->category == "uncategorized" || x->category == "cache_and_reuse"
          || x->category == "vectorise",
        "a category is one of the policy's");
  check(x->difficulty == "easy" || x->difficulty == "medium"
          || x->difficulty == "hard",
        "a difficulty is one of three");
}

/// text ::= status LF { name ": " value LF } LF body
void check_refusal(input in) {
  http_response x;
  x.status = std::atol(std::string{in.until("\n").substr(0, 6)}.c_str());
  for (auto line = in.until("\n"); !line.empty(); line = in.until("\n"))
    if (const auto colon = line.find(": "); colon != std::string_view::npos)
      x.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  x.body = in.rest();
  const auto refusal = read_refusal(x, now);
  check(refusal.code != ec::none, "a refusal has a reason");
  check(refusal.text.starts_with("HTTP "), "a refusal names its status");
  check(refusal.text.find('\n') == std::string::npos, "a refusal is one line");
  const auto trace = trace_of(x);
  check(without(trace, "secret-key").find("secret-key") == std::string::npos,
        "a trace tells no key");
  exhausted_until(x, now);
}

} // namespace
} // namespace fc::fuzz

extern "C" int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fc::fuzz;
  input in{data, size};
  switch (in.byte()) {
  case 'o':
    check_reply("openai", in.rest());
    break;
  case 'a':
    check_reply("anthropic", in.rest());
    break;
  case 'm':
    check_answer(fc::actors::services::read_listing(in.rest()));
    break;
  case 'c':
    check_category(in.rest());
    break;
  case 'r':
    check_refusal(in);
    break;
  case 'd':
    if (const auto x = fc::actors::services::read_duration(in.rest()))
      check(std::isfinite(*x) && *x >= 0, "a duration is one");
    break;
  default:
    check_answer(fc::actors::read_label(in.rest()));
  }
  return 0;
}
