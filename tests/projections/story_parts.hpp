#pragma once

#include "events/log/event_log.hpp"
#include "events/policy/gate.hpp"
#include "events/policy/verdicts.hpp"
#include "tests/support/samples.hpp"

#include <map>

/// What stories of pull requests are made of, step by step.
namespace fc::stories {

using namespace events;

inline const policy::policy& shipped() {
  static const auto parsed
    = policy::parse_policy(policy::shipped_policy(), "shipped");
  return *parsed;
}

/// A stream and what is appended to it, step by step.
struct story {
  stream_name stream;
  std::vector<new_event> events;
};

inline pull_request_id id_of(std::uint32_t number) {
  return {*repo_name::parse("acme/geo"), number};
}

inline scraped facts(std::uint32_t number, std::string title) {
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

inline story begin(std::uint32_t number, std::string title) {
  return {stream_of(id_of(number)),
          {make_event(facts(number, std::move(title)))}};
}

inline void add_judged(story& to) {
  auto yes = samples::classified();
  yes.performance = true;
  to.events.push_back(verdict(symbolic_passed{"positive term 'faster'"}));
  to.events.push_back(make_event(samples::answered()));
  to.events.push_back(verdict(yes));
}

inline void add_resolved(story& to) {
  add_judged(to);
  to.events.push_back(make_event(samples::resolved()));
  to.events.push_back(verdict(samples::env_resolved()));
  to.events.push_back(make_event(samples::problem_rendered()));
}

inline synthesized build(bool head_builds) {
  auto x = samples::synthesized();
  for (auto& side : x.sides) {
    side.ok = head_builds || side.side != "head";
    side.error = side.ok ? "" : "error: command 'gcc' failed";
  }
  return x;
}

/// Twenty pairs in which the patched side is `ratio` times as fast.
inline benchmark_trial timed(std::string name, double ratio) {
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

inline trialled trial(benchmark_trial fast) {
  auto x = samples::trialled();
  auto slow = timed("bench_grid.Grid.time_copy", 1.0);
  slow.confirm_base.clear();
  slow.confirm_head.clear();
  benchmark_trial broken;
  broken.name = "bench_old.time_broken";
  broken.status = "left_out";
  broken.reach = "module";
  broken.left_out = "the time allowed ran out";
  x.benchmarks = {std::move(fast), slow, broken};
  x.control = false;
  x.budget_spent = false;
  x.import_errors.clear();
  return x;
}

inline void add_built(story& to) {
  add_resolved(to);
  to.events.push_back(make_event(build(true)));
  to.events.push_back(verdict(samples::image_built()));
}

inline void add_measured(story& to, const trialled& x) {
  add_built(to);
  to.events.push_back(make_event(x));
  to.events.push_back(verdict(policy::judge_speedup(x, shipped())));
}

} // namespace fc::stories
