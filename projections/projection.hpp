#pragma once

#include "events/catalog.hpp"
#include "projections/row_sink.hpp"
#include "projections/stream_views.hpp"

#include <concepts>
#include <functional>

namespace fc::projections {

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

/// Calls `each` for every record from `from` on, in order, while `go_on` says
/// yes. Nothing of the log is held while it runs: it may read the log itself.
/// @returns the first error of the log or of `each`.
events::error for_each_record(
  const events::log::log_reader& log, events::position from,
  const std::function<bool()>& go_on,
  const std::function<events::error(const events::record&)>& each);

/// Replays the log through projections, decoding each record once, until its
/// end or until `go_on` says no.
template <projection... Ps>
events::error replay_while(const std::function<bool()>& go_on,
                           const events::log::log_reader& log,
                           events::position from, Ps&... into) {
  stream_views views{log};
  const auto step = [&](const events::record& at) -> events::error {
    auto view = views.before(at);
    if (!view)
      return view.error();
    return events::visit(at, [&](const auto& x) {
      auto& now = **view;
      now.apply(at, x);
      const moment then{at, now.pull_request ? &*now.pull_request : nullptr,
                        now.repository ? &*now.repository : nullptr};
      (fold(into, then, x), ...);
    });
  };
  return for_each_record(log, from, go_on, step);
}

/// Replays the whole log through projections.
template <projection... Ps>
events::error replay(const events::log::log_reader& log, Ps&... into) {
  return replay_while([] { return true; }, log, 1, into...);
}

} // namespace fc::projections
