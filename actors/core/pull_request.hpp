#pragma once

#include "actors/core/deaths/in_motion.hpp"
#include "actors/core/known_failures.hpp"
#include "actors/core/messages.hpp"
#include "events/policy/policy.hpp"

#include "caf/typed_event_based_actor.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <string>

namespace fc::actors {

/// What every pull request of a region needs.
struct pull_request_context {
  std::shared_ptr<const events::log::log_reader> log;
  std::shared_ptr<const events::policy::policy> policy;
  log_port appends;
  dispatcher_actor dispatcher;
  region_actor region;
  run_actor run;
  /// In [0, 1), for the retry delay.
  std::function<double()> jitter;
  /// What this run measures with; empty where it measures nothing.
  std::string instrument = {};
  in_motion_ptr motion = {}; ///< May be none.
};

/// Takes one merged pull request from its last event to its end. Its state is
/// the fold of its stream; it acts on nothing that is not stored.
struct pull_request_actor_state {
  static inline constexpr const char* name = "pull-request";

  /// Reads the stream anew and asks for what is missing. A trial that could not
  /// look is reopened where this run measures with something else.
  void resume();
  /// Stores what a worker brought, with the verdicts that follow from it.
  void done(const work_ptr& job, const result_ptr& result);
  /// Appends what has waited for room.
  void admitted(const append_permit_ptr& order);

  pull_request_actor::pointer self = nullptr;
  events::stream_name stream;
  std::shared_ptr<const pull_request_context> context;
  events::pull_request_state known;
  /// One more look is enough for a run: what it measures with may change under
  /// way, and each look would then find another instrument.
  bool looked_again = false;

private:
  /// What follows when an append is stored, or was in conflict.
  using after_append
    = std::function<void(const events::log::append_result& result)>;

  /// What a stored batch leads to.
  struct follow_up {
    events::stage at = events::stage::classify;
    double delay_s = 0;     ///< Before the stage is tried again.
    bool stage_done = true; ///< For the run's counts.
    /// Why this run leaves the pull request alone, if it does.
    std::string set_aside;
  };

  void succeeded(const work_ptr& job, const result_ptr& result);
  void failed(const work_ptr& job, const result_ptr& result);
  void deferred(const work_ptr& job, const result_ptr& result);
  void reload(double delay_s);
  void look_again();
  /// Tells the repository of failures that no repeat mends, then advances.
  void share(const std::vector<events::record>& records, double delay_s);
  void advance(double delay_s);
  events::expected<known_failures> read_known_failures() const;
  void ask(events::stage next, double delay_s);
  /// Stores what follows from a job, where the stream is as the job saw it.
  void append(const work_ptr& job, std::vector<events::new_event> batch,
              std::vector<events::log::blob> blobs, follow_up then);
  void stored(const events::log::append_result& result, const follow_up& then);
  /// Ends the work on it for this run; it stays open.
  void set_aside(const follow_up& why);
  /// Waits for room, then for the log; any other failure ends the run.
  void send(append_order order, after_append then);
  void write(const append_permit_ptr& order, after_append then);
  void note(pr_event what, events::stage at, std::string text = {});
  void give_up(const events::error& why);

  std::deque<after_append> waiting_; ///< For room, in the order of asking.
};

pull_request_actor::behavior_type pull_request(
  pull_request_actor::stateful_pointer<pull_request_actor_state> self,
  events::stream_name stream,
  std::shared_ptr<const pull_request_context> context);

} // namespace fc::actors
