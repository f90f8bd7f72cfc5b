#pragma once

#include "events/pull_request_state.hpp"
#include "projections/row_sink.hpp"

#include <concepts>
#include <optional>

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

/// A read model: a pure fold of the log with a name, a version that is raised
/// when its rows change, and the list of the events it handles.
template <class P>
concept projection = requires {
  { P::name } -> std::convertible_to<std::string_view>;
  { P::version } -> std::convertible_to<int>;
  typename P::handles;
};

/// Every event of a pull request's stream.
using pull_request_stream
  = events::join_t<events::pull_request_events, events::judgement_events,
                   events::environment_events, events::measurement_events>;

namespace detail {

template <class E, class... Es>
constexpr bool listed(events::list<Es...>) {
  return (std::is_same_v<E, Es> || ...);
}

} // namespace detail

/// Hands an event to a projection that lists it; a listed event without an
/// `apply` does not compile.
template <projection P, events::event E>
void fold(P& into, const moment& at, const E& x) {
  if constexpr (detail::listed<E>(typename P::handles{}))
    into.apply(at, x);
}

} // namespace fc::projections
