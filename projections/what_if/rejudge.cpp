#include "projections/what_if/rejudge.hpp"

#include "events/policy/decide.hpp"
#include "events/policy/gate.hpp"
#include "events/policy/judge_by_rules.hpp"
#include "events/policy/verdicts.hpp"
#include "projections/what_if/trial_evidence.hpp"

#include <algorithm>

namespace fc::projections::what_if {

using namespace events;

namespace {

constexpr std::array<std::string_view, standing_total> standing_names{
  "not reached", "passed", "rejected", "failed", "open", "missing evidence"};

standing standing_at(gate at, const pull_request_state& x) {
  if ((at == gate::symbolic && x.symbolic)
      || (at == gate::publish && x.withdrawal))
    return standing::rejected;
  if (at == gate::speedup && x.speedup && x.speedup->failed
      && !x.drops.contains(stage::trial))
    return standing::failed;
  std::uint16_t verdict = 0;
  for (const auto& row : pipeline_table) {
    if (gate_of(row) != at)
      continue;
    if (const auto drop = x.drops.find(row.of); drop != x.drops.end())
      return drop->second.failed ? standing::failed : standing::rejected;
    verdict = row.verdict;
  }
  if (!x.has(verdict))
    return standing::open;
  return x.passes(verdict) ? standing::passed : standing::rejected;
}

class rejudger {
public:
  rejudger(recorded_stream x, const judge& by)
    : recorded_{std::move(x)}, x_{recorded_.state}, by_{by}, policy_{
                                                               by.policy} {}

  expected<rejudgement> run() {
    remember(result_.before, result_.outcome_before, result_.rule_before,
             result_.why_before);
    if (x_.facts)
      go_through();
    if (failure_)
      return failure_;
    withdraw();
    remember(result_.after, result_.outcome_after, result_.rule_after,
             result_.why_after);
    mark_missing();
    return std::move(result_);
  }

private:
  void remember(standings& at, outcome& ends, std::string& rule,
                std::string& why) const {
    at = standings_of(x_);
    ends = x_.ends();
    if (const auto end = x_.ended_by()) {
      rule = end->rule;
      why = end->explanation;
    }
  }

  void go_through() {
    for (const auto& row : pipeline_table)
      if (!lets_pass(row))
        return;
  }

  /// Whether the next stage is reached.
  bool lets_pass(const stage_row& row) {
    if (!row.of)
      return symbolic();
    switch (*row.of) {
    case stage::classify:
      return judged();
    case stage::synthesize:
      return build();
    case stage::trial:
      return speedup();
    case stage::publish:
      return publish();
    default:
      return x_.has(row.evidence) ? decided(*row.of) : not_done(*row.of);
    }
  }

  template <class T>
  void add(new_event made, T x) {
    result_.appends.push_back(std::move(made));
    x_.apply(std::move(x));
  }

  /// Puts a verdict where it differs from the newest on its gate.
  template <class T>
  void supersede(const std::optional<T>& newest, T now) {
    if (newest && *newest == now)
      return;
    auto made = make_verdict(now, policy_.id);
    add(std::move(made), std::move(now));
  }
  void supersede(dropped now) {
    const auto newest = x_.drops.find(stage_from(now.stage));
    if (newest != x_.drops.end() && newest->second == now)
      return;
    if (!stop_)
      stop_ = {now.rule, now.explanation};
    auto made = make_verdict(now, policy_.id);
    add(std::move(made), std::move(now));
  }
  bool stop(std::string_view rule, std::string_view why) {
    stop_ = {std::string{rule}, std::string{why}};
    return false;
  }
  bool lacks(gate at, std::optional<stage> work, std::string what) {
    lacking_ = at;
    result_.work = work;
    result_.missing = std::move(what);
    return false;
  }

  void reopen(stage at, std::string why) {
    const reopened x{std::string{to_string(at)}, std::move(why)};
    add(make_verdict(x, policy_.id), x);
  }

