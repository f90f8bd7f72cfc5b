#pragma once

#include "actors/core/messages.hpp"

#include "caf/typed_event_based_actor.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <vector>

namespace fc::actors {

class work_queue;

/// How the dispatcher shares out work.
struct dispatcher_options {
  /// A step that took longer has lost its lease, by stage. Seconds.
  lease_seconds lease_s{};
  std::size_t build_ahead = 4;
  /// As for `work_queue`.
  std::function<bool(const events::stream_name&)> alone = {};
};

/// Gives each worker that has credit one step at a time.
struct dispatcher_actor_state {
  static inline constexpr const char* name = "dispatcher";

  dispatcher_actor_state();
  ~dispatcher_actor_state();

  void enqueue(const work_request_ptr& request);
  void credit(const worker_actor& worker, std::vector<std::uint8_t> stages);
  void done(const work_ptr& job, const result_ptr& result);
  void tick();

  dispatcher_actor::pointer self = nullptr;
  region_actor region;
  run_actor run;
  dispatcher_options options;
  std::unique_ptr<work_queue> queue;

private:
  struct idle_worker {
    worker_actor handle;
    std::vector<std::uint8_t> stages;
  };

  double now() const;
  bool serve(const idle_worker& worker);
  void serve_idle();

  std::deque<idle_worker> idle_;
};

dispatcher_actor::behavior_type
dispatcher(dispatcher_actor::stateful_pointer<dispatcher_actor_state> self,
           run_actor run, dispatcher_options options);

} // namespace fc::actors
