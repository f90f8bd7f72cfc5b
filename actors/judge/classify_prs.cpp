#include "actors/judge/classify_prs.hpp"

#include "events/policy/judge_by_rules.hpp"
#include "events/policy/verdicts.hpp"

namespace fc::actors {

classify_prs::classify_prs(std::shared_ptr<const events::log::log_reader> log,
                           std::shared_ptr<const events::policy::policy> policy)
  : log_(std::move(log)), policy_(std::move(policy)) {}

stage_result classify_prs::perform(const work& job) {
  const auto& facts = *job.state->facts;
  events::bytes diff;
  if (facts.diff) {
    auto found = log_->blob_of(facts.diff.id);
    if (!found)
      return failed(found.error());
    diff = std::move(*found);
  }
  stage_result result;
  result.evidence.push_back(events::make_event(
    events::policy::judge_by_rules(facts, events::as_text(diff), *policy_)));
  return result;
}

} // namespace fc::actors
