#pragma once

#include "actors/core/dispatcher.hpp"
#include "actors/core/region.hpp"
#include "actors/core/run.hpp"
#include "actors/core/worker.hpp"
#include "tests/actors/core/good_evidence.hpp"

#include "caf/actor_system.hpp"
#include "caf/actor_system_config.hpp"
#include "caf/scheduler/test_coordinator.hpp"
#include "caf/send.hpp"

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

/// A run's core under the deterministic scheduler: nothing happens until
/// `settle` or `advance`, and no clock but the test's is looked at.
namespace fc::actors::by_hand {

/// CAF's configuration with the scheduler that waits for the test.
struct test_configuration : caf::actor_system_config {
  test_configuration();
};

/// A log in memory that counts batches, and refuses to write when told to.
class watched_log : public events::log::event_log {
public:
  watched_log();

  std::vector<std::size_t> batches; ///< Requests in each commit.
  bool refuses = false;
  bool unreadable = false; ///< Its index of streams is damaged.

  /// Takes appends again, from what was committed, as a log that is opened.
  void reopen();

  events::expected<events::log::append_plan_ptr>
  plan(const events::log::append_batch& batch,
       const events::log::origin& by) override;
  events::error
  commit(std::span<const events::log::append_plan_ptr> plans) override;
  events::position last() const override;
  events::error scan(events::position from,
                     const events::log::record_visitor& visit) const override;
  events::expected<std::vector<events::record>>
  read_stream(std::string_view stream) const override;
  events::expected<events::sequence>
  stream_version(std::string_view stream) const override;
  events::expected<std::vector<events::stream_name>>
  streams(std::string_view prefix, std::string_view after,
          std::size_t limit) const override;
  events::error
  visit_streams(std::string_view prefix, events::position until,
                const events::log::stream_visitor& visit) const override {
    return log_->visit_streams(prefix, until, visit);
  }
  events::expected<events::bytes>
  blob_of(const events::digest& id) const override;

private:
  std::unique_ptr<events::log::event_log> log_;
  std::vector<events::log::blob> blobs_; ///< Committed.
};

/// A failed attempt; another number is another failure.
stage_result failure(int number = 0);

/// Brings good evidence, but for what the test put in front of it.
class scripted_stages : public stage_performer {
public:
  stage_result perform(const work& job) override;

  /// Brought before anything else, in this order; may throw.
  std::map<events::stage, std::deque<std::function<stage_result()>>> script;
  std::vector<work> performed;
};

/// Keeps what a run reports.
struct kept_reports : run_reporter {
  void show(const run_progress& at) override;
  void say(const std::string& line) override;
  void finished(const run_result& result) override;

  std::vector<run_progress> shown;
  std::vector<std::string> lines;
  std::vector<run_result> results;
};

/// What of a record two equal runs agree on: no ids, no measured costs.
struct record_essence {
  std::string stream;
  events::sequence seq;
  std::string name;
  events::digest policy;
  events::position causation;
  events::bytes payload;

  bool operator==(const record_essence&) const = default;
};

/// All actors of a run but discovery and, unless asked for, the worker.
class core_run {
public:
  explicit core_run(std::size_t max_awake = 1000);
  /// A run over what another left. @param instrument It measures with.
  explicit core_run(std::shared_ptr<watched_log> over,
                    std::size_t max_awake = 1000, std::string instrument = {});
  ~core_run();
  core_run(const core_run&) = delete;
  core_run& operator=(const core_run&) = delete;

  /// A worker for all stages that performs `stages`.
  void add_worker();
  void add_worker(std::shared_ptr<stage_performer> performer);
  /// A worker that does nothing but keep what it is given in `taken`.
  void add_idle_hands(std::size_t credits = 1);
  void answer(const work_ptr& job, stage_result result);

  /// Stores a pull request that passed the symbolic rules.
  events::stream_name store(std::uint32_t number);
  /// What discovery sends for it.
  void begin(const events::stream_name& stream);
  /// Both, and the end of discovery.
  events::stream_name start(std::uint32_t number = 1);
  void end_discovery();
  /// What discovery sends to the region at its end.
  void feed();

  void settle();
  void advance(std::chrono::milliseconds by);

  /// Names of a stream's events, without what each step cost.
  std::vector<std::string> trail(const events::stream_name& stream) const;
  /// The whole log as two equal runs agree on it.
  std::vector<record_essence> everything() const;
  events::pull_request_state state(const events::stream_name& stream) const;

  static std::shared_ptr<const events::policy::policy> shipped();

  std::shared_ptr<watched_log> log;
  std::shared_ptr<scripted_stages> stages = std::make_shared<scripted_stages>();
  std::shared_ptr<kept_reports> reports = std::make_shared<kept_reports>();
  std::vector<work_ptr> taken;
  dispatcher_options options;

  test_configuration configuration;
  caf::actor_system system{configuration};
  caf::scheduler::test_coordinator& scheduler;

  log_port appends;
  run_actor run_handle;
  dispatcher_actor dispatch;
  region_actor pull_requests;
  worker_actor hands;

private:
  std::vector<caf::actor> all_;
};

} // namespace fc::actors::by_hand
