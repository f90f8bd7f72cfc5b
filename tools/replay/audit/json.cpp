#include "events/policy/admissible.hpp"
#include "projections/event_json.hpp"
#include "projections/tables/measurements.hpp"
#include "projections/tables/pull_requests.hpp"
#include "tools/replay/audit/audit.hpp"
#include "tools/replay/audit/benchmark_text.hpp"

#include <algorithm>
#include <cmath>

namespace fc::replay {

using projections::json;

namespace {

json number(double x) {
  return std::isfinite(x) ? json(x) : json(nullptr);
}

/// What the text shows of each benchmark besides its samples.
json summary_of(const audit_data& about, const events::record& at,
                const events::trialled& x) {
  const auto* rules = about.judge_of(at.seq);
  const auto verdict
    = about.verdict_on(at.seq).value_or(events::speedup_measured{});
  auto result = json::array();
  for (const auto& each : x.benchmarks) {
    const auto pairs = projections::summarise(each);
    auto one = json::object();
    one["name"] = each.name;
    one["pairs"] = pairs.pairs;
    one["base_seconds"] = number(pairs.base);
    one["patched_seconds"] = number(pairs.patched);
    one["ratio"] = number(pairs.ratio);
    std::optional<std::string> why;
    if (rules != nullptr)
      why = events::policy::inadmissible(each, rules->gate);
    const auto candidate = std::ranges::find(verdict.candidates, each.name,
                                             &events::candidate::benchmark);
    one["result"] = status_of(
      each, candidate == verdict.candidates.end() ? nullptr : &*candidate);
    one["inadmissible"] = why ? json(*why) : json(nullptr);
    result.push_back(std::move(one));
  }
  return result;
}

json events_of(const audit_data& x) {
  auto result = json::array();
  for (const auto& at : x.records) {
    auto one = projections::record_json(at);
    if (!one) {
      result.push_back(
        {{"position", at.at}, {"error", events::describe(one.error())}});
      continue;
    }
    if (at.tag == events::trialled::tag)
      if (auto trial = events::event_in<events::trialled>(at))
        (*one)["summary"] = summary_of(x, at, *trial);
    result.push_back(std::move(*one));
  }
  return result;
}

} // namespace

std::string audit_json(const audit_data& x) {
  auto result = json::object();
  result["pull_request"] = x.id.str();
  if (const auto& facts = x.state.facts) {
    result["title"] = facts->title;
    result["merged_at"] = events::to_iso8601(facts->merged_at);
    result["base"] = facts->base;
    result["merge"] = facts->merge;
  }
  result["outcome"] = projections::to_text(x.state.ends());
  result["stage"] = events::stage_reached(x.state);
  result["rule"] = x.state.rule();
  result["explanation"] = x.state.explanation();
  result["conclusion"] = conclusion_of(x.state);
  result["events"] = events_of(x);
  auto& policies = result["policies"] = json::object();
  for (const auto& [id, policy] : x.policies)
    policies[id.hex()] = policy.text;
  return projections::to_line(result) + "\n";
}

} // namespace fc::replay
