#include "projections/run_progress.hpp"

namespace fc::projections {

using events::error;
using events::record;

namespace {

constexpr std::string_view run_prefix = "run/";

/// The run that a record is about, or that appended it; empty for none.
std::string_view run_of(const record& at) {
  const std::string_view stream = at.stream;
  return stream.starts_with(run_prefix) ? stream.substr(run_prefix.size())
                                        : std::string_view{at.run};
}

/// The stage that a pull request is at or ended at; none before the first.
std::optional<std::size_t> stage_index_of(const events::pull_request_state& x) {
  auto at = x.next();
  if (!at && x.ends() != events::outcome::open)
    at = events::stage_from(stage_reached(x));
  return at ? std::optional{static_cast<std::size_t>(*at)} : std::nullopt;
}

/// Adds what became of one pull request, or takes it away.
template <class Path>
void count(run_status& to, const Path& x, int by) {
  const auto add = [&](stage_tally& tally, bool last) {
    // Unsigned numbers wrap, so adding -1 takes away.
    const auto change = static_cast<std::uint64_t>(by);
    tally.total += change;
    if (last && x.failed)
      tally.failed += change;
    else if (!last || !x.open)
      tally.completed += change;
  };
  for (std::size_t i = x.first; i < x.end; ++i)
    add(to.stages[i], i + 1U == x.end);
  add(to.all, true);
}

} // namespace

error run_progress_views::read_past(std::string_view name) {
  auto own = log_.read_stream(events::run_stream(std::string{name}));
  if (!own)
    return own.error();
  if (own->empty() || own->front().at >= first_)
    return {};
  stream_views views{log_};
  const auto each = [&](const record& at) -> error {
    auto found = views.before(at);
    if (!found)
      return found.error();
    auto& view = **found;
    const bool mine = run_of(at) == name;
    if (mine)
      next_before_
        = view.pull_request ? view.pull_request->state.next() : std::nullopt;
    if (auto err = events::visit(at, [&](const auto& x) { view.apply(at, x); }))
      return err;
    if (mine)
      after(at, view);
    return {};
  };
  const auto from = own->front().at;
  return for_each_record(
    log_, from, first_ - from, [] { return true; }, each);
}

error run_progress_views::enter(std::string_view name) {
  if (now_ != nullptr && name == name_)
    return {};
  name_ = name;
  now_ = nullptr;
  if (name.empty())
    return {};
  const auto [found, is_new] = runs_.try_emplace(name_);
  now_ = &found->second;
  return is_new && first_ > 1 ? read_past(name) : error{};
}

error run_progress_views::before(const record& at, const stream_view& view) {
  if (auto err = enter(run_of(at)))
    return err;
  next_before_.reset();
  if (now_ != nullptr && view.pull_request)
    next_before_ = view.pull_request->state.next();
  return {};
}

void run_progress_views::after(const record& at, const stream_view& view) {
  if (now_ == nullptr)
    return;
  auto& run = now_->status.run;
  if (view.run) {
    run = *view.run;
    now_->started = now_->started || at.tag == events::run_started::tag;
    // What was counted stands.
    if (run.finished)
      now_->paths.clear();
  } else if (view.pull_request && now_->started && !run.finished) {
    note(at, *view.pull_request);
  } else {
    return;
  }
  if (!now_->changed)
    changed_.push_back(now_);
  now_->changed = true;
}

void run_progress_views::note(const record& at, const pull_request_view& view) {
  auto& [status, started, changed, paths] = *now_;
  status.run.last = at.recorded_at;
  const auto known = paths.find(at.stream);
  if (known != paths.end())
    count(status, known->second, -1);
  const auto stage_index = stage_index_of(view.state);
  if (!stage_index) {
    if (known != paths.end())
      paths.erase(known);
    return;
  }
  path now;
  auto first = *stage_index;
  if (known != paths.end())
    first = std::min<std::size_t>(first, known->second.first);
  else if (next_before_)
    first = std::min(first, static_cast<std::size_t>(*next_before_));
  now.first = static_cast<std::uint8_t>(first);
  now.end = static_cast<std::uint8_t>(*stage_index + 1);
  now.failed = view.state.ends() == events::outcome::failed;
  now.open = view.state.next().has_value();
  count(status, now, 1);
  paths.insert_or_assign(at.stream, now);
}

} // namespace fc::projections
