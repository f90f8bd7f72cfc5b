#pragma once

#include "projections/parquet/row.hpp"
#include "tests/projections/story_parts.hpp"

/// Small pull requests that come to every kind of end, and logs of them.
namespace fc::stories {

inline story rejected_by_title() {
  auto x = begin(1, "Bump version of the docs");
  x.events.push_back(
    verdict(symbolic_rejected{"title", "the title names a chore: 'bump'"}));
  return x;
}

inline story judged_no() {
  auto x = begin(2, "Faster start of the test suite");
  auto no = samples::classified();
  no.performance = false;
  no.explanation = "only tests change";
  x.events.push_back(verdict(symbolic_passed{"positive term 'faster'"}));
  x.events.push_back(make_event(samples::answered()));
  x.events.push_back(verdict(no));
  return x;
}

inline story build_broken() {
  auto x = begin(3, "Faster kernels");
  add_resolved(x);
  x.events.push_back(make_event(build(false)));
  x.events.push_back(verdict(dropped{"synthesize_images", "build.head",
                                     "the patched side does not build: error: "
                                     "command 'gcc' failed",
                                     false}));
  return x;
}

inline story wears_off() {
  auto x = begin(4, "Cache the hull, much faster");
  auto fast = timed("bench_hull.time_hull", 3.0);
  fast.head_single = 0.02; // The first call pays what later calls save.
  for (auto& first : fast.first_head)
    first = 0.04;
  add_measured(x, trial(fast));
  return x;
}

/// Appends one step of a story.
inline void
append(log::event_log& to, const stream_name& stream, const new_event& event) {
  const auto now = to.stream_version(stream);
  const auto result
    = to.append({{stream, *now, {event}}}, samples::blobs(), {"run-1", "n"});
  if (!result || result->front().failure)
    FAIL() << "the log refuses an event of " << stream;
}

inline story adopted() {
  policy_adopted x{shipped().text, shipped().id, "shipped"};
  return {stream_name{policy_stream}, {make_event(x)}};
}

/// What the dataset row of a story has as its digest.
inline digest row_of(const story& x) {
  const auto log = log::make_memory_log();
  for (const auto& each : {adopted(), x})
    for (const auto& event : each.events)
      append(*log, each.stream, event);
  projections::parquet::row_reader reader{*log};
  const auto row = reader.read(x.stream);
  EXPECT_TRUE(row) << describe(row.error());
  return row ? projections::parquet::row_digest(*row) : digest{};
}

inline story published_one() {
  auto x = begin(5, "Vectorise the grid, größer ≥ 2×");
  add_measured(x, trial(timed("bench_grid.Grid.time_build(1000)", 2.0)));
  auto row = samples::published();
  row.month = "2024-04";
  row.task_id = "acme__geo-5";
  row.row = row_of(x);
  x.events.push_back(verdict(row));
  return x;
}

inline story given_up() {
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

inline story still_open() {
  auto x = begin(7, "Faster lookup");
  x.events.push_back(verdict(symbolic_passed{"positive term 'faster'"}));
  return x;
}

inline story repository() {
  auto seen = samples::repository_seen();
  auto window = samples::window_reconciled();
  seen.repo = window.repo = id_of(1).repo;
  return {stream_of(seen.repo), {make_event(seen), make_event(window)}};
}

inline story excluded_repository() {
  auto seen = samples::repository_seen();
  auto out = samples::repository_excluded();
  return {stream_of(seen.repo), {make_event(seen), make_event(out)}};
}

inline story a_run() {
  return {run_stream("run-1"),
          {make_event(samples::run_started()), make_event(samples::spent()),
           make_event(samples::run_finished())}};
}

inline std::vector<story> all() {
  return {
    adopted(),           a_run(),     repository(),   excluded_repository(),
    rejected_by_title(), judged_no(), build_broken(), wears_off(),
    published_one(),     given_up(),  still_open()};
}

/// One story after the other.
inline void
write_in_turn(log::event_log& to, const std::vector<story>& stories) {
  for (const auto& each : stories)
    for (const auto& event : each.events)
      append(to, each.stream, event);
}

/// One step of each story at a time, the last story first.
inline void
write_interleaved(log::event_log& to, const std::vector<story>& stories) {
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
