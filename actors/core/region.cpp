#include "actors/core/region.hpp"

#include "caf/exit_reason.hpp"
#include "caf/send.hpp"

#include <algorithm>

namespace fc::actors {

namespace {

constexpr std::size_t page_size = 256;
/// So many pull requests are folded before other messages have their turn.
constexpr std::size_t at_a_time = 64;

} // namespace

region_actor_state::~region_actor_state() {
  for (const auto& [stream, handle] : awake_)
    caf::anon_send_exit(handle, caf::exit_reason::user_shutdown);
}

pull_request_actor region_actor_state::wake(const events::stream_name& stream) {
  const auto found = awake_.find(stream);
  if (found != awake_.end())
    return found->second;
  auto handle = self->spawn<caf::lazy_init>(pull_request, stream, context);
  awake_.emplace(stream, handle);
  return handle;
}

void region_actor_state::start(const events::stream_name& stream) {
  self->send(context->run, begin_atom::value, stream);
  self->send(wake(stream), resume_atom::value);
}

void region_actor_state::resume(const events::stream_name& stream) {
  if (awake_.size() < max_awake && !awake_.contains(stream)
      && !set_aside_.contains(stream))
    start(stream);
}

void region_actor_state::done(const work_ptr& job, const result_ptr& result) {
  // Its actor is awake: it waits for this.
  self->send(wake(job->stream), done_atom::value, job, result);
}

void region_actor_state::asleep(const events::stream_name& stream) {
  const auto found = awake_.find(stream);
  if (found == awake_.end())
    return;
  // What was routed before stands in front of this in its mailbox.
  self->send_exit(found->second, caf::exit_reason::user_shutdown);
  awake_.erase(found);
  fill();
}

void region_actor_state::set_aside(const events::stream_name& stream) {
  set_aside_.insert(stream);
  asleep(stream);
}

void region_actor_state::go_on() {
  filling_ = false;
  fill();
}

void region_actor_state::feed(backlog_ptr more) {
  backlogs_.push_back(std::move(more));
  fill();
}

events::error region_actor_state::read_page() {
  const auto& from = *backlogs_.front();
  if (!from.numbers.empty()) {
    for (const auto number : from.numbers)
      page_.push_back(
        events::stream_of(events::pull_request_id{from.repo, number}));
    last_page_ = true;
    return {};
  }
  const auto prefix = "pr/" + from.repo.str() + "#";
  auto names = context->log->streams(prefix, after_, page_size);
  if (!names)
    return names.error();
  last_page_ = names->size() < page_size;
  page_.assign(names->begin(), names->end());
  if (!page_.empty())
    after_ = page_.back();
  return {};
}

events::expected<std::optional<events::stream_name>>
region_actor_state::next_name() {
  if (page_.empty() && !last_page_)
    if (auto err = read_page())
      return err;
  if (page_.empty())
    return std::optional<events::stream_name>{};
  auto stream = std::move(page_.front());
  page_.pop_front();
  return std::optional{std::move(stream)};
}

events::expected<bool>
region_actor_state::is_open(const events::stream_name& stream) const {
  auto records = context->log->read_stream(stream);
  if (!records)
    return records.error();
  const auto state = events::fold(*records);
  if (!state)
    return state.error();
  if (!state->facts
      || (!state->next() && !state->may_look_again(context->instrument)))
    return false;
  const auto& from = *backlogs_.front();
  const auto& facts = *state->facts;
  return !from.numbers.empty()
         || (facts.merged_at >= from.start && facts.merged_at < from.end)
         || std::ranges::binary_search(from.known, facts.number);
}

void region_actor_state::fill() {
  for (std::size_t looked_at = 0;
       !filling_ && !backlogs_.empty() && awake_.size() < max_awake;
       ++looked_at) {
    // Others have something to say meanwhile.
    if (looked_at == at_a_time) {
      filling_ = true;
      self->send(self, feed_atom::value);
      return;
    }
    auto next = next_name();
    if (!next)
      return self->send(context->run, halt_atom::value, next.error());
    if (!*next) {
      self->send(context->run, feed_atom::value);
      backlogs_.pop_front();
      after_.clear();
      last_page_ = false;
      continue;
    }
    if (awake_.contains(**next) || set_aside_.contains(**next))
      continue;
    const auto open = is_open(**next);
    if (!open)
      return self->send(context->run, halt_atom::value, open.error());
    if (*open)
      start(**next);
  }
}

region_actor::behavior_type
region(region_actor::stateful_pointer<region_actor_state> self,
       pull_request_context context, std::size_t max_awake) {
  self->state.self = self;
  context.region = region_actor{self};
  self->state.context
    = std::make_shared<const pull_request_context>(std::move(context));
  self->state.max_awake = max_awake;
  return {
    [self](resume_atom, const std::string& stream) {
      self->state.resume(stream);
    },
    [self](feed_atom, const backlog_ptr& more) { self->state.feed(more); },
    [self](feed_atom) { self->state.go_on(); },
    [self](done_atom, const work_ptr& job, const result_ptr& result) {
      self->state.done(job, result);
    },
    [self](asleep_atom, const std::string& stream) {
      self->state.asleep(stream);
    },
    [self](aside_atom, const std::string& stream) {
      self->state.set_aside(stream);
    },
  };
}

} // namespace fc::actors
