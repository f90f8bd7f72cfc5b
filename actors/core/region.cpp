#include "actors/core/region.hpp"

#include "caf/exit_reason.hpp"
#include "caf/send.hpp"

namespace fc::actors {

region_state::~region_state() {
  for (const auto& [stream, handle] : awake_)
    caf::anon_send_exit(handle, caf::exit_reason::user_shutdown);
}

pull_request_actor region_state::wake(const events::stream_name& stream) {
  const auto found = awake_.find(stream);
  if (found != awake_.end())
    return found->second;
  auto handle = self->spawn<caf::lazy_init>(pull_request, stream, context);
  awake_.emplace(stream, handle);
  return handle;
}

void region_state::resume(const events::stream_name& stream) {
  if (awake_.size() >= most_awake && !awake_.contains(stream)) {
    waiting_.push_back(stream);
    return;
  }
  self->send(wake(stream), resume_atom::value);
}

void region_state::done(const work_ptr& job, const result_ptr& result) {
  // Its actor is awake: it waits for this.
  self->send(wake(job->stream), done_atom::value, job, result);
}

void region_state::asleep(const events::stream_name& stream) {
  const auto found = awake_.find(stream);
  if (found == awake_.end())
    return;
  // What was routed before stands in front of this in its mailbox.
  self->send_exit(found->second, caf::exit_reason::user_shutdown);
  awake_.erase(found);
  if (waiting_.empty())
    return;
  const auto next = std::move(waiting_.front());
  waiting_.pop_front();
  resume(next);
}

region_actor::behavior_type
region(region_actor::stateful_pointer<region_state> self,
       pull_request_context context, std::size_t most_awake) {
  self->state.self = self;
  context.region = region_actor{self};
  self->state.context
    = std::make_shared<const pull_request_context>(std::move(context));
  self->state.most_awake = most_awake;
  return {
    [self](resume_atom, const std::string& stream) {
      self->state.resume(stream);
    },
    [self](done_atom, const work_ptr& job, const result_ptr& result) {
      self->state.done(job, result);
    },
    [self](asleep_atom, const std::string& stream) {
      self->state.asleep(stream);
    },
  };
}

} // namespace fc::actors
