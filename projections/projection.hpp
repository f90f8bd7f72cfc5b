#pragma once

#include "projections/row_sink.hpp"
#include "projections/views.hpp"

#include <concepts>

namespace fc::projections {

/// A record and what its stream amounts to with it, but where tables are made:
/// there it is without it. One of the pointers is set for streams of pull
/// requests, repositories and runs.
struct event_context {
  const events::record& at;
  const pull_request_view* pull_request = nullptr;
  const repository_view* repository = nullptr;
  const run_view* run = nullptr;
};

/// A read model: a pure fold of the log with a name, a version that is raised
/// when its rows change, and the list of the events it handles.
template <class P>
concept projection = requires {
  { P::name } -> std::convertible_to<std::string_view>;
  { P::version } -> std::convertible_to<int>;
  typename P::handles;
};

/// A projection whose rows follow from what a stream amounts to in the end: it
/// has a `put` for views instead of an `apply` for each event, and makes a row
/// once instead of once an event.
template <class P>
concept stream_projection = projection<P> && requires {
  requires P::of_streams;
};

/// A projection whose rows say how a run goes: it has a `put` for the progress
/// of runs, which takes events of other streams too (`run_progress.hpp`).
template <class P>
concept run_projection = projection<P> && requires {
  requires P::of_runs;
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
void fold(P& into, const event_context& at, const E& x) {
  if constexpr (!stream_projection<P> && !run_projection<P>)
    if constexpr (detail::listed<E>(typename P::handles{}))
      into.apply(at, x);
}

/// Hands a stream, after the last of its records that is replayed, to a
/// projection of streams.
template <projection P>
void fold_end(P& into, const stream_view& x) {
  if constexpr (stream_projection<P>) {
    const auto put = [&](const auto& part) {
      if constexpr (requires { into.put(*part); })
        if (part)
          into.put(*part);
    };
    put(x.pull_request);
    put(x.repository);
  }
}

/// Hands the progress of a run to a projection of runs.
template <projection P, class Status>
void fold_run(P& into, const Status& x) {
  if constexpr (run_projection<P>)
    into.put(x);
}

} // namespace fc::projections
