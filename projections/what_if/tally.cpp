#include "projections/what_if/tally.hpp"

namespace fc::projections::what_if {

using namespace events;

namespace {

bool stands_behind(standing x) {
  return x != standing::not_reached && x != standing::open;
}

/// A sentence without the name of a benchmark before it.
std::string kind_of(const std::string& what) {
  const auto at = what.find(" is a candidate now");
  return at == std::string::npos ? what : "a benchmark" + what.substr(at);
}

/// Folds a record, or notes what it cost.
error take(const record& at, recorded_stream& into, judged_stream& result) {
  if (at.tag == spent::tag) {
    const auto x = event_in<spent>(at);
    if (!x)
      return x.error();
    if (const auto which = stage_from(x->stage))
      result.costs.push_back(
        {*which, {0, x->calls, x->tokens, x->cost_usd, x->wall_seconds}});
    return {};
  }
  if (const auto which = stage_of_work(at.tag))
    result.costs.push_back({*which, {1, 0, 0, 0, 0}});
  // It says when, not what.
  return at.tag == deferred::tag ? error{} : fold(into, at);
}

error judge_into(judged_stream& result, const whole_stream& from,
                 const judge& by, const question& what) {
  recorded_stream x;
  for (const auto& at : from.records)
    if (auto err = take(at, x, result))
      return err;
  const auto& facts = x.state.facts;
  if (what.since && facts && facts->merged_at < *what.since)
    return {};
  auto id = pull_request_of(from.stream);
  if (!id)
    return id.error();
  result.asked = true;
  result.id = std::move(*id);
  result.title = facts ? facts->title : std::string{};
  auto verdicts = rejudge(std::move(x), by);
  if (!verdicts)
    return make_error(code_of(verdicts.error()),
                      from.stream + ": " + describe(verdicts.error()));
  result.verdicts = std::move(*verdicts);
  result.differs = !result.verdicts.appends.empty();
  result.verdicts.appends.clear();
  return {};
}

} // namespace

judged_stream
judge_stream(const whole_stream& from, const judge& by, const question& what) {
  judged_stream result;
  result.stream = from.stream;
  result.failure = judge_into(result, from, by, what);
  return result;
}

error tally::add(judged_stream x) {
  if (x.failure)
    return x.failure;
  for (const auto& [at, more] : x.costs) {
    auto& cost = result_.costs[at];
    cost.steps += more.steps;
    cost.calls += more.calls;
    cost.tokens += more.tokens;
    cost.usd += more.usd;
    cost.seconds += more.seconds;
  }
  if (!x.asked)
    return {};
  ++result_.pull_requests;
  if (x.differs) {
    ++result_.superseded;
    if (differs_)
      differs_(x.stream);
  }
  count(x);
  return {};
}

void tally::count(judged_stream& from) {
  auto& x = from.verdicts;
  for (std::size_t i = 0; i < gate_total; ++i)
    ++result_.gates[i][static_cast<std::size_t>(x.before[i])]
                   [static_cast<std::size_t>(x.after[i])];
  const bool was_published = x.outcome_before == outcome::published;
  result_.withdrawn
    += was_published && x.outcome_after != outcome::published ? 1 : 0;
  constexpr auto last = static_cast<std::size_t>(gate::publish);
  result_.newly
    += x.after[last] == standing::open && x.before[last] != standing::open ? 1
                                                                           : 0;
  const auto moved = x.moved();
  if (!x.missing.empty())
    return lack(from);
  if (!moved)
    return;
  ++result_.changed;
  auto& to = x.outcome_before == x.outcome_after ? others_ : result_.changes;
  if (to.size() >= what_.max)
    return;
  const auto i = static_cast<std::size_t>(*moved);
  to.push_back({std::move(from.id), std::move(from.title), *moved, x.before[i],
                x.after[i], x.outcome_before, x.outcome_after,
                std::move(x.rule_before), std::move(x.why_before),
                std::move(x.rule_after), std::move(x.why_after)});
}

void tally::lack(const judged_stream& from) {
  const auto& x = from.verdicts;
  ++result_.without;
  auto at = gate::symbolic;
  for (std::size_t i = 0; i < gate_total; ++i)
    if (x.after[i] == standing::missing)
      at = static_cast<gate>(i);
  ++result_.lacking[{at, kind_of(x.missing)}];
  if (x.work)
    ++result_.wanted[*x.work];
  else
    ++result_.diffs_wanted;
  if (result_.shortages.size() < what_.max)
    result_.shortages.push_back({from.id, at, x.missing});
}

report tally::finish(const streams_read& read) {
  result_.read = read;
  for (auto& each : others_)
    if (result_.changes.size() < what_.max)
      result_.changes.push_back(std::move(each));
  for (std::size_t i = 0; i < gate_total; ++i) {
    double passed = 0;
    double reached = 0;
    for (std::size_t before = 0; before < standing_total; ++before) {
      if (!stands_behind(static_cast<standing>(before)))
        continue;
      for (const auto n : result_.gates[i][before]) {
        reached += static_cast<double>(n);
        if (static_cast<standing>(before) == standing::passed)
          passed += static_cast<double>(n);
      }
    }
    result_.pass_rates[i] = reached > 0 ? passed / reached : 0;
  }
  return std::move(result_);
}

} // namespace fc::projections::what_if
