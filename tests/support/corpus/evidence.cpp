#include "tests/support/corpus/evidence.hpp"

#include "events/failures/fingerprint.hpp"
#include "events/policy/decide.hpp"
#include "events/policy/gate.hpp"
#include "events/policy/judge_by_rules.hpp"
#include "events/policy/verdicts.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

namespace fc::support {

using namespace events;

namespace {

constexpr double noise = 0.03;

/// Messages of failures, a handful so that they group.
constexpr std::array<std::string_view, 6> troubles{
  "429 Too Many Requests: retry after 20 s",   "No space left on device",
  "timed out after 1800 s in 'pip install .'", "git: unable to read tree 4f2a",
  "the container did not start: exit 125",     "connection reset by peer",
};

class player {
public:
  player(pull_request_state& state, std::string_view diff, dice chance,
         const policy::policy& p, const row_function& row)
    : state_{state}, diff_{diff}, chance_{chance}, policy_{p}, row_{row} {}

  later_stages play(std::size_t idle) {
    wait(idle);
    for (auto next = state_.next(); next; next = state_.next())
      step(*next);
    return std::move(done_);
  }

private:
  template <event T>
  void add(new_event made, T x) {
    for (auto& byte : made.id.value)
      byte = static_cast<std::uint8_t>(chance_.next());
    done_.events.push_back(std::move(made));
    state_.apply(std::move(x));
  }
  template <event T>
  void seen(T x) {
    auto made = make_event(x);
    add(std::move(made), std::move(x));
  }

  blob_ref store(std::string_view text) {
    done_.blobs.push_back(log::make_blob(text));
    return {done_.blobs.back().id, done_.blobs.back().data.size()};
  }

  void wait(std::size_t times) {
    const std::string stage{to_string(stage::classify)};
    for (std::size_t i = 0; i < times; ++i)
      if (i % 2 == 0)
        seen(deferred{stage, state_.facts->merged_at + std::chrono::minutes{i},
                      "the model's rate limit"});
      else
        spend(stage::classify, 0.2, 0);
  }

