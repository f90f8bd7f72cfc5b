#pragma once

#include "actors/core/messages.hpp"

#include "caf/typed_event_based_actor.hpp"
#include "caf/typed_response_promise.hpp"

#include <vector>

namespace fc::actors {

/// Gathers the appends that wait in its mailbox into one batch and one sync.
struct log_writer_state {
  static inline constexpr const char* name = "log-writer";
  /// Writes at once when this many requests have gathered.
  static constexpr std::size_t most = 512;

  struct pending {
    append_order_ptr order;
    caf::typed_response_promise<append_reply> promise;
  };

  /// Stages an order; it is written with what else is in the mailbox.
  void stage(append_order_ptr order,
             caf::typed_response_promise<append_reply> promise);
  void flush();

  log_writer_actor::pointer self = nullptr;
  std::shared_ptr<events::log::event_log> log;
  events::log::origin by;
  std::vector<pending> waiting;
  std::size_t requests = 0;
  bool flush_queued = false;
};

/// Spawn detached: it blocks on the disk. A failed write answers everybody
/// with the error; the log then refuses further appends by itself.
log_writer_actor::behavior_type
log_writer(log_writer_actor::stateful_pointer<log_writer_state> self,
           std::shared_ptr<events::log::event_log> log, events::log::origin by);

} // namespace fc::actors
