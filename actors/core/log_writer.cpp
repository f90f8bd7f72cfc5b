#include "actors/core/log_writer.hpp"

#include "caf/exit_reason.hpp"
#include "caf/send.hpp"

#include <utility>

namespace fc::actors {

namespace {

/// Gives every order the results of its own requests.
void answer(const planned_orders& planned,
            std::vector<log_writer_actor_state::promise>& promises) {
  auto next = planned.plan->results.begin();
  for (std::size_t i = 0; i < promises.size(); ++i) {
    const auto end = next
                     + static_cast<std::ptrdiff_t>(
                       planned.orders[i]->order().requests.size());
    promises[i].deliver(append_reply{{next, end}});
    next = end;
  }
}

template <class Promises>
void refuse(Promises& promises, const events::error& why) {
  for (auto& each : promises)
    each.deliver(why);
}

} // namespace

// -- writer -------------------------------------------------------------------

log_writer_actor_state::~log_writer_actor_state() {
  caf::anon_send_exit(committer, caf::exit_reason::user_shutdown);
}

void log_writer_actor_state::stage(append_permit_ptr order, promise to) {
  requests_ += order->order().requests.size();
  orders_.push_back(std::move(order));
  promises_.push_back(std::move(to));
  if (requests_ >= max_requests) {
    flush();
  } else if (!flush_queued_) {
    flush_queued_ = true;
    self->send(self, flush_atom::value);
  }
}

void log_writer_actor_state::flush() {
  flush_queued_ = false;
  if (orders_.empty())
    return;
  requests_ = 0;
  events::log::append_batch batch;
  for (const auto& each : orders_) {
    for (const auto& request : each->order().requests)
      batch.requests.push_back(&request);
    for (const auto& blob : each->order().blobs)
      batch.blobs.push_back(&blob);
  }
  auto promises = std::exchange(promises_, {});
  auto planned = std::make_shared<planned_orders>();
  planned->orders = std::exchange(orders_, {});
  auto plan = log->plan(batch, by);
  if (!plan)
    return refuse(promises, plan.error());
  planned->plan = std::move(*plan);
  const auto number = ++plans_;
  out_.emplace(number, std::move(promises));
  const auto callers = [this, number] {
    return std::move(out_.extract(number).mapped());
  };
  self
    ->request<caf::message_priority::high>(
      committer, caf::infinite, append_atom::value, planned_orders_ptr{planned})
    .then(
      [planned, callers](events::position) {
        auto all = callers();
        answer(*planned, all);
      },
      [callers](const caf::error& err) {
        auto all = callers();
        refuse(all, err);
      });
}

void log_writer_actor_state::stop() {
  const auto why = events::make_error(
    events::ec::cancelled, "the log takes no more appends: the program ends");
  refuse(promises_, why);
  promises_.clear();
  // Whether these are written shows in the log.
  for (auto& [number, promises] : out_)
    refuse(promises, why);
  out_.clear();
}

log_writer_actor::behavior_type
log_writer(log_writer_actor::stateful_pointer<log_writer_actor_state> self,
           std::shared_ptr<events::log::event_log> log, events::log::origin by,
           log_committer_actor committer) {
  self->state.self = self;
  self->state.log = std::move(log);
  self->state.by = std::move(by);
  self->state.committer = std::move(committer);
  self->set_exit_handler([self](const caf::exit_msg& why) {
    self->state.stop();
    self->quit(why.reason);
  });
  return {
    [self](append_atom, append_permit_ptr order) {
      auto promise = self->make_response_promise<append_reply>();
      self->state.stage(std::move(order), promise);
      return promise;
    },
    [self](flush_atom) { self->state.flush(); },
  };
}

// -- committer ----------------------------------------------------------------

void log_committer_actor_state::stage(planned_orders_ptr planned, promise to) {
  const auto more = planned->plan->results.size();
  if (!planned_.empty() && requests_ + more > max_requests)
    commit();
  requests_ += more;
  planned_.push_back(std::move(planned));
  promises_.push_back(std::move(to));
  if (!flush_queued_) {
    flush_queued_ = true;
    self->send(self, flush_atom::value);
  }
}

void log_committer_actor_state::flush() {
  flush_queued_ = false;
  commit();
}

void log_committer_actor_state::commit() {
  auto planned = std::exchange(planned_, {});
  auto promises = std::exchange(promises_, {});
  requests_ = 0;
  if (planned.empty())
    return;
  std::vector<events::log::append_plan_ptr> plans;
  for (const auto& each : planned)
    plans.push_back(each->plan);
  const auto last = plans.back()->last;
  const auto err = log->commit(plans);
  // The writer shall be the one that frees them: the disk waits for this one.
  plans.clear();
  planned.clear();
  if (err)
    return refuse(promises, err);
  for (auto& each : promises)
    each.deliver(last);
}

log_committer_actor::behavior_type log_committer(
  log_committer_actor::stateful_pointer<log_committer_actor_state> self,
  std::shared_ptr<events::log::event_log> log) {
  self->state.self = self;
  self->state.log = std::move(log);
  return {
    [self](append_atom, planned_orders_ptr planned) {
      auto promise = self->make_response_promise<events::position>();
      self->state.stage(std::move(planned), promise);
      return promise;
    },
    [self](flush_atom) { self->state.flush(); },
  };
}

} // namespace fc::actors
