#include "actors/core/worker.hpp"

#include <spdlog/spdlog.h>

#include <chrono>

namespace fc::actors {

stage_result failed(events::error why) {
  stage_result result;
  result.failure = std::move(why);
  return result;
}

void worker_actor_state::ask() {
  std::vector<std::uint8_t> which;
  for (const auto& [at, performer] : stages)
    which.push_back(static_cast<std::uint8_t>(at));
  self->send(dispatcher, credit_atom::value, worker_actor{self},
             std::move(which));
}

void worker_actor_state::work_on(const work_ptr& job) {
  auto result = std::make_shared<stage_result>();
  const auto start = std::chrono::steady_clock::now();
  // A stage must not throw; if it does, that is a failed attempt like another.
  try {
    *result = stages.at(job->what)->perform(*job);
  } catch (const std::exception& err) {
    spdlog::error("worker catches exception stream={} stage={} what={}",
                  job->stream, events::to_string(job->what), err.what());
    *result = failed(events::make_error(
      events::ec::internal,
      std::string{events::to_string(job->what)} + " threw: " + err.what()));
  }
  result->cost.stage = events::to_string(job->what);
  result->cost.wall_seconds
    = std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
        .count();
  self->send(dispatcher, done_atom::value, job, result_ptr{std::move(result)});
  ask();
}

worker_actor::behavior_type
worker(worker_actor::stateful_pointer<worker_actor_state> self,
       dispatcher_actor dispatcher, performers stages) {
  self->state.self = self;
  self->state.dispatcher = std::move(dispatcher);
  self->state.stages = std::move(stages);
  self->send(self, begin_atom::value);
  return {
    [self](const work_ptr& job) { self->state.work_on(job); },
    [self](begin_atom) { self->state.ask(); },
  };
}

} // namespace fc::actors
