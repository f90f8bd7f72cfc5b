#include "tests/projections/conformance/odd_cells.hpp"

#include "tests/support/samples.hpp"

#include <limits>

namespace fc::projections::conformance {

using events::make_event;
using events::make_verdict;
using limits = std::numeric_limits<double>;

namespace {

constexpr std::uint32_t first_number = 2'000'000'000;

events::timestamp time_of(const char* second, std::int64_t microseconds) {
  return *events::parse_time(second) + std::chrono::microseconds{microseconds};
}

events::scraped facts(std::uint32_t number, events::timestamp merged) {
  auto x = samples::scraped();
  x.repo = stories::id_of(number).repo;
  x.number = number;
  x.title = odd_text();
  x.body = "";
  x.merged_at = merged;
  x.files = {{odd_text(), 0, 1}, {"\"}],\\u0000", 2, 3}, {"", 0, 0}};
  x.missing_objects = {"", odd_text(), "{\"a\": [null, {\"b\": {}}]}"};
  return x;
}

events::trialled trial() {
  auto x = samples::trialled();
  events::benchmark_trial odd;
  odd.name = odd_text();
  odd.status = "ok";
  odd.executed = {odd_text(), ""};
  odd.base_single = limits::denorm_min();
  odd.base_loop = limits::max();
  odd.head_single = 1e22;
  odd.head_loop = -0.0;
  odd.screen_base = {0.1, 1e-7, 123456789012345680.0, limits::infinity()};
  odd.confirm_base = {limits::max()};
  odd.confirm_head = {limits::denorm_min()};
  auto zero = odd;
  zero.name = "time_zero";
  zero.confirm_base = {-0.0}; // Only lists keep the sign of a zero.
  zero.confirm_head = {limits::max()};
  x.benchmarks = {odd, zero};
  x.import_errors = {"NULL", "\\N", odd_text()};
  return x;
}

events::speedup_measured verdict() {
  auto x = samples::speedup_measured();
  x.accepted = false;
  x.explanation = odd_text();
  x.estimate = 1e22;
  x.low = limits::denorm_min();
  x.high = limits::max();
  x.delta = -0.0;
  x.aa_floor = limits::quiet_NaN();
  x.geomean = -limits::max();
  x.geomean_low = 0.1 + 0.2;
  return x;
}

stories::story
with_odd_sides(std::uint32_t number, std::vector<std::string> sides) {
  const auto& policy = stories::shipped().id;
  auto build = samples::synthesized();
  const auto one = build.sides.front();
  build.network = build.control = false;
  build.isolation = "bubblewrap";
  build.sides.clear();
  for (auto& each : sides) {
    build.sides.push_back(one);
    build.sides.back().side = std::move(each);
    build.sides.back().ok = false;
  }
  return {events::stream_of(stories::id_of(number)),
          {make_event(facts(number, time_of("1999-12-31T23:59:59Z", 1))),
           make_verdict(samples::symbolic_passed(), policy),
           make_event(samples::answered()),
           make_verdict(samples::classified(), policy),
           make_event(samples::resolved()),
           make_verdict(samples::env_resolved(), policy),
           make_event(samples::problem_rendered()), make_event(build),
           make_verdict(samples::image_built(), policy), make_event(trial()),
           make_verdict(verdict(), policy)}};
}

} // namespace

std::string odd_text() {
  using namespace std::string_view_literals;
  return std::string{
    "tab\tline\nreturn\r\nback\\slash \\n \\. \\N \"double\" 'single' ,; "
    "{curly} [list] $1 %s \x01\x1F\x7F e\xCC\x81 \xF0\x9F\x9A\x80 "
    "\xE2\x80\xA8 bad \xFF\xED\xA0\x80 nul \0 behind it <img src=x> | a "
    "</script> end "sv};
}

std::vector<stories::story> odd_stories() {
  auto rejected = stories::story{
    events::stream_of(stories::id_of(first_number)),
    {make_event(facts(first_number, time_of("1969-07-20T20:17:39Z", 999999))),
     make_verdict(events::symbolic_rejected{"title", odd_text()},
                  stories::shipped().id)}};
  auto bare = facts(first_number + 1, {});
  bare.title = bare.merge = bare.base = bare.merge_kind = "";
  bare.files.clear();
  bare.missing_objects.clear();
  return {
    stories::adopted(),
    rejected,
    {events::stream_of(stories::id_of(first_number + 1)), {make_event(bare)}},
    with_odd_sides(first_number + 2, {}),
    with_odd_sides(first_number + 3,
                   {odd_text(), "", "{\"a\",NULL}", "a,b", "\"", "\\"})};
}

} // namespace fc::projections::conformance
