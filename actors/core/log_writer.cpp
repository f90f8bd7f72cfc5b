#include "actors/core/log_writer.hpp"

#include <iterator>

namespace fc::actors {

void log_writer_state::stage(
  append_order_ptr order, caf::typed_response_promise<append_reply> promise) {
  requests += order->requests.size();
  waiting.push_back({std::move(order), std::move(promise)});
  if (requests >= most) {
    flush();
  } else if (!flush_queued) {
    flush_queued = true;
    self->send(self, flush_atom::value);
  }
}

void log_writer_state::flush() {
  flush_queued = false;
  if (waiting.empty())
    return;
  std::vector<events::log::append_request> batch;
  std::vector<events::log::blob> blobs;
  batch.reserve(requests);
  for (const auto& each : waiting) {
    std::ranges::copy(each.order->requests, std::back_inserter(batch));
    std::ranges::copy(each.order->blobs, std::back_inserter(blobs));
  }
  auto answered = std::exchange(waiting, {});
  requests = 0;
  auto results = log->append(batch, blobs, by);
  std::size_t next = 0;
  for (auto& each : answered) {
    if (!results) {
      each.promise.deliver(results.error());
      continue;
    }
    const auto count = each.order->requests.size();
    const auto from = results->begin() + static_cast<std::ptrdiff_t>(next);
    each.promise.deliver(
      append_reply{{from, from + static_cast<std::ptrdiff_t>(count)}});
    next += count;
  }
}

log_writer_actor::behavior_type
log_writer(log_writer_actor::stateful_pointer<log_writer_state> self,
           std::shared_ptr<events::log::event_log> log,
           events::log::origin by) {
  self->state.self = self;
  self->state.log = std::move(log);
  self->state.by = std::move(by);
  return {
    [self](append_atom, append_order_ptr order) {
      auto promise = self->make_response_promise<append_reply>();
      self->state.stage(std::move(order), promise);
      return promise;
    },
    [self](flush_atom) { self->state.flush(); },
  };
}

} // namespace fc::actors
