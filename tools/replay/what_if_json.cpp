#include "projections/event_json.hpp"
#include "tools/replay/what_if_text.hpp"

namespace fc::replay {

using namespace projections::what_if;
using projections::json;

namespace {

std::string name_of(auto x) {
  return std::string{to_text(x)};
}

std::string outcome_name(events::outcome x) {
  constexpr std::array<const char*, 4> names{"open", "rejected", "failed",
                                             "published"};
  return names[static_cast<std::size_t>(x)];
}

json side(standing at, events::outcome ends, const std::string& rule,
          const std::string& why) {
  auto x = json::object();
  x["standing"] = name_of(at);
  x["outcome"] = outcome_name(ends);
  x["rule"] = rule;
  x["explanation"] = why;
  return x;
}

json matrix_json(const report& x) {
  auto result = json::object();
  for (std::size_t g = 0; g < gate_total; ++g) {
    auto& rows = result[name_of(static_cast<gate>(g))] = json::object();
    for (std::size_t i = 0; i < standing_total; ++i)
      for (std::size_t j = 0; j < standing_total; ++j)
        if (x.gates[g][i][j] != 0)
          rows[name_of(static_cast<standing>(i))]
              [name_of(static_cast<standing>(j))]
            = x.gates[g][i][j];
  }
  return result;
}

json changes_json(const report& x) {
  auto result = json::array();
  for (const auto& each : x.changes) {
    auto one = json::object();
    one["pull_request"] = each.id.str();
    one["title"] = each.title;
    one["gate"] = name_of(each.at);
    one["before"] = side(each.before, each.outcome_before, each.rule_before,
                         each.why_before);
    one["after"]
      = side(each.after, each.outcome_after, each.rule_after, each.why_after);
    result.push_back(std::move(one));
  }
  return result;
}

json shortages_json(const report& x) {
  auto result = json::array();
  for (const auto& each : x.shortages) {
    auto one = json::object();
    one["pull_request"] = each.id.str();
    one["gate"] = name_of(each.at);
    one["what"] = each.what;
    result.push_back(std::move(one));
  }
  return result;
}

/// Null where this log has no such work to learn from.
json estimates_json(const report& x) {
  auto result = json::object();
  for (const auto& [at, steps] : expected_steps(x)) {
    auto& one = result[std::string{to_string(at)}] = json::object();
    const auto now = x.wanted.find(at);
    one["steps_now"] = now == x.wanted.end() ? 0 : now->second;
    one["steps_expected"] = steps;
    const auto found = x.costs.find(at);
    const bool known = found != x.costs.end() && found->second.steps > 0;
    const auto part = [&](double sum) {
      return known
               ? json(steps * sum / static_cast<double>(found->second.steps))
               : json(nullptr);
    };
    const auto cost = known ? found->second : stage_cost{};
    one["hours"] = part(cost.seconds / 3600);
    one["calls"] = part(static_cast<double>(cost.calls));
    one["tokens"] = part(static_cast<double>(cost.tokens));
    one["usd"] = part(cost.usd);
  }
  return result;
}

json whole(const report& x, const policy_pair& policies) {
  auto result = json::object();
  result["policy_before"] = projections::as_json(policies.before);
  result["policy_after"] = projections::as_json(policies.after);
  result["pull_requests"] = x.pull_requests;
  result["changed"] = x.changed;
  result["newly_qualifying"] = x.newly;
  result["withdrawn"] = x.withdrawn;
  result["superseded"] = x.superseded;
  result["missing_evidence"] = x.without;
  result["diffs_wanted"] = x.diffs_wanted;
  result["gates"] = matrix_json(x);
  result["estimates"] = estimates_json(x);
  result["changes"] = changes_json(x);
  result["missing"] = shortages_json(x);
  return result;
}

} // namespace

std::string what_if_json(const report& x, const policy_pair& policies) {
  return projections::to_line(whole(x, policies)) + "\n";
}

std::string commit_json(const report& x, const policy_pair& policies,
                        const commit_result& done) {
  auto result = whole(x, policies);
  auto& to = result["committed"] = json::object();
  to["adopted_at"] = done.adopted;
  to["newly_adopted"] = done.newly_adopted;
  to["pull_requests"] = done.pull_requests;
  to["verdicts"] = done.verdicts;
  to["withdrawn"] = done.withdrawn;
  to["reopened"] = done.reopened;
  return projections::to_line(result) + "\n";
}

} // namespace fc::replay
