#include "projections/funnel.hpp"

namespace fc::projections {

std::size_t stopped_at(const events::pull_request_state& x) noexcept {
  if (x.publication)
    return events::funnel_column_total;
  const auto stop
    = std::ranges::find_if_not(events::funnel_columns, [&](const auto& each) {
        return x.passes(each.tag);
      });
  return static_cast<std::size_t>(stop - events::funnel_columns.begin());
}

void funnel::put(const pull_request_view& x) {
  auto& to = entries_[x.id];
  to.month = x.state.facts ? events::month_of(x.state.facts->merged_at)
                           : std::string{"unknown"};
  to.stopped_at = stopped_at(x.state);
  to.ends = x.state.ends();
  to.rule = x.state.rule();
}

void funnel::add(funnel_count& to, const entry& x) {
  for (std::size_t i = 0; i < x.stopped_at; ++i)
    ++to.survived[i];
  if (x.stopped_at == events::funnel_column_total)
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
