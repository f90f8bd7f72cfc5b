#include "actors/core/dispatcher.hpp"

#include "actors/core/work_queue.hpp"

#include "caf/actor_system.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>

namespace fc::actors {

namespace {

constexpr auto tick_every = std::chrono::milliseconds{200};

} // namespace

// Here, where the queue is a whole type.
dispatcher_actor_state::dispatcher_actor_state() = default;
dispatcher_actor_state::~dispatcher_actor_state() = default;

double dispatcher_actor_state::now() const {
  // The actor's clock: tests turn it by hand.
  return std::chrono::duration<double>(self->clock().now().time_since_epoch())
    .count();
}

bool dispatcher_actor_state::serve(const idle_worker& worker) {
  const bool others_idle = idle_.size() > 1;
  auto job = queue->take(worker.stages, now(), options.lease_s, others_idle);
  if (!job)
    return false;
  self->send(run, pr_note{job->stream, pr_event::started, job->what, {}, {}});
  self->send(worker.handle, std::move(job));
  return true;
}

void dispatcher_actor_state::serve_idle() {
  std::erase_if(idle_, [this](const idle_worker& each) { return serve(each); });
}

void dispatcher_actor_state::enqueue(const work_request_ptr& request) {
  queue->add(request, now());
  serve_idle();
}

void dispatcher_actor_state::credit(const worker_actor& worker,
                                    std::vector<std::uint8_t> stages) {
  idle_.push_back({worker, std::move(stages)});
  serve_idle();
}

void dispatcher_actor_state::done(const work_ptr& job,
                                  const result_ptr& result) {
  if (!queue->finish(job->lease)) {
    spdlog::warn("dispatcher drops late result stream={} stage={} lease={}",
                 job->stream, events::to_string(job->what), job->lease);
    return;
  }
  self->send(region, done_atom::value, job, result);
  serve_idle();
}

void dispatcher_actor_state::tick() {
  for (const auto& job : queue->expire(now())) {
    auto late = std::make_shared<stage_result>(failed(events::make_error(
      events::ec::timeout, std::string{events::to_string(job->what)}
                             + " lost its lease: it took too long")));
    self->send(region, done_atom::value, job, result_ptr{std::move(late)});
  }
  serve_idle();
  self->delayed_send(self, tick_every, tick_atom::value);
}

dispatcher_actor::behavior_type
dispatcher(dispatcher_actor::stateful_pointer<dispatcher_actor_state> self,
           run_actor run, dispatcher_options options) {
  auto& state = self->state;
  state.self = self;
  state.run = std::move(run);
  state.queue
    = std::make_unique<work_queue>(options.build_ahead, options.alone);
  state.options = std::move(options);
  self->delayed_send(self, tick_every, tick_atom::value);
  return {
    [self](begin_atom, const region_actor& region) {
      self->state.region = region;
    },
    [self](enqueue_atom, const work_request_ptr& request) {
      self->state.enqueue(request);
    },
    [self](credit_atom, const worker_actor& worker,
           std::vector<std::uint8_t> stages) {
      self->state.credit(worker, std::move(stages));
    },
    [self](done_atom, const work_ptr& job, const result_ptr& result) {
      self->state.done(job, result);
    },
    [self](tick_atom) { self->state.tick(); },
  };
}

} // namespace fc::actors
