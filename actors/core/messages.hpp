#pragma once

#include "actors/core/append_limiter.hpp"
#include "actors/core/stage_port.hpp"

#include "caf/allowed_unsafe_message_type.hpp"
#include "caf/atom.hpp"
#include "caf/replies_to.hpp"
#include "caf/send.hpp"
#include "caf/type_id.hpp"
#include "caf/typed_actor.hpp"

#include <array>
#include <memory>
#include <string>
#include <vector>

namespace fc::actors {

/// One result per request, in their order.
struct append_reply {
  std::vector<events::log::append_result> results;
};

/// What the log writer has planned, for its committer: log_writer.hpp.
struct planned_orders;
using planned_orders_ptr = std::shared_ptr<const planned_orders>;

/// How long a step may take before its lease ends, by stage.
using lease_seconds = std::array<double, events::stage_total>;

/// What a pull request needs done next.
struct work_request {
  events::stream_name stream;
  events::stage what = events::stage::classify;
  std::uint32_t attempt = 1;
  double delay_s = 0; ///< Not before so many seconds.
  std::shared_ptr<const events::pull_request_state> state;
};
using work_request_ptr = std::shared_ptr<const work_request>;

/// How a pull request stands, for the run's counts.
enum class pr_event : std::uint8_t {
  queued,   ///< A stage was asked for.
  started,  ///< A worker began it.
  finished, ///< A stage is done (with a verdict that lets it go on, or ends
            ///< it).
  retried,  ///< An attempt failed, or was a part: it is asked for again.
  ended,    ///< Nothing is left to do in this run.
};

/// What a pull request tells the run.
struct pr_note {
  events::stream_name stream;
  pr_event what = pr_event::queued;
  events::stage at = events::stage::classify;
  events::outcome outcome = events::outcome::open; ///< With `ended`.
  std::string text;
};

/// What discovery found in a window.
struct window_report {
  std::string repo;
  std::uint32_t counted = 0;
  std::uint32_t stored = 0;
  std::uint32_t passed = 0;
  std::uint32_t rejected = 0;
  std::vector<std::string> incomplete; ///< Pull requests with missing objects.
  std::string note;
  caf::error failure;
};

/// The pull requests of a window, all of them stored: those that are open are
/// found in the log, page by page, as there is room for them.
struct backlog {
  events::repo_name repo;
  events::timestamp start{};
  events::timestamp end{}; ///< Exclusive.
  /// Named by the user; the window is then ignored.
  std::vector<std::uint32_t> numbers;
  /// Seen in the window and stored before, perhaps with another merge: theirs
  /// too, whatever date is stored. Ascending.
  std::vector<std::uint32_t> known;
};
using backlog_ptr = std::shared_ptr<const backlog>;

} // namespace fc::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fc::actors::append_permit_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fc::actors::append_reply)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fc::actors::planned_orders_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fc::actors::work_request_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fc::actors::work_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fc::actors::result_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fc::actors::pr_note)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fc::actors::window_report)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(fc::actors::backlog_ptr)

CAF_BEGIN_TYPE_ID_BLOCK(fc_core, first_custom_type_id)
  CAF_ADD_ATOM(fc_core, fc::actors, append_atom, "append")
  CAF_ADD_ATOM(fc_core, fc::actors, flush_atom, "flush")
  CAF_ADD_ATOM(fc_core, fc::actors, resume_atom, "resume")
  CAF_ADD_ATOM(fc_core, fc::actors, asleep_atom, "asleep")
  CAF_ADD_ATOM(fc_core, fc::actors, aside_atom, "aside")
  CAF_ADD_ATOM(fc_core, fc::actors, enqueue_atom, "enqueue")
  CAF_ADD_ATOM(fc_core, fc::actors, credit_atom, "credit")
  CAF_ADD_ATOM(fc_core, fc::actors, done_atom, "done")
  CAF_ADD_ATOM(fc_core, fc::actors, tick_atom, "tick")
  CAF_ADD_ATOM(fc_core, fc::actors, begin_atom, "begin")
  CAF_ADD_ATOM(fc_core, fc::actors, halt_atom, "halt")
  CAF_ADD_ATOM(fc_core, fc::actors, feed_atom, "feed")
