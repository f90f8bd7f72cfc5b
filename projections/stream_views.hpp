#pragma once

#include "events/log/event_log.hpp"
#include "events/pull_request_state.hpp"

#include <list>
#include <optional>
#include <unordered_map>

namespace fc::projections {

/// A pull request as its stream says up to a record.
struct pull_request_view {
  events::pull_request_id id;
  events::pull_request_state state;
  events::sequence trialled_at = 0; ///< Of the newest `Trialled`, 0 for none.
  events::sequence measured_at = 0; ///< Of the newest `SpeedupMeasured`.
};

/// A repository as its stream says up to a record.
struct repository_view {
  events::repo_name repo;
  std::optional<events::repository_seen> seen;
  /// Set while excluded: being seen again opens it again.
  std::optional<events::repository_excluded> excluded;
};

/// A stream up to its last record read; both parts are absent for streams that
/// are about neither.
struct stream_view {
  events::sequence seq = 0;
  std::optional<pull_request_view> pull_request;
  std::optional<repository_view> repository;

  template <events::event E>
  void apply(const events::record& at, const E& x) {
    seq = at.seq;
    if (pull_request) {
      auto& state = pull_request->state;
      state.apply(x);
      state.seq = at.seq;
      state.last = at.at;
      if (at.policy)
        state.policy = at.policy;
      if constexpr (std::is_same_v<E, events::trialled>)
        pull_request->trialled_at = at.seq;
      if constexpr (std::is_same_v<E, events::speedup_measured>)
        pull_request->measured_at = at.seq;
    }
    if constexpr (std::is_same_v<E, events::repository_seen>)
      if (repository) {
        repository->seen = x;
        repository->excluded.reset();
      }
    if constexpr (std::is_same_v<E, events::repository_excluded>)
      if (repository)
        repository->excluded = x;
  }
};

/// A record and what its stream amounts to with it; one of the pointers is set
/// for streams of pull requests and repositories.
struct moment {
  const events::record& at;
  const pull_request_view* pull_request = nullptr;
  const repository_view* repository = nullptr;
};

/// The streams in motion during a replay. Keeps the most recently used ones;
/// others are read from the log again, so memory does not grow with the log.
class stream_views {
public:
  explicit stream_views(const events::log::log_reader& log,
                        std::size_t keep = 4096);

  /// The stream of `next` up to the record before it. Valid until the next
  /// call.
  /// @returns `ec::corrupt` for a stream whose name or numbering is wrong.
  events::expected<stream_view*> before(const events::record& next);

private:
  using entry = std::pair<events::stream_name, stream_view>;

  events::expected<stream_view> load(const events::record& next) const;

  const events::log::log_reader& log_;
  std::size_t keep_;
  std::list<entry> recent_; ///< Newest first.
  std::unordered_map<std::string_view, std::list<entry>::iterator> index_;
};

} // namespace fc::projections
