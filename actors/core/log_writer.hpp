#pragma once

#include "actors/core/messages.hpp"
#include "events/log/plan.hpp"

#include "caf/typed_event_based_actor.hpp"
#include "caf/typed_response_promise.hpp"

#include <map>
#include <vector>

namespace fc::actors {

/// Orders that were planned together.
struct planned_orders {
  std::vector<append_permit_ptr> orders; ///< The plan points into them.
  events::log::append_plan_ptr plan;
};

/// Plans what waits in its mailbox as one batch and answers when the committer
/// has synced it; meanwhile it plans the next. The limiter before it bounds how
/// much that can be.
struct log_writer_actor_state {
  static inline constexpr const char* name = "log-writer";
  /// Plans at once when this many requests have gathered.
  static constexpr std::size_t max_requests = 512;

  using promise = caf::typed_response_promise<append_reply>;

  /// Ends the committer with it.
  ~log_writer_actor_state();

  /// Stages an order; it is planned with what else is in the mailbox.
  void stage(append_permit_ptr order, promise to);
  void flush();
  /// Answers everybody who would wait for it in vain.
  void stop();

  log_writer_actor::pointer self = nullptr;
  std::shared_ptr<events::log::event_log> log;
  events::log::origin by;
  log_committer_actor committer;

private:
  std::vector<append_permit_ptr> orders_;
  std::vector<promise> promises_; ///< One for each order.
  /// Of orders at the committer, by the number of their plan.
  std::map<std::uint64_t, std::vector<promise>> out_;
  std::uint64_t plans_ = 0;
  std::size_t requests_ = 0;
  bool flush_queued_ = false;
};

/// Writes what waits in its mailbox with one sync.
struct log_committer_actor_state {
  static inline constexpr const char* name = "log-committer";
  /// Requests in a write; a group that was planned is not divided.
  static constexpr std::size_t max_requests
    = log_writer_actor_state::max_requests;

  using promise = caf::typed_response_promise<events::position>;

  void stage(planned_orders_ptr planned, promise to);
  void flush();

  log_committer_actor::pointer self = nullptr;
  std::shared_ptr<events::log::event_log> log;

private:
  void commit();

  std::vector<planned_orders_ptr> planned_;
  std::vector<promise> promises_; ///< One for each of `planned_`.
  std::size_t requests_ = 0;
  bool flush_queued_ = false;
};

/// Spawn detached: it hashes. A failed write answers everybody with the error;
/// the log then refuses further appends by itself.
/// @param committer Of the same log; it serves this writer alone.
log_writer_actor::behavior_type
log_writer(log_writer_actor::stateful_pointer<log_writer_actor_state> self,
           std::shared_ptr<events::log::event_log> log, events::log::origin by,
           log_committer_actor committer);

/// Spawn detached: it blocks on the disk.
log_committer_actor::behavior_type log_committer(
  log_committer_actor::stateful_pointer<log_committer_actor_state> self,
  std::shared_ptr<events::log::event_log> log);

} // namespace fc::actors
