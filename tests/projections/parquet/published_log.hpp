#pragma once

#include "events/catalog.hpp"
#include "events/log/event_log.hpp"
#include "events/policy/policy.hpp"
#include "projections/parquet/row.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace fc::projections::parquet {

/// A log in memory with pull requests that were published.
class published_log {
public:
  published_log() {
    const std::string text{events::policy::shipped_policy()};
    policy_ = events::sha256(events::as_bytes(text));
    add(std::string{events::policy_stream},
        {events::make_event(
          events::policy_adopted{text, policy_, "default.toml"})});
  }

  events::log::event_log& log() {
    return *log_;
  }
  const events::digest& policy() const {
    return policy_;
  }

  /// What is known of a pull request before its publication.
  void measure(const std::string& name, const std::string& merged,
               const std::string& patch = "--- a\n+++ b\n") {
    const auto id = *events::pull_request_id::parse(name);
    const auto diff = events::log::make_blob(patch);
    const auto problem = events::log::make_blob("Make " + name + " fast.");
    events::scraped facts;
    facts.repo = id.repo;
    facts.number = id.number;
    facts.title = "Speed up — " + name;
    facts.merged_at = *events::parse_time(merged);
    facts.base = "base";
    facts.merge = "merge";
    facts.diff = {diff.id, diff.data.size()};
    events::problem_rendered statement;
    statement.statement = {problem.id, problem.data.size()};
    add(events::stream_of(id),
        {events::make_event(facts),
         verdict(events::symbolic_passed{"positive"}),
         verdict(events::classified{true, "algorithm", "easy", "", "rules"}),
         verdict(events::env_resolved{"3.11.2", "complete", ""}),
         events::make_event(statement),
         verdict(events::image_built{"local/" + name, events::sha256({})}),
         events::make_event(trial()), verdict(speedup())},
        {diff, problem});
  }

  /// Publishes what was measured.
  /// @param row Digest it states; the right one if none is given.
  void publish(const std::string& name, events::digest row = {}) {
    const auto id = *events::pull_request_id::parse(name);
    const auto stream = events::stream_of(id);
    const auto made = row_reader{*log_}.read(stream);
    ASSERT_TRUE(made) << events::describe(made.error());
    events::published event;
    event.month = events::month_of(made->merged_at);
    event.task_id = made->task_id;
    event.environment = made->environment;
    event.row = row ? row : row_digest(*made);
    event.admitted_by = "publish.environments";
    add(stream, {verdict(event)});
  }

  void measure_and_publish(const std::string& name, const std::string& merged) {
    measure(name, merged);
    publish(name);
  }

  /// Takes a publication back.
  void withdraw(const std::string& name) {
    const auto id = *events::pull_request_id::parse(name);
    events::withdrawn x{"no_speedup", "too small", task_id_of(id), "", 9};
    add(events::stream_of(id), {verdict(x)});
  }

  template <events::event T>
  events::new_event verdict(const T& x) const {
    return events::make_verdict(x, policy_);
  }

  void add(const std::string& stream, std::vector<events::new_event> more,
           const std::vector<events::log::blob>& blobs = {}) {
    const auto now = log_->stream_version(stream);
    ASSERT_TRUE(now);
    const auto done
      = log_->append({{stream, *now, std::move(more)}}, blobs, {"run", "node"});
    ASSERT_TRUE(done) << events::describe(done.error());
    ASSERT_FALSE(done->front().failure);
  }

  static events::trialled trial() {
    events::trialled x;
    x.environment = "local-sandbox";
    x.machine = "a machine";
    x.isolation = "bubblewrap";
    x.clock = "wall";
    x.impacted = 7;
    return x;
  }

  static events::speedup_measured speedup() {
    events::speedup_measured x;
    x.accepted = true;
    x.rule = "accepted";
    x.benchmark = "bench.time_b";
    x.estimate = 1.5;
    x.low = 1.25;
    x.high = 1.75;
    x.delta = 0.05;
    x.aa_floor = 0.01;
    x.geomean = 1.2;
    x.candidates.resize(2);
    x.candidates[0].benchmark = "bench.time_a";
    x.candidates[0].pairs = 3;
    x.candidates[1].benchmark = "bench.time_b";
    x.candidates[1].pairs = 12;
    return x;
  }

private:
  std::unique_ptr<events::log::event_log> log_
    = events::log::make_memory_log([] { return events::timestamp{}; });
  events::digest policy_;
};

} // namespace fc::projections::parquet