  /// No evidence of a stage: after failures the rules for retries decide.
  bool not_done(stage at) {
    const bool dropped = x_.drops.contains(at);
    const auto failures = x_.failures.find(at);
    if (failures == x_.failures.end() || failures->second.empty())
      return false;
    const auto next = policy::after_failure(x_, at, 0, policy_);
    if (const auto* drop = std::get_if<events::dropped>(&next))
      supersede(*drop);
    else if (dropped && x_.drops.at(at).rule == "attempts exhausted")
      reopen(at, "after " + std::to_string(failures->second.size())
                   + " failed attempts the policy allows another");
    return false;
  }

  bool symbolic();
  bool judged();
  bool build();
  bool speedup();
  bool publish();
  bool answer_again();
  void withdraw();
  void mark_missing();

  /// The verdict of `decide`, where it differs; whether it lets pass.
  bool decided(stage at) {
    bool passes = true;
    for (const auto& verdict : policy::decide(x_, at, {}, policy_)) {
      record as;
      as.tag = verdict.tag;
      as.version = verdict.version;
      as.payload = verdict.payload;
      failure_ = visit(as, [&]<class T>(T now) {
        if constexpr (pull_request_state::keeps<T>())
          supersede(x_.newest<T>(), std::move(now));
        if constexpr (std::is_same_v<T, dropped>) {
          passes = false;
          stop(now.rule, now.explanation);
          supersede(std::move(now));
        }
      });
    }
    return passes && !failure_;
  }

