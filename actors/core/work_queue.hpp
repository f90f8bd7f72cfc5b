#pragma once

#include "actors/core/messages.hpp"

#include <array>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace fc::actors {

/// What waits for a worker, and what is out under a lease. Plain data: time is
/// an argument, so tests need no clock. Seconds count from any fixed point.
class work_queue {
public:
  /// @param build_ahead So many built and unmeasured pull requests at most:
  /// each holds a sandbox on disk.
  /// @param alone Whether nothing else may be under way beside this pull
  /// request; none: everything may.
  explicit work_queue(std::size_t build_ahead,
                      std::function<bool(const events::stream_name&)> alone
                      = {});

  /// Tells what is out under a lease to stop.
  ~work_queue();
  work_queue(const work_queue&) = delete;
  work_queue& operator=(const work_queue&) = delete;

  void add(work_request_ptr request, double now);

  /// The next step for a worker that serves `stages`; nullptr when nothing is
  /// due. Later stages first, so that what was begun is finished and sandboxes
  /// go. Near the end earlier ones first: short rests are then left over, which
  /// keep every worker busy to the last; else long ways would end one by one.
  /// @param starved Others have nothing to do: later stages feed them.
  work_ptr take(const std::vector<std::uint8_t>& stages, double now,
                const lease_seconds& lease_s, bool starved = false);

  /// Ends a lease; false when it had already ended, the result is then late
  /// and must be dropped.
  bool finish(std::uint64_t lease);

  /// Ends the leases that ran out; their work is to be asked for again.
  std::vector<work_ptr> expire(double now);

  std::size_t waiting(events::stage at) const;
  std::size_t leased(events::stage at) const;

private:
  struct delayed_request {
    double due;
    work_request_ptr request;
  };
  struct grant {
    work_ptr job;
    double until;
  };

  bool is_alone(const events::stream_name& stream) const;
  bool may_build() const;
  /// Hardly more pull requests are still to be begun than are worked on.
  bool near_end() const;

  std::size_t build_ahead_;
  std::function<bool(const events::stream_name&)> alone_;
  std::array<std::deque<delayed_request>, events::stage_total> waiting_;
  std::map<std::uint64_t, grant> leases_;
  std::uint64_t next_lease_ = 1;
};

} // namespace fc::actors
