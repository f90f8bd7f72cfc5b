#include "actors/verify/bench_answers.hpp"

#include "tests/fuzz/fuzz.hpp"

#include <cmath>

// input ::= what:letter answer; the letter is that of a command
namespace fc::fuzz {
namespace {

using namespace actors;
using events::ec;

template <class T>
void check_answer(const events::expected<T>& x) {
  if (!x)
    check_error(x.error(), {ec::malformed});
}

void check_survey(const std::string& raw) {
  const auto x = read_survey(raw);
  check_answer(x);
  if (!x)
    return;
  check(x->raw == raw && x->modules <= 1'000'000, "a survey keeps its answer");
  for (const auto& each : x->entries) {
    check(each.number >= 1, "a sample has a call");
    for (const double seconds :
         {each.single, each.loop, each.worn, each.seconds, each.timeout})
      check(std::isfinite(seconds), "a survey's times are numbers");
    check(each.label.starts_with(each.key.name), "a label begins with a name");
  }
}

void check_timing(const std::string& raw, const char* clock) {
  events::policy::trial_plan plan;
  plan.clock = clock;
  plan.statistic = raw.size() % 2 == 0 ? "minimum" : "median";
  const auto x = read_timing(raw, {"bench.time_it", {}}, 3, plan);
  check_answer(x);
  check(!x || x->raw == raw, "a timing keeps its answer");
}

} // namespace
} // namespace fc::fuzz

extern "C" int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fc::fuzz;
  input in{data, size};
  const auto what = in.byte();
  const std::string raw{in.rest()};
  if (what == 's')
    check_survey(raw);
  else if (what == 't')
    check_answer(fc::actors::read_targets(raw));
  else if (what == 'p')
    check_answer(fc::actors::read_preparation(raw));
  else if (what == 'w')
    check_timing(raw, "wall_less_wait");
  else
    check_timing(raw, "wall");
  if (const auto failed = fc::actors::check_token(raw, "0123456789abcdef"))
    check_error(failed, {fc::events::ec::malformed, fc::events::ec::refused});
  return 0;
}
