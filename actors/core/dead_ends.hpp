#pragma once

#include "events/failures/dead_end.hpp"
#include "events/log/event_log.hpp"

#include <optional>
#include <vector>

namespace fc::actors {

/// What a repository's stream says about steps that always fail: builds that
/// lack something which is not to be had, and attempts that were refused. Read
/// anew for each question: after a failure, and before a build.
class dead_ends {
public:
  /// @param enough Failures of one kind that end the trying
  /// (`retry.same_fingerprint` of the policy); more are not recorded.
  static events::expected<dead_ends>
  read(const events::log::log_reader& log, const events::repo_name& repo,
       std::size_t enough);

  /// Failures like this one, but for those of `stream`; at most `enough`.
  std::vector<events::failure_ref>
  like(const events::attempt_failed& x,
       const events::stream_name& stream) const;

  /// Why a step is not worth trying; none if it is.
  std::optional<events::dead_end_known>
  at(events::stage what, const events::digest& subject) const;

  /// What of a pull request's stream the repository should know and does not
  /// yet, to be appended to its stream. None: nothing to tell.
  std::optional<events::log::append_request>
  missing(const std::vector<events::record>& stream,
          const events::pull_request_state& state) const;

private:
  bool holds(const events::dead_end_met& x) const;

  events::stream_name stream_;
  events::sequence version_ = 0;
  std::size_t enough_ = 0;
  std::vector<events::dead_end_met> met_;
};

} // namespace fc::actors
