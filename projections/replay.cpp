#include "projections/replay.hpp"

#include <algorithm>
#include <limits>

namespace fc::projections {

using events::ec;
using events::make_error;
using events::record;

namespace {

constexpr std::string_view repository_prefix = "repo/";
constexpr std::string_view pull_request_prefix = "pr/";
constexpr std::string_view run_prefix = "run/";

events::error bad_stream(const record& at, std::string_view why) {
  return make_error(
    ec::corrupt, "record " + std::to_string(at.at) + " of stream '" + at.stream
                   + "' " + std::string{why} + "; run fcreplay --verify");
}

/// The empty view of a stream, by the kind its name says.
events::expected<stream_view> fresh(const record& at) {
  stream_view view;
  if (at.stream.starts_with(pull_request_prefix)) {
    auto id = events::pull_request_of(at.stream);
    if (!id)
      return bad_stream(at, "names no pull request");
    view.pull_request.emplace().id = std::move(*id);
  } else if (at.stream.starts_with(repository_prefix)) {
    auto repo = events::repo_name::parse(
      std::string_view{at.stream}.substr(repository_prefix.size()));
    if (!repo)
      return bad_stream(at, "names no repository");
    view.repository.emplace().repo = std::move(*repo);
  } else if (at.stream.starts_with(run_prefix)) {
    view.run.emplace().run = at.stream.substr(run_prefix.size());
  }
  return view;
}

// A batch ends at whichever comes first.
constexpr std::size_t batch_records = 16384;
constexpr std::size_t batch_bytes = std::size_t{16} << 20U;

} // namespace

stream_views::stream_views(const events::log::log_reader& log, std::size_t keep)
  : log_{log}, keep_{keep} {}

events::expected<stream_view> stream_views::load(const record& next) const {
  auto view = fresh(next);
  // Other streams have no view, so their past is not needed.
  if (!view || next.seq == 1 || !view->tracked())
    return view;
  auto past = log_.read_stream_to(next.stream, next.seq - 1);
  if (!past)
    return past.error();
  for (const auto& at : *past) {
    if (at.seq != view->seq + 1)
      return bad_stream(at, "is out of order");
    if (auto err
        = events::visit(at, [&](const auto& x) { view->apply(at, x); }))
      return err;
  }
  if (view->seq + 1 != next.seq)
    return bad_stream(next, "follows a gap");
  return view;
}

events::expected<stream_view*> stream_views::before(const record& next) {
  if (const auto found = index_.find(next.stream); found != index_.end()) {
    recent_.splice(recent_.begin(), recent_, found->second);
    auto& view = recent_.front().view;
    if (view.tracked() && view.seq + 1 != next.seq)
      return bad_stream(next, "follows a gap");
    return &view;
  }
  auto view = load(next);
  if (!view)
    return view.error();
  recent_.push_front({next.stream, std::move(*view)});
  index_.emplace(recent_.front().stream, recent_.begin());
  if (recent_.size() > keep_) {
    index_.erase(recent_.back().stream);
    recent_.pop_back();
  }
  return &recent_.front().view;
}

events::error stream_views::measure() {
  ends_.clear();
  measured_ = log_.last();
  return log_.scan(1, [&](const record& at) {
    if (at.at <= measured_)
      ends_[at.stream] = at.seq;
    return at.at < measured_;
  });
}

events::expected<events::sequence>
stream_views::last_of(const record& at) const {
  if (measured_ == log_.last())
    if (const auto found = ends_.find(at.stream); found != ends_.end())
      return found->second;
  return log_.stream_version(at.stream);
}

events::expected<bool> stream_views::is_last(const record& at) {
  auto& x = recent_.front();
  if (const auto end = log_.last(); x.when != end) {
    auto last = last_of(at);
    if (!last)
      return last.error();
    x.last = *last;
    x.when = end;
  }
  return at.seq >= x.last;
}

events::error for_each_record(
  const events::log::log_reader& log, events::position from, std::uint64_t max,
  const std::function<bool()>& go_on,
  const std::function<events::error(const events::record&)>& each) {
  // Records are written over again and again: their memory is used anew.
  std::vector<events::record> batch;
  while (max > 0 && go_on()) {
    std::size_t count = 0;
    std::size_t bytes = 0;
    const auto collect = [&](const events::record& at) {
      bytes += at.payload.size();
      if (count == batch.size())
        batch.push_back(at);
      else
        batch[count] = at;
      return ++count < std::min<std::uint64_t>(batch_records, max)
             && bytes < batch_bytes;
    };
    if (auto err = log.scan(from, collect))
      return err;
    if (count == 0)
      return {};
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0 && !go_on())
        return {};
      if (auto err = each(batch[i]))
        return err;
    }
    from = batch[count - 1].at + 1;
    max -= count;
  }
  return {};
}

events::error for_each_record(
  const events::log::log_reader& log, events::position from,
  const std::function<bool()>& go_on,
  const std::function<events::error(const events::record&)>& each) {
  return for_each_record(log, from, std::numeric_limits<std::uint64_t>::max(),
                         go_on, each);
}

} // namespace fc::projections
