#pragma once

#include "actors/core/stage_port.hpp"
#include "events/failures/known_failure.hpp"
#include "events/log/event_log.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

namespace fc::actors {

/// What a repository's stream says about steps that always fail: builds that
/// lack something which is not to be had, and attempts that were refused. Read
/// anew for each question: after a failure, and before a build.
class known_failures {
public:
  /// @param enough So many failures of one kind end further attempts
  /// (`retry.same_fingerprint` of the policy); more are not recorded.
  static events::expected<known_failures>
  read(const events::log::log_reader& log, const events::repo_name& repo,
       std::size_t enough);

  /// Failures like this one, but for those of `stream`; at most `enough`.
  std::vector<events::failure_ref>
  like(const events::attempt_failed& x,
       const events::stream_name& stream) const;

  /// Why a step is not worth trying; none if it is.
  std::optional<events::known_failure_avoided>
  at(events::stage what, const events::digest& subject) const;

  /// What of a pull request's stream the repository should know and does not
  /// yet, to be appended to its stream. None: nothing to tell.
  std::optional<events::log::append_request>
  missing(const std::vector<events::record>& stream,
          const events::pull_request_state& state) const;

  /// Counts one that the stream may not hold yet.
  void add(const events::known_failure_met& x);

private:
  bool holds(const events::known_failure_met& x) const;

  events::stream_name stream_;
  events::sequence version_ = 0;
  std::size_t enough_ = 0;
  std::vector<events::known_failure_met> met_;
};

/// Does not try what is a known failure. Asked when the step begins, not
/// when it was queued: others of the repository may have failed meanwhile. What
/// came of a step counts at once; the log has it some milliseconds later.
class known_failure_guard : public stage_performer {
public:
  /// @param enough As for `known_failures::read`.
  known_failure_guard(std::shared_ptr<const events::log::log_reader> log,
                      std::size_t enough,
                      std::shared_ptr<stage_performer> otherwise);
  stage_result perform(const work& job) override;

private:
  void remember(const work& job, const stage_result& result);

  std::mutex mutex_;
  std::map<events::repo_name, std::vector<events::known_failure_met>> seen_;
  std::shared_ptr<const events::log::log_reader> log_;
  std::size_t enough_;
  std::shared_ptr<stage_performer> otherwise_;
};

} // namespace fc::actors