CAF_END_TYPE_ID_BLOCK(fc_core)

namespace fc::actors {

/// Appends to the log; nobody else does.
using log_writer_actor = caf::typed_actor<
  // Appends what has found room; the reply means that it was synced.
  caf::replies_to<append_atom, append_permit_ptr>::with<append_reply>,
  // Own message: plans what has gathered.
  caf::reacts_to<flush_atom>>;

/// Waits for the disk, so that the log writer need not.
using log_committer_actor = caf::typed_actor<
  // Writes; the reply means that it was synced, up to this position at least.
  caf::replies_to<append_atom, planned_orders_ptr>::with<events::position>,
  // Own message: writes what has gathered.
  caf::reacts_to<flush_atom>>;

/// Where orders go: first for room, then to the writer.
struct log_port {
  log_writer_actor writer;
  std::shared_ptr<append_limiter> limiter;

  /// For actors, which may not wait: none where there is no room yet; the order
  /// then comes to `me` as a message.
  template <class Actor>
  append_permit_ptr acquire(append_order order, const Actor& me) const {
    return limiter->acquire(std::move(order), [me](append_permit_ptr permit) {
      caf::anon_send(me, append_atom::value, std::move(permit));
    });
  }
};

/// One merged pull request in motion.
using pull_request_actor = caf::typed_actor<
  // Reads its stream and goes on from there.
  caf::reacts_to<resume_atom>,
  // There is room for what it wants to append.
  caf::reacts_to<append_atom, append_permit_ptr>,
  // A worker's result, or why there is none.
  caf::reacts_to<done_atom, work_ptr, result_ptr>>;

/// Finds or wakes the actor of a pull request; all its messages pass here.
using region_actor = caf::typed_actor<
  // The pull request was stored and has something to do. Where there is no room
  // for it, it is left to the backlog.
  caf::reacts_to<resume_atom, std::string>,
  // All of a window is stored; what of it is open shall be woken.
  caf::reacts_to<feed_atom, backlog_ptr>,
  // Own message: goes on with the backlog.
  caf::reacts_to<feed_atom>,
  // A result for the pull request that asked.
  caf::reacts_to<done_atom, work_ptr, result_ptr>,
  // The pull request has nothing in motion; it may be put to sleep.
  caf::reacts_to<asleep_atom, std::string>,
  // It is open and falls asleep all the same: not to be woken in this run.
  caf::reacts_to<aside_atom, std::string>>;

/// One thread that does steps of certain stages.
using worker_actor = caf::typed_actor<
  // Takes a step under a lease.
  caf::reacts_to<work_ptr>,
  // Own first message: asks for work.
  caf::reacts_to<begin_atom>>;

/// Hands work to workers that asked for it.
using dispatcher_actor = caf::typed_actor<
  // The region whose pull requests it serves; once, before anything else.
  caf::reacts_to<begin_atom, region_actor>,
  // A pull request needs a step.
  caf::reacts_to<enqueue_atom, work_request_ptr>,
  // A worker has room for one step of one of these stages.
  caf::reacts_to<credit_atom, worker_actor, std::vector<std::uint8_t>>,
  // A worker is through with its lease.
  caf::reacts_to<done_atom, work_ptr, result_ptr>,
  // Own message: delayed work and expired leases.
  caf::reacts_to<tick_atom>>;

/// Counts what the pull requests of this run do and knows when all is done.
using run_actor = caf::typed_actor<
  // A pull request moved.
  caf::reacts_to<pr_note>,
  // A pull request is part of this run: the region woke it.
  caf::reacts_to<begin_atom, std::string>,
  // Of one window nothing is left that was not woken.
  caf::reacts_to<feed_atom>,
  // A repository's discovery ended.
  caf::reacts_to<window_report>,
  // There is room for its last event.
  caf::reacts_to<append_atom, append_permit_ptr>,
  // The log can no longer be written, or the user wants to stop.
  caf::reacts_to<halt_atom, caf::error>,
  // Own message: progress.
  caf::reacts_to<tick_atom>>;

} // namespace fc::actors
