#pragma once

#include "events/catalog.hpp"
#include "events/log/event_log.hpp"

#include <tuple>
#include <type_traits>
#include <utility>

/// One sample of every event, all fields set. Golden bytes are compared with
/// them: never change a value. An event without a sample here, and a field
/// without a value, get one that is made up (`filled`).
namespace fc::samples {

events::scraped scraped();
events::symbolic_passed symbolic_passed();
events::symbolic_rejected symbolic_rejected();
events::dropped dropped();
events::attempt_failed attempt_failed();
events::deferred deferred();
events::known_failure_avoided known_failure_avoided();
events::reopened reopened();
events::answered answered();
events::classified classified();
events::model_answered model_answered();
events::resolved resolved();
events::env_resolved env_resolved();
events::problem_rendered problem_rendered();
events::synthesized synthesized();
events::image_built image_built();
events::trialled trialled();
events::speedup_measured speedup_measured();
events::published published();
events::withdrawn withdrawn();
events::diff_audited diff_audited();
events::repository_seen repository_seen();
events::repository_excluded repository_excluded();
events::repository_readmitted repository_readmitted();
events::repository_renamed repository_renamed();
events::window_reconciled window_reconciled();
events::known_failure_met known_failure_met();
events::policy_adopted policy_adopted();
events::run_started run_started();
events::run_finished run_finished();
events::spent spent();
events::program_died program_died();
events::limit_met limit_met();

/// All of them, to be found by type.
inline constexpr std::tuple by_type{&scraped,
                                    &symbolic_passed,
                                    &symbolic_rejected,
                                    &dropped,
                                    &attempt_failed,
                                    &deferred,
                                    &known_failure_avoided,
                                    &reopened,
                                    &answered,
                                    &classified,
                                    &resolved,
                                    &env_resolved,
                                    &problem_rendered,
                                    &synthesized,
                                    &image_built,
                                    &trialled,
                                    &speedup_measured,
                                    &published,
                                    &withdrawn,
                                    &repository_seen,
                                    &repository_excluded,
                                    &window_reconciled,
                                    &known_failure_met,
                                    &policy_adopted,
                                    &run_started,
                                    &run_finished,
                                    &spent,
                                    &program_died,
                                    &diff_audited,
                                    &repository_readmitted,
                                    &repository_renamed,
                                    &limit_met,
                                    &model_answered};

/// 2024-05-06T07:08:09.000000010Z.
events::timestamp noon();

/// The repository and the pull request all samples are about.
events::repo_name repo();
events::pull_request_id pull_request();

/// Of one of `blobs()`.
events::blob_ref some_blob();

template <events::described T>
T filled(T x, bool flags = false);

/// A value for a field of that name.
template <class T>
T made_up(std::string_view name) {
  using namespace events;
  if constexpr (std::is_same_v<T, timestamp>)
    return noon();
  else if constexpr (std::is_same_v<T, repo_name>)
    return repo();
  else if constexpr (std::is_same_v<T, blob_ref>)
    return some_blob();
  else if constexpr (std::is_same_v<T, digest>)
    return sha256(as_bytes(name));
  else if constexpr (std::is_arithmetic_v<T>)
    return static_cast<T>(name.size());
  else if constexpr (described<T>)
    return filled(T{}, true);
  else if constexpr (std::is_constructible_v<T, std::string_view>)
    return T{name};
  else
    return T(1, made_up<typename T::value_type>(name));
}

/// Gives a value to every field that has none. For a flag false is a value,
/// unless `flags` is set.
template <events::described T>
T filled(T x, bool flags) {
  events::for_each_field<T>([&]<class M>(const events::field<T, M>& field) {
    const bool may_be_unset = flags || !std::is_same_v<M, bool>;
    if (may_be_unset && x.*field.member == M{})
      x.*field.member = made_up<M>(field.name);
  });
  return x;
}

/// The sample of a type, for tests over whole lists.
template <events::event T>
T of(std::type_identity<T>) {
  constexpr bool has_own = []<class... Ts>(const std::tuple<Ts (*)()...>&) {
    return (std::is_same_v<T, Ts> || ...);
  }(by_type);
  if constexpr (has_own)
    return filled(std::get<T (*)()>(by_type)());
  else
    return filled(T{}, true);
}

/// Calls `visitor` with the sample of every event of a list.
template <class Visitor, class... Ts>
void for_each(Visitor&& visitor, events::list<Ts...>) {
  (visitor(of(std::type_identity<Ts>{})), ...);
}

/// Every blob that a sample refers to.
std::vector<events::log::blob> blobs();

/// A pull request's whole way to publication, legal step by step.
std::vector<events::new_event> history();

/// A record round an event, as the log would hold it.
template <events::event T>
events::record
record_of(const T& x, events::position at = 1, events::sequence seq = 1) {
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