  recorded_stream recorded_;
  pull_request_state& x_;
  const judge& by_;
  const policy::policy& policy_;
  rejudgement result_;
  error failure_;
  std::optional<gate> lacking_;
  /// Rule and words of the gate that stopped it now.
  std::optional<std::pair<std::string, std::string>> stop_;
};

bool rejudger::symbolic() {
  const auto& facts = *x_.facts;
  auto verdict = by_.symbolic.before_diff(facts);
  const bool early = !policy::is_passed(verdict);
  const auto drop = x_.drops.find(std::nullopt);
  if (!early && !facts.missing_objects.empty() && !x_.passed)
    return drop != x_.drops.end()
             ? false
             : lacks(gate::symbolic, std::nullopt,
                     "the source lacks objects of the pull request");
  if (!early && !facts.diff && !x_.passed)
    return lacks(gate::symbolic, std::nullopt,
                 "title and files pass now, and the diff was never fetched");
  if (!early)
    verdict = by_.symbolic.by_diff(std::move(verdict), facts);
  if (auto* no = std::get_if<symbolic_rejected>(&verdict)) {
    stop(no->rule, no->explanation);
    supersede(x_.symbolic, std::move(*no));
    return false;
  }
  supersede(x_.passed, std::get<symbolic_passed>(std::move(verdict)));
  if (drop != x_.drops.end())
    return false;
  if (const auto none = by_.known.no_suite.find(facts.repo);
      none != by_.known.no_suite.end() && !x_.answer) {
    supersede(dropped{"scrape_repos", "no_suite", none->second, false});
    return false;
  }
  return true;
}

bool rejudger::answer_again() {
  const auto& answer = *x_.answer;
  if (answer.judge != "rules")
    return answer.prompt == by_.prompts
             ? true
             : lacks(gate::judged, stage::classify,
                     "the prompt is another one and needs a new answer of "
                       + answer.judge);
  if (answer.prompt == by_.rules)
    return true;
  bytes diff;
  if (x_.facts->diff) {
    auto found = by_.known.blob(x_.facts->diff.id);
    if (!found) {
      failure_ = found.error();
      return false;
    }
    diff = std::move(*found);
  }
  auto now = policy::judge_by_rules(*x_.facts, as_text(diff), policy_);
  auto made = make_event(now);
  add(std::move(made), std::move(now));
  return true;
}

bool rejudger::judged() {
  if (!x_.answer)
    return not_done(stage::classify);
  if (!answer_again())
    return false;
  supersede(x_.judgement, policy::classify(*x_.answer, policy_));
  return x_.judgement->performance ? true
                                   : stop("judge", x_.judgement->explanation);
}

bool rejudger::build() {
  if (x_.known_failure && !x_.synthesis) {
    if (x_.known_failure->failures.size() >= policy_.retry.same_fingerprint)
      return decided(stage::synthesize);
    reopen(stage::synthesize,
           "the policy tries again what failed "
             + std::to_string(x_.known_failure->failures.size()) + " times");
    return false;
  }
  return x_.synthesis ? decided(stage::synthesize)
                      : not_done(stage::synthesize);
}

bool rejudger::speedup() {
  if (!x_.trial)
    return not_done(stage::trial);
  const auto run = by_.known.plans.find(recorded_.trial_policy);
  const auto* plan = run == by_.known.plans.end() ? nullptr : &run->second;
  if (by_.known.unread.contains(recorded_.trial_policy))
    return lacks(gate::speedup, stage::trial,
                 "this program cannot read the policy that it was run under");
  if (auto what = lacking_pairs(*x_.trial, plan, policy_))
    return lacks(gate::speedup, stage::trial, std::move(*what));
  supersede(x_.speedup, policy::judge_speedup(*x_.trial, policy_));
  return x_.speedup->accepted ? true
                              : stop(x_.speedup->rule, x_.speedup->explanation);
}

bool rejudger::publish() {
  // The row is written when it is published; here it only must not be none.
  const digest some_row = policy_.id;
  auto verdict = policy::admit(x_, some_row, policy_);
  if (auto* no = std::get_if<dropped>(&verdict)) {
    stop(no->rule, no->explanation);
    if (!x_.publication && !x_.withdrawal)
      supersede(std::move(*no));
    return false;
  }
  if (!x_.publication && (x_.withdrawal || x_.drops.contains(stage::publish)))
    reopen(stage::publish,
           "it qualifies under policy " + policy_.id.hex().substr(0, 12));
  return true;
}

void rejudger::withdraw() {
  if (!x_.publication || !stop_)
    return;
  const withdrawn x{stop_->first, stop_->second, x_.publication->task_id,
                    x_.publication->month, x_.published_seq};
  add(make_verdict(x, policy_.id), x);
}

/// Where evidence is wanted that was not wanted before.
void rejudger::mark_missing() {
  auto& after = result_.after;
  for (std::size_t i = 0; i < gate_total; ++i) {
    if (lacking_ == static_cast<gate>(i)) {
      after[i] = standing::missing;
      std::fill(after.begin() + static_cast<std::ptrdiff_t>(i) + 1, after.end(),
                standing::not_reached);
      return;
    }
    const bool wanted
      = after[i] == standing::open && result_.before[i] != standing::open;
    // A task that only is to be published lacks nothing.
    if (!wanted || static_cast<gate>(i) == gate::publish)
      continue;
    after[i] = standing::missing;
    result_.work = x_.next();
    if (!result_.work)
      result_.missing = "it was never judged";
    else if (x_.failures.contains(*result_.work))
      result_.missing
        = std::string{to_string(*result_.work)} + " may be tried again";
    else
      result_.missing = std::string{to_string(*result_.work)}
                        + " was never done, as it was stopped before";
  }
}

} // namespace

std::string_view to_text(standing x) noexcept {
  return standing_names[static_cast<std::size_t>(x)];
}

standings standings_of(const pull_request_state& x) {
  standings result;
  if (x.publication) {
    result.fill(standing::passed);
    return result;
  }
  result.fill(standing::not_reached);
  for (std::size_t i = 0; i < gate_total; ++i) {
    result[i] = standing_at(static_cast<gate>(i), x);
    if (result[i] != standing::passed)
      break;
  }
  return result;
}

judge::judge(const policy::policy& p, const replay_context& all)
  : policy{p}, known{all}, symbolic{p.symbolic},
    rules{policy::rules_digest(p.judge)}, prompts{
                                            policy::prompts_digest(p.judge)} {}

error fold(recorded_stream& into, const record& at) {
  if (at.tag == trialled::tag)
    into.trial_policy = {};
  if (at.tag == speedup_measured::tag && !into.trial_policy)
    into.trial_policy = at.policy;
  return events::fold(into.state, at);
}

std::optional<gate> rejudgement::moved() const {
  for (std::size_t i = 0; i < gate_total; ++i)
    if (before[i] != after[i])
      return static_cast<gate>(i);
  return std::nullopt;
}

expected<rejudgement> rejudge(recorded_stream x, const judge& by) {
  return rejudger{std::move(x), by}.run();
}

} // namespace fc::projections::what_if
