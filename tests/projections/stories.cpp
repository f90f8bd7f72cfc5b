#include "tests/projections/stories.hpp"

#include "events/policy/gate.hpp"
#include "projections/parquet/row.hpp"
#include "tests/support/samples.hpp"

#include <gtest/gtest.h>

namespace fc::stories {

using namespace events;

const policy::policy& shipped() {
  static const auto parsed
    = policy::parse_policy(policy::shipped_policy(), "shipped");
  return *parsed;
}

pull_request_id id_of(std::uint32_t number) {
  return {*repo_name::parse("acme/geo"), number};
}

namespace {

scraped facts(std::uint32_t number, std::string title) {
  auto x = samples::scraped();
  x.repo = id_of(number).repo;
  x.number = number;
  x.title = std::move(title);
  x.merged_at
    = *parse_time(number < 5 ? "2024-03-05T10:00:00Z" : "2024-04-06T11:30:00Z");
  x.merge = std::string(39, 'c') + std::to_string(number % 10);
  x.missing_objects.clear();
  x.text_repaired = false;
  return x;
}

template <class T>
new_event verdict(const T& x) {
  return make_verdict(x, shipped().id);
}

story begin(std::uint32_t number, std::string title) {
  return {stream_of(id_of(number)),
          {make_event(facts(number, std::move(title)))}};
}

void add_judged(story& to) {
  auto yes = samples::classified();
  yes.performance = true;
  to.events.push_back(verdict(symbolic_passed{"positive term 'faster'"}));
  to.events.push_back(make_event(samples::answered()));
  to.events.push_back(verdict(yes));
}

void add_resolved(story& to) {
  add_judged(to);
  to.events.push_back(make_event(samples::resolved()));
  to.events.push_back(verdict(samples::env_resolved()));
  to.events.push_back(make_event(samples::problem_rendered()));
}

synthesized build(bool head_builds) {
  auto x = samples::synthesized();
  for (auto& side : x.sides) {
    side.ok = head_builds || side.side != "head";
    side.error = side.ok ? "" : "error: command 'gcc' failed";
  }
  return x;
}

/// Twenty pairs in which the patched side is `ratio` times as fast.
benchmark_trial timed(std::string name, double ratio) {
  benchmark_trial x;
  x.name = std::move(name);
  x.status = "ok";
  x.reach = "function";
  x.executed = {"geo.grid.build"};
  x.base_single = x.base_loop = 0.02;
  x.head_single = x.head_loop = 0.02 / ratio;
  for (int i = 0; i < 20; ++i) {
    const double noise = 1 + 0.002 * ((i * 7) % 11 - 5);
    x.screen_base.push_back(0.02 * noise);
    x.screen_head.push_back(0.02 / ratio);
    x.confirm_base.push_back(0.02 * noise);
    x.confirm_head.push_back(0.02 / ratio);
    x.aa_base.push_back(0.02 * noise);
    x.aa_twin.push_back(0.02);
    x.first_base.push_back(0.021);
    x.first_head.push_back(0.021 / ratio);
  }
  return x;
}

trialled trial(benchmark_trial fast) {
  auto x = samples::trialled();
  auto slow = timed("bench_grid.Grid.time_copy", 1.0);
  slow.confirm_base.clear();
  slow.confirm_head.clear();
  benchmark_trial broken;
  broken.name = "bench_old.time_broken";
  broken.status = "left_out";
  broken.reach = "module";
  broken.left_out = "the time allowed ran out";
  benchmark_trial large;
  large.name = "bench_large.time_one";
  large.status = "error";
  large.error = "MemoryError";
  large.reach = "none";
  auto larger = large;
  larger.name = "bench_large.time_two";
  x.benchmarks = {std::move(fast), slow, broken, large, larger};
  x.control = false;
  x.budget_spent = false;
  x.import_errors.clear();
  x.modules = x.modules_seen = 4;
  x.survey_cut = false;
  return x;
}

void add_built(story& to) {
  add_resolved(to);
  to.events.push_back(make_event(build(true)));
  to.events.push_back(verdict(samples::image_built()));
}

void add_measured(story& to, const trialled& x) {
  add_built(to);
  to.events.push_back(make_event(x));
  to.events.push_back(verdict(policy::judge_speedup(x, shipped())));
}

} // namespace

new_event trial_event(std::string benchmark, double ratio) {
  auto x = trial(timed(std::move(benchmark), ratio));
  // All was tried: where nothing is faster, that is a verdict.
  std::erase_if(x.benchmarks,
                [](const auto& each) { return each.status == "left_out"; });
  return make_event(x);
}

story rejected_by_title() {
  auto x = begin(1, "Bump version of the docs");
  x.events.push_back(
    verdict(symbolic_rejected{"title", "the title names a chore: 'bump'"}));
  return x;
}

story judged_no() {
  auto x = begin(2, "Faster start of the test suite");
  auto no = samples::classified();
  no.performance = false;
  no.explanation = "only tests change";
  x.events.push_back(verdict(symbolic_passed{"positive term 'faster'"}));
  x.events.push_back(make_event(samples::answered()));
  x.events.push_back(verdict(no));
  return x;
}

story build_broken() {
  auto x = begin(3, "Faster kernels");
  add_resolved(x);
  x.events.push_back(make_event(build(false)));
  x.events.push_back(verdict(dropped{"synthesize_images", "build.head",
                                     "the patched side does not build: error: "
                                     "command 'gcc' failed",
                                     false}));
  return x;
}

story wears_off() {
  auto x = begin(4, "Cache the hull, much faster");
  auto fast = timed("bench_hull.time_hull", 3.0);
  fast.head_single = 0.02; // The first call pays what later calls save.
  for (auto& first : fast.first_head)
    first = 0.04;
  add_measured(x, trial(fast));
  return x;
}

void append(log::event_log& to, const stream_name& stream,
            const new_event& event) {
  const auto now = to.stream_version(stream);
  const auto result
    = to.append({{stream, *now, {event}}}, samples::blobs(), {"run-1", "n"});
  if (!result || result->front().failure)
    FAIL() << "the log refuses an event of " << stream;
}

story adopted() {
  policy_adopted x{shipped().text, shipped().id, "shipped"};
  return {stream_name{policy_stream}, {make_event(x)}};
}

/// What the dataset row of a story has as its digest.
static digest row_of(const story& x) {
  const auto log = log::make_memory_log();
  for (const auto& each : {adopted(), x})
    for (const auto& event : each.events)
      append(*log, each.stream, event);
  projections::parquet::row_reader reader{*log};
  const auto row = reader.read(x.stream);
  EXPECT_TRUE(row) << describe(row.error());
  return row ? projections::parquet::row_digest(*row) : digest{};
}

story published_one() {
  auto x = begin(5, "Vectorise the grid, größer ≥ 2×");
  add_measured(x, trial(timed("bench_grid.Grid.time_build(1000)", 2.0)));
  auto row = samples::published();
  row.month = "2024-04";
  row.task_id = "acme__geo-5";
  row.row = row_of(x);
  x.events.push_back(verdict(row));
  return x;
}

story given_up() {
  auto x = begin(6, "Faster parser");
  add_judged(x);
  x.events.push_back(make_event(samples::attempt_failed()));
  x.events.push_back(make_event(
    deferred{"resolve_packages", samples::noon(), "index unavailable"}));
  x.events.push_back(make_event(samples::attempt_failed()));
  x.events.push_back(verdict(dropped{"resolve_packages", "attempts",
                                     "no attempt of 2 succeeded", true}));
  return x;
}

story still_open() {
  auto x = begin(7, "Faster lookup");
  x.events.push_back(verdict(symbolic_passed{"positive term 'faster'"}));
  return x;
}

story repository() {
  auto seen = samples::repository_seen();
  auto window = samples::window_reconciled();
  seen.repo = window.repo = id_of(1).repo;
  return {stream_of(seen.repo), {make_event(seen), make_event(window)}};
}

story excluded_repository() {
  auto seen = samples::repository_seen();
  auto out = samples::repository_excluded();
  return {stream_of(seen.repo), {make_event(seen), make_event(out)}};
}

story a_run() {
  return {run_stream("run-1"),
          {make_event(samples::run_started()), make_event(samples::spent()),
           make_event(samples::run_finished())}};
}

std::vector<story> all() {
  return {
    adopted(),           a_run(),     repository(),   excluded_repository(),
    rejected_by_title(), judged_no(), build_broken(), wears_off(),
    published_one(),     given_up(),  still_open()};
}

void write_in_turn(log::event_log& to, const std::vector<story>& stories) {
  for (const auto& each : stories)
    for (const auto& event : each.events)
      append(to, each.stream, event);
}

void write_interleaved(log::event_log& to, const std::vector<story>& stories) {
  bool more = true;
  for (std::size_t step = 0; more; ++step) {
    more = false;
    for (auto each = stories.rbegin(); each != stories.rend(); ++each)
      if (step < each->events.size()) {
        append(to, each->stream, each->events[step]);
        more = true;
      }
  }
}

} // namespace fc::stories
