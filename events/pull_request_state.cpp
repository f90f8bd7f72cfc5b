#include "events/pull_request_state.hpp"

#include <array>

namespace fc::events {

namespace {

constexpr std::array<std::string_view, stage_total> stage_names{
  "classify_prs",      "resolve_packages",   "render_problems",
  "synthesize_images", "harbor_healthcheck", "publish",
};

} // namespace

std::string_view to_string(stage x) noexcept {
  return stage_names[static_cast<std::size_t>(x)];
}

std::optional<stage> stage_from(std::string_view text) noexcept {
  for (std::size_t i = 0; i < stage_names.size(); ++i)
    if (stage_names[i] == text)
      return static_cast<stage>(i);
  return std::nullopt;
}

void pull_request_state::apply(attempt_failed x) {
  if (const auto which = stage_from(x.stage))
    failures[*which].push_back(std::move(x));
}

std::optional<stage> pull_request_state::next() const {
  if (!facts || !passed || ends() != outcome::open)
    return std::nullopt;
  if (!judgement)
    return stage::classify;
  if (!environment)
    return stage::resolve;
  if (!problem)
    return stage::render;
  if (!image)
    return stage::synthesize;
  if (!speedup)
    return stage::trial;
  return stage::publish;
}

outcome pull_request_state::ends() const {
  if (publication)
    return outcome::published;
  if (drop)
    return drop->failed ? outcome::failed : outcome::rejected;
  if (symbolic || (judgement && !judgement->performance)
      || (speedup && !speedup->accepted))
    return outcome::rejected;
  return outcome::open;
}

std::string pull_request_state::rule() const {
  if (drop)
    return drop->rule;
  if (symbolic)
    return symbolic->rule;
  if (judgement && !judgement->performance)
    return "judge";
  if (speedup && !speedup->accepted)
    return speedup->rule;
  return {};
}

std::string pull_request_state::explanation() const {
  if (drop)
    return drop->explanation;
  if (symbolic)
    return symbolic->explanation;
  if (judgement && !judgement->performance)
    return judgement->explanation;
  if (speedup && !speedup->accepted)
    return speedup->explanation;
  return {};
}

error fold(pull_request_state& state, const record& at) {
  if (auto err = visit(at, [&](auto&& x) { state.apply(std::move(x)); }))
    return err;
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
