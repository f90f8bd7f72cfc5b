#include "projections/reports/spend.hpp"

#include <algorithm>

namespace fc::projections {

namespace {

spent_on what_for(events::outcome x) {
  switch (x) {
  case events::outcome::published:
    return spent_on::published;
  case events::outcome::rejected:
    return spent_on::rejected;
  case events::outcome::failed:
    return spent_on::failed;
  case events::outcome::open:
    break;
  }
  return spent_on::open;
}

void add(spend_count& to, spent_on end, const cost& x) {
  to.total += x;
  to.by_end[static_cast<std::size_t>(end)] += x;
}

} // namespace

cost& cost::operator+=(const cost& x) {
  steps += x.steps;
  calls += x.calls;
  wall_seconds += x.wall_seconds;
  cpu_seconds += x.cpu_seconds;
  bytes += x.bytes;
  tokens += x.tokens;
  usd += x.usd;
  return *this;
}

cost& cost::operator+=(const events::spent& x) {
  return *this += cost{1,       x.calls,  x.wall_seconds, x.cpu_seconds,
                       x.bytes, x.tokens, x.cost_usd};
}

std::string_view to_text(spent_on x) noexcept {
  constexpr std::array<std::string_view, spent_on_total> names{
    "published", "rejected", "failed", "open", "no pull request"};
  return names[static_cast<std::size_t>(x)];
}

void spend::apply(const event_context& m, const events::spent& x) {
  if (!about.holds(m))
    return;
  std::string repository;
  if (m.pull_request != nullptr) {
    repository = m.pull_request->id.repo.str();
    accounts_[m.pull_request->id].own += x;
    settle(m);
  } else {
    if (m.repository != nullptr)
      repository = m.repository->repo.str();
    other_[repository] += x;
  }
  stages_[repository][x.stage] += x;
}

void spend::settle(const event_context& m) {
  if (m.pull_request == nullptr || !about.holds(m))
    return;
  const auto ends = m.pull_request->state.ends();
  if (ends == events::outcome::published)
    accounts_[m.pull_request->id].ends = ends;
  else if (const auto found = accounts_.find(m.pull_request->id);
           found != accounts_.end())
    found->second.ends = ends;
}

/// @param pick Gives the count that a repository's costs are added to.
template <class Pick>
void spend::add_up(Pick&& pick) const {
  for (const auto& [id, x] : accounts_) {
    spend_count& to = pick(id.repo.str());
    const auto end = what_for(x.ends);
    add(to, end, x.own);
    ++to.pull_requests[static_cast<std::size_t>(end)];
  }
  for (const auto& [repository, x] : other_)
    add(pick(repository), spent_on::no_pull_request, x);
  for (const auto& [repository, all] : stages_)
    for (const auto& [stage, x] : all)
      pick(repository).stages[stage] += x;
}

spend_count spend::total() const {
  spend_count result;
  add_up([&](const std::string&) -> spend_count& { return result; });
  return result;
}

std::map<std::string, spend_count> spend::repositories() const {
  std::map<std::string, spend_count> result;
  add_up([&](const std::string& repository) -> spend_count& {
    return result[repository];
  });
  return result;
}

std::vector<std::string> stages_in_order(const std::map<std::string, cost>& x) {
  std::vector<std::string> names;
  for (const auto& [stage, costs] : x)
    names.push_back(stage);
  std::ranges::stable_sort(names, {}, [](const std::string& stage) {
    const auto known = events::stage_from(stage);
    return known ? static_cast<std::size_t>(*known) : events::stage_total;
  });
  return names;
}

} // namespace fc::projections
