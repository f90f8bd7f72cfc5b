#include "events/policy/decide.hpp"

#include "events/policy/gate.hpp"
#include "events/policy/rules/before_trial.hpp"
#include "events/policy/verdicts.hpp"

#include <utility>
#include <variant>

namespace fc::events::policy {

namespace {

template <class... Ts>
new_event either(const std::variant<Ts...>& verdict, const digest& id) {
  return std::visit([&](const auto& x) { return make_verdict(x, id); },
                    verdict);
}

/// The environment, or why the pull request ends here: the merge commit has
/// nothing to measure with, or nothing to build.
std::variant<env_resolved, dropped> resolved_or_dropped(const resolved& x) {
  const std::string at{to_string(stage::resolve)};
  if (x.suite_dir.empty()) {
    std::string why = "the merge commit has no usable benchmark suite";
    if (!x.ignored_settings.empty())
      why += ": " + x.ignored_settings.front();
    return dropped{at, rules::no_suite, std::move(why), false};
  }
  if (x.package_root.empty())
    return dropped{at, rules::no_package,
                   "the merge commit has no folder that builds a package",
                   false};
  return read_resolution(x);
}

} // namespace

std::vector<new_event> decide(const pull_request_state& x, stage done,
                              const digest& row, const policy& p) {
  if (x.known_failure && x.known_failure->stage == to_string(done))
    return {make_verdict(give_up(*x.known_failure), p.id)};
  switch (done) {
  case stage::classify:
    if (x.answer)
      return {make_verdict(classify(*x.answer, p), p.id)};
    break;
  case stage::resolve:
    if (x.resolution)
      return {either(resolved_or_dropped(*x.resolution), p.id)};
    break;
  case stage::synthesize:
    if (x.synthesis)
      return {either(read_synthesis(*x.synthesis, p), p.id)};
    break;
  case stage::trial:
    if (x.trial)
      return {make_verdict(judge_speedup(*x.trial, p), p.id)};
    break;
  case stage::publish:
    return {either(admit(x, row, p), p.id)};
  case stage::render:
    break;
  }
  return {};
}

} // namespace fc::events::policy
