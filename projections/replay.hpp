#pragma once

#include "events/log/event_log.hpp"
#include "projections/projection.hpp"

#include <functional>
#include <list>
#include <unordered_map>

namespace fc::projections {

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

  /// Whether the log holds nothing of the stream after this record.
  /// @pre `before(at)` was the last call of it.
  events::expected<bool> is_last(const events::record& at);

  /// Reads once through the log for where streams end. For a whole replay that
  /// is much faster than asking the log's index for each.
  events::error measure();

private:
  struct entry {
    events::stream_name stream;
    stream_view view;
    events::sequence last = 0; ///< Of the stream, as the log said...
    events::position when = 0; ///< ...when it ended here.
  };

  events::expected<stream_view> load(const events::record& next) const;

  events::expected<events::sequence> last_of(const events::record& at) const;

  const events::log::log_reader& log_;
  std::size_t keep_;
  std::unordered_map<events::stream_name, events::sequence> ends_;
  events::position measured_ = 0; ///< The log's end when it was measured.
  std::list<entry> recent_;       ///< Newest first.
  std::unordered_map<std::string_view, std::list<entry>::iterator> index_;
};

/// Calls `each` for every record from `from` on, in order, `max` of them,
/// while `go_on` says yes. Nothing of the log is held while it runs: it may
/// read the log itself.
/// @returns the first error of the log or of `each`.
events::error for_each_record(
  const events::log::log_reader& log, events::position from, std::uint64_t max,
  const std::function<bool()>& go_on,
  const std::function<events::error(const events::record&)>& each);

/// The same, without a limit.
events::error for_each_record(
  const events::log::log_reader& log, events::position from,
  const std::function<bool()>& go_on,
  const std::function<events::error(const events::record&)>& each);

/// A record and the view of its stream.
inline event_context
context_of(const events::record& at, const stream_view& x) {
  return {at, x.pull_request ? &*x.pull_request : nullptr,
          x.repository ? &*x.repository : nullptr, x.run ? &*x.run : nullptr};
}

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
      (fold(into, context_of(at, now), x), ...);
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
