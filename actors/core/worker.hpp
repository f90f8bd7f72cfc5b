#pragma once

#include "actors/core/messages.hpp"

#include "caf/typed_event_based_actor.hpp"

#include <map>
#include <memory>
#include <vector>

namespace fc::actors {

/// The stages a worker can do.
using performers = std::map<events::stage, std::shared_ptr<stage_performer>>;

/// Does one step at a time on its own thread and asks for the next.
struct worker_actor_state {
  static inline constexpr const char* name = "worker";

  void ask();
  void work_on(const work_ptr& job);

  worker_actor::pointer self = nullptr;
  dispatcher_actor dispatcher;
  performers stages;
};

/// Spawn detached: `perform` blocks. What it throws becomes a failed attempt.
worker_actor::behavior_type
worker(worker_actor::stateful_pointer<worker_actor_state> self,
       dispatcher_actor dispatcher, performers stages);

} // namespace fc::actors
