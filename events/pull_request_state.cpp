#include "events/pull_request_state.hpp"

#include "events/common/assert.hpp"
#include "events/policy/rules/before_trial.hpp"

#include <string>

namespace fc::events {

namespace {

bool lets_pass(const event auto&) {
  return true;
}

bool lets_pass(const classified& x) {
  return x.performance;
}

bool lets_pass(const speedup_measured& x) {
  return x.accepted;
}

template <event T>
constexpr std::uint16_t tag_of(const std::optional<T>&) {
  return T::tag;
}

/// Calls `f` with the field that holds events of a tag, if there is one.
template <class Fields, class F>
void with_field(const Fields& all, std::uint16_t tag, F f) {
  std::apply(
    [&](auto&... fields) {
      (void)((tag_of(fields) == tag && (f(fields), true)) || ...);
    },
    all);
}

} // namespace

bool pull_request_state::has(std::uint16_t tag) const {
  bool found = false;
  with_field(kept(*this), tag, [&](const auto& x) { found = x.has_value(); });
  return found;
}

bool pull_request_state::passes(std::uint16_t tag) const {
  bool found = false;
  with_field(kept(*this), tag,
             [&](const auto& x) { found = x && lets_pass(*x); });
  return found;
}

void pull_request_state::apply(attempt_failed x) {
  if (const auto which = stage_from(x.stage))
    failures[*which].push_back(std::move(x));
}

void pull_request_state::apply(deferred x) {
  if (const auto which = stage_from(x.stage))
    if (const auto found = failures.find(*which); found != failures.end())
      set_aside[*which] = found->second.size();
  deferral = std::move(x);
}

std::optional<stage> pull_request_state::next() const {
  if (!facts || !passed || ends() != outcome::open)
    return std::nullopt;
  for (const auto& row : pipeline_table)
    if (row.of && !has(row.verdict))
      return row.of;
  return std::nullopt;
}

void pull_request_state::lift(std::optional<stage> at) {
  if (drops.erase(at) == 0)
    return;
  drop.reset();
  if (!drops.empty())
    drop = drops.begin()->second;
}

void pull_request_state::apply(published x) {
  publication = std::move(x);
  published_seq = seq + 1;
  withdrawal.reset();
  lift(stage::publish);
}

void pull_request_state::apply(dropped x) {
  const auto at = stage_from(x.stage);
  // The verdict of its gate that came before no longer holds. What was
  // published is taken back by a withdrawal alone.
  if (!at)
    symbolic.reset();
  else if (const auto& row = row_of(*at);
           row.evidence != row.verdict && *at != stage::publish)
    with_field(kept(*this), row.verdict, [](auto& before) { before.reset(); });
  drops[at] = std::move(x);
  drop = drops.begin()->second;
}

void pull_request_state::apply(const reopened& x) {
  const auto at = stage_from(x.stage);
  lift(at);
  if (known_failure && known_failure->stage == x.stage)
    known_failure.reset();
  if (at == stage::publish)
    withdrawal.reset();
  // Where the trial could not look, the environment is made anew as well.
  if (at == stage::trial && speedup && speedup->failed) {
    speedup.reset();
    trial.reset();
    image.reset();
  }
}

bool pull_request_state::may_look_again(std::string_view instrument) const {
  return ends() == outcome::failed && speedup && speedup->failed && trial
         && !instrument.empty() && !trial->instrument.empty()
         && trial->instrument != instrument;
}

outcome pull_request_state::ends() const {
  if (publication)
    return outcome::published;
  const auto end = ended_by();
  if (!end)
    return outcome::open;
  return end->failed ? outcome::failed : outcome::rejected;
}

std::optional<ending> pull_request_state::ended_by() const {
  if (publication)
    return std::nullopt;
  if (withdrawal)
    return ending{to_string(stage::publish), withdrawal->rule,
                  withdrawal->explanation};
  if (symbolic)
    return ending{discovery_name, symbolic->rule, symbolic->explanation};
  const auto dropped_until = [&](stage until) {
    return drop && stage_from(drop->stage) <= std::optional{until};
  };
  if (judgement && !judgement->performance && !dropped_until(stage::classify))
    return ending{to_string(stage::classify), policy::rules::judge.id,
                  judgement->explanation};
  if (speedup && !speedup->accepted && !dropped_until(stage::trial))
    return ending{to_string(stage::trial), speedup->rule, speedup->explanation,
                  speedup->failed};
  if (drop)
    return ending{drop->stage, drop->rule, drop->explanation, drop->failed};
  return std::nullopt;
}

std::string pull_request_state::rule() const {
  const auto end = ended_by();
  return end ? std::string{end->rule} : std::string{};
}

std::string pull_request_state::explanation() const {
  const auto end = ended_by();
  return end ? std::string{end->explanation} : std::string{};
}

std::string stage_reached(const pull_request_state& x) {
  if (const auto end = x.ended_by(); end && !end->stage.empty())
    return std::string{end->stage};
  for (auto row = pipeline_table.rbegin(); row != pipeline_table.rend(); ++row)
    if (x.has(row->evidence) || x.has(row->verdict))
      return std::string{row->name};
  return std::string{discovery_name};
}

namespace {

/// What holds after every record, whatever came in which order.
void assert_consistent(const pull_request_state& state, position at) {
  FC_ASSERT(!state.passed || !state.symbolic, at);
  FC_ASSERT(!state.publication || !state.withdrawal, at);
  FC_ASSERT(state.drop.has_value() == !state.drops.empty(), at,
            state.drops.size());
  for (const auto& [which, count] : state.set_aside) {
    const auto found = state.failures.find(which);
    FC_ASSERT(found != state.failures.end() && count <= found->second.size(),
              at, to_string(which), count);
  }
}

} // namespace

error fold(pull_request_state& state, const record& at) {
  if (auto err = visit(at, [&](auto&& x) { state.apply(std::move(x)); }))
    return err;
  assert_consistent(state, at.at);
  state.seq = at.seq;
  state.last = at.at;
  if (at.policy)
    state.policy = at.policy;
  return {};
}

expected<pull_request_state> fold(const std::vector<record>& stream) {
  pull_request_state state;
  for (const auto& at : stream)
    if (auto err = fold(state, at))
      return err;
  return state;
}

} // namespace fc::events
