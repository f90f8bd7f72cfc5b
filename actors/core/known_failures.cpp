#include "actors/core/known_failures.hpp"

#include "events/catalog.hpp"
#include "events/failures/fingerprint.hpp"
#include "events/policy/verdicts.hpp"

#include <algorithm>

namespace fc::actors {

namespace {

using events::expected;
using events::known_failure_met;

/// A build that lacks something; others with these requirements do as well.
std::optional<known_failure_met>
lacking(const events::synthesized& x, const events::pull_request_state& state) {
  if (!state.resolution)
    return std::nullopt;
  const auto thing = events::policy::missing_for(x, state.resolution->package);
  if (thing.empty())
    return std::nullopt;
  const auto what = events::stage::synthesize;
  const auto message = thing + " is missing";
  return known_failure_met{
    std::string{events::to_string(what)},
    events::subject_of(state, what),
    events::fingerprint_of(message),
    std::string{events::to_string(events::ec::not_found)},
    message,
    {},
    0};
}

/// An attempt that was refused; it has no subject, as others have other inputs.
std::optional<known_failure_met> refused(const events::attempt_failed& x) {
  if (!x.fingerprint || !events::is_lasting(x.cause))
    return std::nullopt;
  return known_failure_met{x.stage, {}, x.fingerprint, x.cause, x.message,
                           {},      0};
}

/// What a record of a pull request has to tell; none for most.
std::optional<known_failure_met>
met(const events::record& at, const events::pull_request_state& state) {
  std::optional<known_failure_met> result;
  // The state was folded from the same records: they can be read.
  if (at.tag == events::synthesized::tag) {
    if (const auto x = events::event_in<events::synthesized>(at))
      result = lacking(*x, state);
  } else if (at.tag == events::attempt_failed::tag) {
    if (const auto x = events::event_in<events::attempt_failed>(at))
      result = refused(*x);
  }
  if (result) {
    result->stream = at.stream;
    result->seq = at.seq;
  }
  return result;
}

bool are_alike(const known_failure_met& x, const known_failure_met& y) {
  return x.stage == y.stage && x.subject == y.subject
         && x.fingerprint == y.fingerprint;
}

/// Adds one, unless there are enough of its kind.
bool add_up_to(std::size_t enough, std::vector<known_failure_met>& all,
               const known_failure_met& x) {
  const auto alike = std::ranges::count_if(
    all, [&](const known_failure_met& each) { return are_alike(each, x); });
  if (static_cast<std::size_t>(alike) >= enough)
    return false;
  all.push_back(x);
  return true;
}

} // namespace

expected<known_failures>
known_failures::read(const events::log::log_reader& log,
                     const events::repo_name& repo, std::size_t enough) {
  known_failures result;
  result.stream_ = events::stream_of(repo);
  result.enough_ = enough;
  auto records = log.read_stream(result.stream_);
  if (!records)
    return records.error();
  result.version_ = static_cast<events::sequence>(records->size());
  for (const auto& at : *records) {
    if (at.tag != known_failure_met::tag)
      continue;
    auto x = events::event_in<known_failure_met>(at);
    if (!x)
      return x.error();
    result.met_.push_back(std::move(*x));
  }
  return result;
}

std::vector<events::failure_ref>
known_failures::like(const events::attempt_failed& x,
                     const events::stream_name& stream) const {
  std::vector<events::failure_ref> found;
  if (!x.fingerprint)
    return found;
  for (const auto& each : met_)
    if (found.size() < enough_ && each.stage == x.stage
        && each.fingerprint == x.fingerprint && each.stream != stream)
      found.push_back({each.stream, each.seq});
  return found;
}

std::optional<events::known_failure_avoided>
known_failures::at(events::stage what, const events::digest& subject) const {
  if (!subject)
    return std::nullopt;
  for (const auto& last : met_) {
    if (last.stage != events::to_string(what) || last.subject != subject)
      continue;
    events::known_failure_avoided x{last.stage, subject,      last.fingerprint,
                                    last.cause, last.message, {}};
    for (const auto& each : met_)
      if (are_alike(each, last))
        x.failures.push_back({each.stream, each.seq});
    if (x.failures.size() >= enough_)
      return x;
  }
  return std::nullopt;
}

bool known_failures::holds(const known_failure_met& x) const {
  return std::ranges::any_of(met_, [&](const known_failure_met& each) {
    return each.stream == x.stream && each.seq == x.seq;
  });
}

std::optional<events::log::append_request>
known_failures::missing(const std::vector<events::record>& stream,
                        const events::pull_request_state& state) const {
  events::log::append_request request{stream_, version_, {}};
  auto all = met_;
  for (const auto& at : stream) {
    const auto x = met(at, state);
    if (!x || holds(*x) || !add_up_to(enough_, all, *x))
      continue;
    auto event = events::make_event(*x);
    event.causation = at.at;
    request.events.push_back(std::move(event));
  }
  if (request.events.empty())
    return std::nullopt;
  return request;
}

void known_failures::add(const known_failure_met& x) {
  if (!holds(x))
    met_.push_back(x);
}

known_failure_guard::known_failure_guard(
  std::shared_ptr<const events::log::log_reader> log, std::size_t enough,
  std::shared_ptr<stage_performer> otherwise)
  : log_(std::move(log)), enough_(enough), otherwise_(std::move(otherwise)) {}

stage_result known_failure_guard::perform(const work& job) {
  const auto subject = events::subject_of(*job.state, job.what);
  if (!subject)
    return otherwise_->perform(job);
  const auto& repo = job.state->facts->repo;
  auto all = known_failures::read(*log_, repo, enough_);
  if (!all)
    return failed(all.error());
  {
    const std::lock_guard lock{mutex_};
    for (const auto& each : seen_[repo])
      all->add(each);
  }
  if (const auto known = all->at(job.what, subject)) {
    stage_result result;
    result.evidence.push_back(events::make_event(*known));
    return result;
  }
  auto result = otherwise_->perform(job);
  remember(job, result);
  return result;
}

void known_failure_guard::remember(const work& job,
                                   const stage_result& result) {
  if (result.failure || result.evidence.empty())
    return;
  // As it will be stored.
  events::record at;
  at.stream = job.stream;
  at.seq = job.state->seq + 1;
  at.tag = result.evidence.front().tag;
  at.version = result.evidence.front().version;
  at.payload = result.evidence.front().payload;
  const auto x = met(at, *job.state);
  if (!x)
    return;
  const std::lock_guard lock{mutex_};
  add_up_to(enough_, seen_[job.state->facts->repo], *x);
}

} // namespace fc::actors
