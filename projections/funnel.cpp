#include "projections/funnel.hpp"

namespace fc::projections {

namespace {

constexpr std::array<std::string_view, funnel_column_total> names{
  "seen",  "symbolic", "judged",   "resolved",  "rendered",
  "built", "trialled", "accepted", "published",
};

} // namespace

std::string_view to_text(funnel_column x) noexcept {
  return names[static_cast<std::size_t>(x)];
}

std::optional<funnel_column>
stopped_at(const events::pull_request_state& x) noexcept {
  if (x.publication)
    return std::nullopt;
  const std::array<bool, funnel_column_total> passed{
    x.facts.has_value(),
    x.passed && !x.symbolic,
    x.judgement && x.judgement->performance,
    x.environment.has_value(),
    x.problem.has_value(),
    x.image.has_value(),
    x.trial.has_value(),
    x.speedup && x.speedup->accepted,
    false,
  };
  for (std::size_t i = 0; i < passed.size(); ++i)
    if (!passed[i])
      return static_cast<funnel_column>(i);
  return std::nullopt;
}

void funnel::put(const pull_request_view& x) {
  auto& to = entries_[x.id];
  const auto stop = stopped_at(x.state);
  to.month = x.state.facts ? events::month_of(x.state.facts->merged_at)
                           : std::string{"unknown"};
  to.survived_all = !stop;
  to.stopped_at = stop.value_or(funnel_column::published);
  to.ends = x.state.ends();
  to.rule = x.state.rule();
}

void funnel::add(funnel_count& to, const entry& x) {
  const auto stop = x.survived_all ? funnel_column_total
                                   : static_cast<std::size_t>(x.stopped_at);
  for (std::size_t i = 0; i < stop; ++i)
    ++to.survived[i];
  if (x.survived_all)
    return;
  if (x.ends == events::outcome::open) {
    ++to.open[x.stopped_at];
    return;
  }
  const auto rule = x.rule.empty() ? std::string{"unnamed"} : x.rule;
  const bool failed = x.ends == events::outcome::failed;
  ++to.reasons[x.stopped_at][failed ? rule + " (failed)" : rule];
}

std::map<funnel::group, funnel_count> funnel::groups() const {
  std::map<group, funnel_count> result;
  for (const auto& [id, at] : entries_)
    add(result[{id.repo.str(), at.month}], at);
  return result;
}

funnel_count funnel::total() const {
  funnel_count result;
  for (const auto& [id, at] : entries_)
    add(result, at);
  return result;
}

} // namespace fc::projections
