#include "actors/core/run.hpp"

#include <algorithm>
#include <chrono>

namespace fc::actors {

namespace {

constexpr auto tick_every = std::chrono::milliseconds{250};

std::string_view word(events::outcome x) {
  switch (x) {
  case events::outcome::published:
    return "published";
  case events::outcome::failed:
    return "failed";
  case events::outcome::rejected:
    return "rejected";
  case events::outcome::open:
    break;
  }
  return "open";
}

events::run_finished summary(const run_result& result) {
  events::run_finished x;
  for (std::size_t i = 0; i < events::stage_total; ++i) {
    const auto& at = result.progress.stages[i];
    x.stages.push_back(
      {std::string{events::to_string(static_cast<events::stage>(i))}, at.done,
       at.rejected, at.failed, at.deferred});
  }
  x.published = result.progress.published;
  x.failed = result.failed;
  return x;
}

} // namespace

void run_actor_state::begin(const std::string& pull_request) {
  open_.try_emplace(pull_request);
  result.progress.open = static_cast<std::uint32_t>(open_.size());
}

void run_actor_state::uncount(entry& from) {
  if (!from.counted)
    return;
  auto& at = result.progress.stages[static_cast<std::size_t>(from.at)];
  --(from.started ? at.running : at.queued);
  from.counted = false;
  from.started = false;
}

void run_actor_state::note(const pr_note& x) {
  const auto found = open_.find(x.stream);
  if (reported_ || found == open_.end())
    return;
  auto& here = found->second;
  uncount(here);
  auto& at = result.progress.stages[static_cast<std::size_t>(x.at)];
  switch (x.what) {
  case pr_event::queued:
    here = {false, true, here.any_done, x.at};
    ++at.queued;
    break;
  case pr_event::started:
    here = {true, true, here.any_done, x.at};
    ++at.running;
    break;
  case pr_event::finished:
    here.at = x.at;
    here.any_done = true;
    ++at.done;
    break;
  case pr_event::retried:
    break;
  case pr_event::ended:
    ended(x);
    break;
  }
}

void run_actor_state::ended(const pr_note& x) {
  const auto last = open_[x.stream];
  open_.erase(x.stream);
  result.progress.open = static_cast<std::uint32_t>(open_.size());
  auto& at = result.progress.stages[static_cast<std::size_t>(last.at)];
  const bool is_open = x.outcome == events::outcome::open;
  // One that had ended before this run was not counted as done by it.
  if (last.any_done && !is_open && x.outcome != events::outcome::published)
    --at.done;
  switch (x.outcome) {
  case events::outcome::published:
    ++result.progress.published;
    break;
  case events::outcome::failed:
    ++at.failed;
    ++result.failed;
    break;
  case events::outcome::open:
    ++at.deferred;
    ++result.deferred;
    ++result.open_for[x.text];
    break;
  case events::outcome::rejected:
    ++at.rejected;
  }
  reporter->say(x.stream.substr(3) + " " + std::string{word(x.outcome)}
                + (x.text.empty() ? "" : ": " + x.text));
  finish_if_done();
}

void run_actor_state::window(window_report x) {
  --result.progress.windows;
  result.progress.discovered += x.counted;
  result.progress.symbolic_rejected += x.rejected;
  result.failed += static_cast<std::uint32_t>(x.incomplete.size());
  if (x.failure)
    window_failed(x);
  result.windows.push_back(std::move(x));
  finish_if_done();
}

/// One repository that cannot be read is no reason to lose the others; a log
/// that cannot be written, or somebody's wish to stop, ends all.
void run_actor_state::window_failed(const window_report& x) {
  const auto code = events::code_of(x.failure);
  const bool ends_all
    = code == events::ec::storage_failure || code == events::ec::cancelled;
  const auto nothing_came = [](const window_report& each) {
    return each.failure && each.stored == 0;
  };
  const bool none_read = result.progress.windows == 0 && nothing_came(x)
                         && std::ranges::all_of(result.windows, nothing_came);
  if (ends_all || none_read) {
    if (!result.failure)
      result.failure = x.failure;
    return;
  }
  ++result.failed;
  reporter->say(x.repo + ": " + events::describe(x.failure));
}

void run_actor_state::fed() {
  --to_feed;
  finish_if_done();
}

void run_actor_state::halt(const caf::error& why) {
  if (reported_)
    return;
  if (!result.failure)
    result.failure = why;
  // What is recorded stays; the next start goes on from there.
  finishing_ = true;
  report();
}

void run_actor_state::report() {
  if (reported_)
    return;
  reported_ = true;
  reporter->finished(result);
}

void run_actor_state::tick() {
  if (finishing_)
    return;
  result.progress.running.clear();
  for (const auto& [stream_of_pr, at] : open_)
    if (at.started)
      result.progress.running.push_back(
        stream_of_pr.substr(3) + " " + std::string{events::to_string(at.at)});
  reporter->show(result.progress);
  self->delayed_send(self, tick_every, tick_atom::value);
}

void run_actor_state::finish_if_done() {
  if (finishing_ || result.progress.windows > 0 || to_feed > 0
      || !open_.empty())
    return;
  finishing_ = true;
  finish();
}

void run_actor_state::finish() {
  if (result.failure || result.deferred > 0)
    return report();
  const auto version = log->stream_version(stream);
  if (!version)
    return halt(version.error());
  append_order order;
  order.requests.push_back(
    {stream, *version, {events::make_event(summary(result))}});
  const auto at_once = appends.acquire(std::move(order), run_actor{self});
  if (at_once)
    write(at_once);
}

void run_actor_state::write(const append_permit_ptr& order) {
  if (reported_)
    return;
  self
    ->request(appends.writer, std::chrono::minutes{2}, append_atom::value,
              order)
    .then(
      [this](const append_reply& reply) {
        if (const auto& refused = reply.results.front().failure)
          return halt(refused);
        report();
      },
      [this](const caf::error& err) { halt(err); });
}

run_actor::behavior_type
run(run_actor::stateful_pointer<run_actor_state> self,
    events::stream_name stream, log_port appends,
    std::shared_ptr<const events::log::log_reader> log,
    std::shared_ptr<run_reporter> reporter, std::uint32_t windows) {
  auto& state = self->state;
  state.self = self;
  state.stream = std::move(stream);
  state.appends = std::move(appends);
  state.log = std::move(log);
  state.reporter = std::move(reporter);
  state.result.progress.windows = windows;
  state.to_feed = windows;
  self->delayed_send(self, tick_every, tick_atom::value);
  return {
    [self](const pr_note& x) { self->state.note(x); },
    [self](begin_atom, const std::string& stream_of_pr) {
      self->state.begin(stream_of_pr);
    },
    [self](feed_atom) { self->state.fed(); },
    [self](const window_report& x) { self->state.window(x); },
    [self](append_atom, const append_permit_ptr& order) {
      self->state.write(order);
    },
    [self](halt_atom, const caf::error& why) { self->state.halt(why); },
    [self](tick_atom) { self->state.tick(); },
  };
}

} // namespace fc::actors