  void spend(stage at, double wall, double cpu) {
    spent x;
    x.stage = to_string(at);
    x.wall_seconds = wall;
    x.cpu_seconds = cpu;
    if (at == stage::classify && state_.answer
        && state_.answer->judge != "rules") {
      x.calls = 1;
      x.tokens = state_.answer->tokens_in + state_.answer->tokens_out;
      x.cost_usd = state_.answer->cost_usd;
    }
    x.bytes = 1000 + chance_.below(100'000);
    seen(x);
  }

  /// Decides as a run does after a step.
  void decide(stage at, const digest& row = {}) {
    for (auto& verdict : policy::decide(state_, at, row, policy_)) {
      record as;
      as.tag = verdict.tag;
      as.version = verdict.version;
      as.payload = verdict.payload;
      (void)visit(as, [&](auto&& x) { add(std::move(verdict), std::move(x)); });
    }
  }

  /// Whether the stage's attempts ended here.
  bool fail(stage at, std::size_t times) {
    const auto trouble = chance_.below(troubles.size());
    for (std::size_t i = 1; i <= times; ++i) {
      attempt_failed x;
      x.stage = to_string(at);
      x.attempt = static_cast<std::uint32_t>(i);
      x.cause = "unavailable";
      x.message = troubles[trouble];
      x.fingerprint = fingerprint_of(x.message);
      seen(x);
      spend(at, chance_.between(1, 60), 1);
      const auto then = policy::after_failure(state_, at, 0, policy_);
      if (const auto* drop = std::get_if<dropped>(&then)) {
        add(make_verdict(*drop, policy_.id), *drop);
        return true;
      }
    }
    return false;
  }

  void step(stage at) {
    switch (at) {
    case stage::classify:
      return classify();
    case stage::resolve:
      return resolve();
    case stage::render:
      return render();
    case stage::synthesize:
      return synthesize();
    case stage::trial:
      return measure();
    case stage::publish:
      return publish();
    }
  }

  void classify();
  void resolve();
  void render();
  void synthesize();
  void measure();
  void publish();
  benchmark_trial benchmark(std::size_t number, double speedup);
  void pairs(std::vector<double>& first, std::vector<double>& second,
             std::size_t count, double time, double ratio);

  pull_request_state& state_;
  std::string_view diff_;
  dice chance_;
  const policy::policy& policy_;
  const row_function& row_;
  later_stages done_;
  std::string statement_;
};

void player::classify() {
  if (chance_.chance(0.02) && fail(stage::classify, 1))
    return;
  if (chance_.chance(0.1)) {
    seen(policy::judge_by_rules(*state_.facts, diff_, policy_));
    spend(stage::classify, 0.01, 0.01);
    return decide(stage::classify);
  }
  const bool named = state_.passed->note.starts_with("positive");
  answered x;
  x.judge = "example-model-1";
  x.prompt = policy::prompts_digest(policy_.judge);
  x.performance = chance_.chance(named ? 0.55 : 0.13);
  if (x.performance) {
    const auto& all = policy_.judge.categories;
    x.category = all[chance_.below(all.size())].first;
    x.difficulty = chance_.chance(0.6) ? "easy" : "medium";
  }
  x.reason = x.performance ? "The loop is replaced by one call."
                           : "Behaviour changes, speed does not.";
  x.tokens_in = 800 + chance_.below(3000);
  x.tokens_out = 60 + chance_.below(120);
  x.cost_usd = 1e-6
               * (0.15 * static_cast<double>(x.tokens_in)
                  + 0.6 * static_cast<double>(x.tokens_out));
  seen(x);
  spend(stage::classify, chance_.between(0.5, 3), 0.01);
  decide(stage::classify);
}

void player::resolve() {
  resolved x;
  x.interpreter = "/usr/bin/python3";
  x.python_version = "3.11.2";
  x.interpreter_source = "the only one here";
  x.requires_python = ">=3.9";
  x.package = state_.facts->repo.name();
  x.package_version = "1.0";
  x.package_root = chance_.chance(0.01) ? "" : ".";
  x.build_backend = "setuptools.build_meta";
  x.requirements = {"numpy", "setuptools"};
  x.suite_config = "asv.conf.json";
  x.suite_dir = chance_.chance(0.03) ? "" : "benchmarks";
  x.installer = "pip 23.0.1";
  x.index = "none";
  seen(x);
  spend(stage::resolve, chance_.between(0.1, 2), 0.3);
  decide(stage::resolve);
}

void player::render() {
  statement_ = "# " + state_.facts->title + "\n\n" + state_.facts->body
               + "\nMake it faster without changing what it does.\n";
  problem_rendered x;
  x.statement = store(statement_);
  x.template_id = sha256(as_bytes("corpus"));
  seen(x);
  spend(stage::render, 0.01, 0.01);
}

void player::synthesize() {
  if (chance_.chance(0.08) && fail(stage::synthesize, 1 + chance_.below(2)))
    return;
  const double luck = chance_.share();
  synthesized x;
  x.recipe = {"python -m venv .", "pip install ."};
  x.isolation = "bubblewrap";
  x.suite_commit = state_.facts->merge;
  x.suite_dir = state_.resolution->suite_dir;
  for (const auto* side : {"base", "head", "twin"}) {
    built_side built;
    built.side = side;
    built.commit
      = built.side == "head" ? state_.facts->merge : state_.facts->base;
    built.ok = !(luck < 0.12 || (luck < 0.17 && built.side == "head"));
    built.seconds = chance_.between(5, 300);
    built.error
      = built.ok ? "" : "ModuleNotFoundError: No module named 'Cython'";
    const bool same = luck > 0.98 && built.side == "head";
    built.artefacts
      = {{"package/core.so",
          sha256(as_bytes(same ? state_.facts->base : built.commit)), 40'000}};
    x.sides.push_back(std::move(built));
    if (luck < 0.12)
      break; // without base nothing else is built
  }
  if (luck > 0.98)
    x.compiled_changed = {"package/core.c"};
  seen(x);
  spend(stage::synthesize, chance_.between(30, 900), chance_.between(20, 800));
  decide(stage::synthesize);
}

void player::pairs(std::vector<double>& first, std::vector<double>& second,
                   std::size_t count, double time, double ratio) {
  for (std::size_t i = 0; i < count; ++i) {
    first.push_back(time * std::exp(noise * chance_.normal()));
    second.push_back(time / ratio * std::exp(noise * chance_.normal()));
  }
}

benchmark_trial player::benchmark(std::size_t number, double speedup) {
  benchmark_trial x;
  x.name = "bench_core.Suite.time_part_" + std::to_string(number);
  x.status = "ok";
  x.reach = "function";
  x.executed = {"package.core.part"};
  const double time = std::exp(chance_.between(std::log(1e-5), std::log(0.5)));
  x.base_single = x.base_loop = x.base_worn = time;
  x.head_single = x.head_loop = x.head_worn = time / speedup;
  pairs(x.screen_base, x.screen_head, policy_.trial.screen_pairs, time,
        speedup);
  return x;
}

void player::measure() {
  if (chance_.chance(0.03) && fail(stage::trial, 1))
    return;
  trialled x;
  x.environment = "local-sandbox";
  x.machine = "Example CPU, 2 processors, Linux 6.1";
  x.isolation = "bubblewrap";
  x.clock = policy_.trial.clock;
  x.changed_functions = {"package.core.part"};
  x.artefacts_differ = true;
  x.changed_compiled = !state_.synthesis->compiled_changed.empty();
  x.seconds = chance_.between(60, 1500);
  const bool faster = chance_.chance(0.35);
  const auto count = 3 + chance_.below(4);
  for (std::size_t i = 0; i < count; ++i)
    x.benchmarks.push_back(
      benchmark(i, faster && i < 2 ? std::exp(chance_.between(0.03, 1.1)) : 1));
  x.listed = 40;
  x.impacted = static_cast<std::uint32_t>(count);
  for (const auto i : policy::screen(x.benchmarks, policy_.gate,
                                     policy_.trial.max_candidates)) {
    auto& b = x.benchmarks[i];
    const double ratio = b.base_loop / b.head_loop;
    pairs(b.confirm_base, b.confirm_head, policy_.trial.confirm_pairs,
          b.base_loop, ratio);
    pairs(b.aa_base, b.aa_twin, policy_.trial.aa_pairs, b.base_loop, 1);
    for (const auto time : b.confirm_base)
      b.first_base.push_back(time + 5e-5);
    for (const auto time : b.confirm_head)
      b.first_head.push_back(time + 5e-5);
  }
  const auto wall = x.seconds;
  seen(std::move(x));
  spend(stage::trial, wall, 0.9 * wall);
  decide(stage::trial);
}

void player::publish() {
  const auto row = row_ ? row_(state_, diff_, statement_)
                        : sha256(as_bytes(state_.facts->merge));
  spend(stage::publish, 0.01, 0.01);
  decide(stage::publish, row);
}

} // namespace

later_stages
play_stages(pull_request_state& state, std::string_view diff, std::size_t idle,
            dice chance, const policy::policy& p, const row_function& row) {
  return player{state, diff, chance, p, row}.play(idle);
}

} // namespace fc::support
