#pragma once

#include "actors/services/process/process.hpp"
#include "events/log/event_log.hpp"
#include "events/pull_request_state.hpp"
#include "events/run.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fc::actors {

/// One step of one pull request, handed to a worker under a lease.
struct work {
  std::uint64_t lease = 0;
  events::stream_name stream;
  events::stage what = events::stage::classify;
  std::uint32_t attempt = 1;
  /// The pull request as it was when the step was asked for.
  std::shared_ptr<const events::pull_request_state> state;
  /// Set when the lease ends or the program stops.
  services::stop_flag stop;
};

using work_ptr = std::shared_ptr<const work>;

/// What the world said. Verdicts are not in here: they are the policy's.
struct stage_result {
  /// Recorded first and in any case, also when the step failed: it was paid
  /// for, and the next attempt goes on from it.
  std::vector<events::new_event> kept;
  std::vector<events::new_event> evidence;
  std::vector<events::log::blob> blobs;
  events::spent cost;
  /// Publish only: digest of the dataset row.
  events::digest row;
  /// What is `kept` was a part of the stage: it is asked for again at once,
  /// and nothing is decided yet.
  bool goes_on = false;
  /// Set when the step was not tried, as only somebody's help makes it
  /// possible: the pull request stays open and this run leaves it alone.
  std::optional<events::deferred> deferral;
  /// Set when the step could not be done; evidence is then ignored, blobs are
  /// kept for the failure's record.
  events::error failure;
  events::blob_ref failure_log;
  /// The failure as another log holds it, when it was not met anew.
  std::optional<events::attempt_failed> recorded_failure;
};

using result_ptr = std::shared_ptr<const stage_result>;

/// The part of a stage that touches the world. Runs on a worker's own thread,
/// may block, must watch `work::stop`.
class stage_performer {
public:
  virtual ~stage_performer() = default;
  virtual stage_result perform(const work& job) = 0;
};

/// A result that only says what went wrong.
stage_result failed(events::error why);

} // namespace fc::actors
