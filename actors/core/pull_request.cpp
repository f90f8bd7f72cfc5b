#include "actors/core/pull_request.hpp"

#include "events/failures/fingerprint.hpp"
#include "events/policy/decide.hpp"
#include "events/policy/verdicts.hpp"

#include "caf/send.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <chrono>

namespace fc::actors {

namespace {

namespace policy = events::policy;

/// Folds events that are not stored yet, to see what would follow from them.
events::error fold_new(events::pull_request_state& state,
                       const std::vector<events::new_event>& batch) {
  for (const auto& each : batch) {
    events::record at;
    at.at = state.last;
    at.seq = state.seq + 1;
    at.tag = each.tag;
    at.version = each.version;
    at.payload = each.payload;
    if (auto err = events::fold(state, at))
      return err;
  }
  return {};
}

events::attempt_failed
describe_failure(const work& job, const stage_result& result) {
  if (result.recorded_failure)
    return *result.recorded_failure;
  events::attempt_failed x;
  x.stage = events::to_string(job.what);
  x.attempt = job.attempt;
  x.cause = events::to_string(events::code_of(result.failure));
  x.message = events::describe(result.failure);
  x.fingerprint = events::fingerprint_of(x.message);
  x.log = result.failure_log;
  return x;
}

} // namespace

void pull_request_actor_state::note(pr_event what, events::stage at,
                                    std::string text) {
  self->send(context->run,
             pr_note{stream, what, at, known.ends(), std::move(text)});
}

void pull_request_actor_state::give_up(const events::error& why) {
  self->send(context->run, halt_atom::value, why);
}

void pull_request_actor_state::resume() {
  reload(0);
}

void pull_request_actor_state::ask(events::stage next, double delay_s) {
  auto request = std::make_shared<work_request>();
  request->stream = stream;
  request->what = next;
  const auto failed = known.failures.find(next);
  request->attempt = failed == known.failures.end()
                       ? 1
                       : static_cast<std::uint32_t>(failed->second.size()) + 1;
  request->delay_s = delay_s;
  request->state = std::make_shared<const events::pull_request_state>(known);
  note(pr_event::queued, next);
  self->send(context->dispatcher, enqueue_atom::value,
             work_request_ptr{std::move(request)});
}

events::expected<known_failures>
pull_request_actor_state::read_known_failures() const {
  return known_failures::read(*context->log, known.facts->repo,
                              context->policy->retry.same_fingerprint);
}

void pull_request_actor_state::advance(double delay_s) {
  if (const auto next = known.next())
    return ask(*next, delay_s);
  if (!looked_again && known.may_look_again(context->instrument))
    return look_again();
  note(pr_event::ended, events::stage::publish, known.rule());
  self->send(context->region, asleep_atom::value, stream);
}

void pull_request_actor_state::look_again() {
  looked_again = true;
  const events::reopened again{
    std::string{events::to_string(events::stage::trial)},
    "its trial could not look (" + known.speedup->rule
      + "), and this run measures with something else: " + context->instrument
      + " instead of " + known.trial->instrument};
  append_order order;
  order.requests.push_back(
    {stream, known.seq, {events::make_verdict(again, context->policy->id)}});
  order.requests.back().events.back().causation = known.last;
  send(std::move(order), [this](const auto&) { reload(0); });
}

void pull_request_actor_state::done(const work_ptr& job,
                                    const result_ptr& result) {
  // What it folds and decides on came from outside, too.
  const motion_scope scope{context->motion, stream,
                           events::to_string(job->what)};
  if (result->deferral)
    return deferred(job, result);
  if (result->failure)
    return failed(job, result);
  succeeded(job, result);
}

void pull_request_actor_state::succeeded(const work_ptr& job,
                                         const result_ptr& result) {
  auto expected = *job->state;
  auto batch = result->kept;
  std::ranges::copy(result->evidence, std::back_inserter(batch));
  batch.push_back(events::make_event(result->cost));
  if (auto err = fold_new(expected, batch))
    return give_up(err);
  if (!result->goes_on) {
    auto verdicts
      = policy::decide(expected, job->what, result->row, *context->policy);
    std::ranges::move(verdicts, std::back_inserter(batch));
  }
  append(job, std::move(batch), result->blobs,
         {job->what, 0, !result->goes_on, {}});
}

void pull_request_actor_state::failed(const work_ptr& job,
                                      const result_ptr& result) {
  auto expected = *job->state;
  auto batch = result->kept;
  auto failure = describe_failure(*job, *result);
  if (!result->recorded_failure && events::is_lasting(failure.cause)) {
    const auto all = read_known_failures();
    if (!all)
      return give_up(all.error());
    failure.known = all->like(failure, stream);
  }
  spdlog::warn("pull-request records failed attempt stream={} stage={} "
               "attempt={} reason={}",
               stream, failure.stage, failure.attempt, failure.message);
  batch.push_back(events::make_event(failure));
  batch.push_back(events::make_event(result->cost));
  if (auto err = fold_new(expected, batch))
    return give_up(err);
  const auto next = policy::after_failure(expected, job->what,
                                          context->jitter(), *context->policy);
  follow_up then{job->what, 0, true, {}};
  if (const auto* drop = std::get_if<events::dropped>(&next)) {
    batch.push_back(events::make_verdict(*drop, context->policy->id));
  } else if (const auto* later = std::get_if<events::deferred>(&next)) {
    batch.push_back(events::make_verdict(*later, context->policy->id));
    then.set_aside = failure.message;
  } else {
    then.delay_s = std::get<double>(next);
    then.stage_done = then.delay_s == 0;
  }
  append(job, std::move(batch), result->blobs, std::move(then));
}

void pull_request_actor_state::deferred(const work_ptr& job,
                                        const result_ptr& result) {
  follow_up then{job->what, 0, true, result->deferral->cause};
  auto batch = result->kept;
  // Said once; starting again and again without help adds nothing.
  if (job->state->deferral != result->deferral)
    batch.push_back(events::make_event(*result->deferral));
  if (result->cost.calls > 0)
    batch.push_back(events::make_event(result->cost));
  if (batch.empty())
    return set_aside(then);
  append(job, std::move(batch), result->blobs, std::move(then));
}

void pull_request_actor_state::append(const work_ptr& job,
                                      std::vector<events::new_event> batch,
                                      std::vector<events::log::blob> blobs,
                                      follow_up then) {
  for (auto& each : batch)
    each.causation = job->state->last;
  append_order order;
  // Verdicts follow from what the job saw: if the stream moved since, they are
  // refused.
  order.requests.push_back({stream, job->state->seq, std::move(batch)});
  order.blobs = std::move(blobs);
  send(std::move(order), [this, then = std::move(then)](const auto& result) {
    stored(result, then);
  });
}

void pull_request_actor_state::send(append_order order, after_append then) {
  const auto at_once
    = context->appends.acquire(std::move(order), pull_request_actor{self});
  if (at_once)
    return write(at_once, std::move(then));
  waiting_.push_back(std::move(then));
}

void pull_request_actor_state::admitted(const append_permit_ptr& order) {
  auto then = std::move(waiting_.front());
  waiting_.pop_front();
  write(order, std::move(then));
}

void pull_request_actor_state::write(const append_permit_ptr& order,
                                     after_append then) {
  // Long enough for a bulk load's stalls; the repeat is recognised by its ids.
  self
    ->request(context->appends.writer, std::chrono::minutes{2},
              append_atom::value, order)
    .then(
      [this, then = std::move(then)](const append_reply& reply) {
        const auto& result = reply.results.front();
        // Anything but a conflict would be refused again and again.
        if (result.failure
            && events::code_of(result.failure) != events::ec::conflict)
          return give_up(result.failure);
        then(result);
      },
      [this](const caf::error& err) { give_up(err); });
}

void pull_request_actor_state::stored(const events::log::append_result& result,
                                      const follow_up& then) {
  if (result.failure) {
    spdlog::warn("pull-request finds stream moved stream={} reason={}", stream,
                 events::describe(result.failure));
    return reload(then.delay_s);
  }
  if (!then.set_aside.empty())
    return set_aside(then);
  note(then.stage_done ? pr_event::finished : pr_event::retried, then.at);
  reload(then.delay_s);
}

void pull_request_actor_state::set_aside(const follow_up& why) {
  note(pr_event::ended, why.at, why.set_aside);
  self->send(context->region, aside_atom::value, stream);
}

void pull_request_actor_state::reload(double delay_s) {
  auto records = context->log->read_stream(stream);
  auto folded
    = records ? events::fold(*records)
              : events::expected<events::pull_request_state>{records.error()};
  if (!folded)
    return give_up(folded.error());
  known = std::move(*folded);
  share(*records, delay_s);
}

void pull_request_actor_state::share(const std::vector<events::record>& records,
                                     double delay_s) {
  const bool failed = known.drop && known.drop->failed;
  if (known.failures.empty() && !failed)
    return advance(delay_s);
  const auto all = read_known_failures();
  if (!all)
    return give_up(all.error());
  auto missing = all->missing(records, known);
  if (!missing)
    return advance(delay_s);
  append_order order;
  order.requests.push_back(std::move(*missing));
  send(std::move(order), [this, records, delay_s](const auto& result) {
    // In a conflict another pull request was first; what it told may do.
    if (result.failure)
      share(records, delay_s);
    else
      advance(delay_s);
  });
}

pull_request_actor::behavior_type pull_request(
  pull_request_actor::stateful_pointer<pull_request_actor_state> self,
  events::stream_name stream,
  std::shared_ptr<const pull_request_context> context) {
  self->state.self = self;
  self->state.stream = std::move(stream);
  self->state.context = std::move(context);
  return {
    [self](resume_atom) { self->state.resume(); },
    [self](done_atom, const work_ptr& job, const result_ptr& result) {
      self->state.done(job, result);
    },
    [self](append_atom, const append_permit_ptr& order) {
      self->state.admitted(order);
    },
  };
}

} // namespace fc::actors
