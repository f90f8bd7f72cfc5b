#pragma once

#include "events/catalog.hpp"
#include "events/log/event_log.hpp"

#include <type_traits>
#include <utility>

/// One sample of every event, all fields set. Golden bytes are compared with
/// them: give a new field a value, never change an old one.
namespace fc::samples {

events::scraped scraped();
events::symbolic_passed symbolic_passed();
events::symbolic_rejected symbolic_rejected();
events::dropped dropped();
events::attempt_failed attempt_failed();
events::deferred deferred();
events::answered answered();
events::classified classified();
events::resolved resolved();
events::env_resolved env_resolved();
events::problem_rendered problem_rendered();
events::synthesized synthesized();
events::image_built image_built();
events::trialled trialled();
events::speedup_measured speedup_measured();
events::published published();
events::repository_seen repository_seen();
events::repository_excluded repository_excluded();
events::window_reconciled window_reconciled();
events::policy_adopted policy_adopted();
events::run_started run_started();
events::run_finished run_finished();
events::spent spent();

// The sample of a type, for tests over whole lists: `of(std::type_identity<T>)`.
#define FC_SAMPLE(name)                                                        \
  inline events::name of(std::type_identity<events::name>) {                   \
    return name();                                                             \
  }
FC_SAMPLE(scraped)
FC_SAMPLE(symbolic_passed)
FC_SAMPLE(symbolic_rejected)
FC_SAMPLE(dropped)
FC_SAMPLE(attempt_failed)
FC_SAMPLE(deferred)
FC_SAMPLE(answered)
FC_SAMPLE(classified)
FC_SAMPLE(resolved)
FC_SAMPLE(env_resolved)
FC_SAMPLE(problem_rendered)
FC_SAMPLE(synthesized)
FC_SAMPLE(image_built)
FC_SAMPLE(trialled)
FC_SAMPLE(speedup_measured)
FC_SAMPLE(published)
FC_SAMPLE(repository_seen)
FC_SAMPLE(repository_excluded)
FC_SAMPLE(window_reconciled)
FC_SAMPLE(policy_adopted)
FC_SAMPLE(run_started)
FC_SAMPLE(run_finished)
FC_SAMPLE(spent)
#undef FC_SAMPLE

/// Calls `visitor` with the sample of every event of a list.
template <class Visitor, class... Ts>
void for_each(Visitor&& visitor, events::list<Ts...>) {
  (visitor(of(std::type_identity<Ts>{})), ...);
}

/// 2024-05-06T07:08:09.000000010Z.
events::timestamp noon();

/// The repository and the pull request all samples are about.
events::repo_name repo();
events::pull_request_id pull_request();

/// Every blob that a sample refers to.
std::vector<events::log::blob> blobs();

/// A pull request's whole way to publication, legal step by step.
std::vector<events::new_event> history();

/// A record round an event, as the log would hold it.
template <events::event T>
events::record record_of(const T& x, events::position at = 1,
                         events::sequence seq = 1) {
  events::record r;
  r.at = at;
  r.stream = events::stream_of(pull_request());
  r.seq = seq;
  r.tag = T::tag;
  r.version = T::version;
  r.id.value[0] = 7;
  r.recorded_at = noon();
  r.run = "run-1";
  r.node = "node-1";
  r.payload = encode(x);
  return r;
}

} // namespace fc::samples
