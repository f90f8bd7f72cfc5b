#include "projections/reports/failures.hpp"

#include "events/failures/fingerprint.hpp"

#include <algorithm>

namespace fc::projections {

failure_group&
failures::group_of(const event_context& m, const events::digest& fingerprint,
                   const std::string& message) {
  auto& group = groups_[fingerprint];
  const failure_group::occurrence now{m.at.at, m.at.recorded_at,
                                      m.pull_request->id};
  if (group.first.at == 0) {
    group.fingerprint = fingerprint;
    group.first = now;
    group.message = message;
  }
  group.last = now;
  group.pull_requests.insert(m.pull_request->id);
  return group;
}

void failures::count(failure_group& to, const event_context& m,
                     const std::string& stage, const std::string& cause) {
  ++to.count;
  ++to.stages[stage];
  ++to.causes[cause];
  ++to.repositories[m.pull_request->id.repo.str()];
}

void failures::apply(const event_context& m, const events::attempt_failed& x) {
  if (m.pull_request == nullptr || !about.holds(m))
    return;
  count(group_of(m, x.fingerprint, x.message), m, x.stage, x.cause);
}

void failures::apply(const event_context& m, const events::dropped& x) {
  if (m.pull_request == nullptr || !x.failed || !about.holds(m))
    return;
  const auto& state = m.pull_request->state;
  if (const auto stage = events::stage_from(x.stage))
    if (const auto own = state.failures.find(*stage);
        own != state.failures.end() && !own->second.empty()) {
      const auto& newest = own->second.back();
      ++group_of(m, newest.fingerprint, newest.message).given_up;
      return;
    }
  const auto& known = state.known_failure;
  const bool met = known && known->stage == x.stage;
  auto& group
    = met ? group_of(m, known->fingerprint, known->message)
          : group_of(m, events::fingerprint_of(x.explanation), x.explanation);
  count(group, m, x.stage, met ? known->cause : x.rule);
  ++group.given_up;
}

std::vector<const failure_group*> failures::groups() const {
  std::vector<const failure_group*> result;
  for (const auto& [id, group] : groups_)
    result.push_back(&group);
  std::ranges::sort(result, [](const auto* a, const auto* b) {
    return a->count != b->count ? a->count > b->count
                                : a->first.at < b->first.at;
  });
  return result;
}

} // namespace fc::projections
