#include "events/policy/verdicts.hpp"

#include "events/common/text.hpp"
#include "events/policy/rules.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace fc::events::policy {

namespace {

constexpr std::string_view local_image = "local-sandbox";

std::string named(const std::vector<std::string>& all) {
  return common::joined(all, ", ", 5);
}

dropped drop(stage at, const rules::rule& by, std::string why, bool failed) {
  return {std::string{to_string(at)}, by, std::move(why), failed};
}

// -- synthesis ----------------------------------------------------------------

/// The thing that a build's error says is not there, or nothing.
std::string missing_thing(std::string_view error) {
  struct pattern {
    std::string_view before;
    std::string_view what;
    std::string_view ends;
  };
  static constexpr pattern patterns[]{
    {"No module named '", "the Python module ", "'"},
    {"No module named ", "the Python module ", " ;,\n"},
    {"No matching distribution found for ", "the package ", " ;,\n"},
    {"fatal error: ", "the header ", ":"},
    {"cannot find -l", "the library ", ": \n"},
    {"command not found: ", "the command ", " \n"},
  };
  for (const auto& x : patterns) {
    const auto at = error.find(x.before);
    if (at == std::string_view::npos)
      continue;
    const auto rest = error.substr(at + x.before.size());
    return std::string{x.what}
           + std::string{rest.substr(0, rest.find_first_of(x.ends))};
  }
  return {};
}

std::string build_error(const built_side& x) {
  return x.error.empty() ? "the build gave no error message" : x.error;
}

/// Files of a side that a compiler or linker made.
std::map<std::string, digest> compiled(const built_side& x) {
  std::map<std::string, digest> result;
  for (const auto& file : x.artefacts)
    if (is_compiled(file))
      result.emplace(file.path, file.id);
  return result;
}

std::optional<dropped> refuse_build(const synthesized& x) {
  const auto no = [](const rules::rule& by, std::string why, bool failed) {
    return drop(stage::synthesize, by, std::move(why), failed);
  };
  const auto* base = side_of(x, "base");
  const auto* head = side_of(x, "head");
  // Nothing else is built then: this is why.
  if (base != nullptr && !base->ok) {
    const auto missing = missing_thing(base->error);
    return no(rules::build_base,
              "base does not build here, so nothing can be said of the change: "
                + (missing.empty() ? "" : missing + " is missing; ")
                + build_error(*base),
              true);
  }
  if (base == nullptr || head == nullptr)
    return no(rules::build_base,
              "not both sides were built: no result of "
                + std::string{base == nullptr ? "base" : "head"},
              true);
  if (!head->ok)
    return no(rules::build_patched,
              "base builds and the patched side does not: "
                + build_error(*head),
              false);
  if (const auto* twin = side_of(x, "twin"); twin != nullptr && !twin->ok)
    return no(rules::build_base,
              "base built once and not a second time: " + build_error(*twin),
              true);
  return std::nullopt;
}

/// Everything that was built and how; each text with its length before it.
digest environment_of(const synthesized& x) {
  std::string text = "environment 1\n";
  const auto put = [&](std::string_view field) {
    text += std::to_string(field.size()) + ":";
    text += field;
  };
  for (const auto& command : x.recipe)
    put(command);
  put(x.isolation);
  put(x.network ? "network" : "no network");
  put(x.suite_commit);
  put(x.suite_dir);
  for (const auto& side : x.sides) {
    put(side.side);
    put(side.commit);
    for (const auto& file : side.artefacts) {
      put(file.path);
      put(file.id.hex());
    }
  }
  return sha256(as_bytes(text));
}

} // namespace

// -- judgement, resolution, builds --------------------------------------------

classified classify(const answered& x, const policy& p) {
  classified result{x.performance, {}, {}, x.reason, x.judge};
  if (!x.performance)
    return result;
  const auto& known = p.judge.categories;
  const bool is_known
    = std::any_of(known.begin(), known.end(),
                  [&](const auto& c) { return c.first == x.category; });
  result.category = is_known ? x.category : "uncategorized";
  const bool graded = x.difficulty == "easy" || x.difficulty == "medium"
                      || x.difficulty == "hard" || x.difficulty == "unknown";
  result.difficulty = graded ? x.difficulty : "medium";
  return result;
}

env_resolved read_resolution(const resolved& x) {
  env_resolved result{x.python_version, "complete", {}};
  if (x.missing.empty()) {
    result.explanation = "all that the project declares is there, "
                         + std::to_string(x.requirements.size())
                         + " requirements on Python " + x.python_version;
    return result;
  }
  result.probe = "missing";
  result.explanation = "declared and not to be had here: " + named(x.missing)
                       + "; the build is tried all the same";
  return result;
}

std::variant<image_built, dropped>
read_synthesis(const synthesized& x, const policy&) {
  if (auto refused = refuse_build(x))
    return *std::move(refused);
  const auto& base = *side_of(x, "base");
  const auto& head = *side_of(x, "head");
  if (!x.control && !x.compiled_changed.empty()
      && compiled(base) == compiled(head))
    return drop(stage::synthesize, rules::not_measurable,
                "compiled sources changed (" + named(x.compiled_changed)
                  + ") and the " + std::to_string(compiled(base).size())
                  + " built artefacts are identical to base: there is nothing "
                    "to measure, which is not a speedup of 1.0",
                false);
  image_built result;
  result.environment = environment_of(x);
  result.image
    = std::string{local_image} + ":" + result.environment.hex().substr(0, 12);
  return result;
}

std::string missing_for(const synthesized& x, std::string_view own_package) {
  const auto* base = side_of(x, "base");
  if (base == nullptr || base->ok)
    return {};
  auto thing = missing_thing(base->error);
  // A part of the project itself is that commit's own trouble.
  const bool own
    = !own_package.empty() && thing.find(own_package) != std::string::npos;
  return own ? std::string{} : thing;
}

// -- publication --------------------------------------------------------------

std::variant<published, dropped>
admit(const pull_request_state& x, const digest& row, const policy& p) {
  const auto no = [](const rules::rule& by, std::string why, bool failed) {
    return drop(stage::publish, by, std::move(why), failed);
  };
  if (!x.facts)
    return no(rules::publish_facts, "the facts of the pull request are missing",
              true);
  if (!x.speedup || !x.trial)
    return no(rules::publish_speedup, "no trial was judged", true);
  if (!x.speedup->accepted)
    return no(rules::publish_speedup,
              "the speedup gate did not accept: " + x.speedup->explanation,
              false);
  if (x.trial->control || (x.synthesis && x.synthesis->control))
    return no(rules::publish_control,
              "a control run measures base against itself and is never "
              "published",
              false);
  const auto& admitted = p.publish.environments;
  if (std::find(admitted.begin(), admitted.end(), x.trial->environment)
      == admitted.end())
    return no(rules::publish_environment,
              "trials from \"" + x.trial->environment
                + "\" are not admitted by publish.environments of the policy, "
                  "which has "
                + (admitted.empty() ? "none" : named(admitted)),
              false);
  if (p.publish.require_problem && !x.problem)
    return no(rules::publish_problem, "no problem statement was rendered",
              true);
  if (!row)
    return no(rules::publish_row, "the dataset row was not written", true);
  const auto& facts = *x.facts;
  return published{month_of(facts.merged_at),
                   facts.repo.file_name() + "-" + std::to_string(facts.number),
                   x.trial->environment, row,
                   "publish.environments of policy "
                     + p.id.hex().substr(0, 12)};
}

// -- failures -----------------------------------------------------------------

namespace {

std::string name_of(const stream_name& stream) {
  const auto id = pull_request_of(stream);
  return id ? id->str() : stream;
}

/// ", before by a/b#1 and a/b#2"
std::string met_before(const std::vector<failure_ref>& known) {
  std::string text;
  for (const auto& each : known)
    text += (text.empty() ? ", before by " : " and ") + name_of(each.stream);
  return text;
}

} // namespace

dropped give_up(const known_failure_avoided& x) {
  return {x.stage, rules::known_dead_end,
          "not tried: with the same requirements it failed "
            + std::to_string(x.failures.size()) + " times"
            + met_before(x.failures) + "; it was: " + x.cause + ": "
            + x.message,
          true};
}

namespace {

using failure_list = std::vector<attempt_failed>;

/// Exponential with "equal jitter": between half of the wait and all of it,
/// so that work that failed together does not come back together.
double wait_before(std::size_t next, double first, double max, double jitter) {
  const double doubled = first * std::pow(2.0, static_cast<double>(next - 1));
  return std::min(max, doubled) * (0.5 + std::clamp(jitter, 0.0, 1.0) / 2);
}

std::string attempts_failed(std::size_t n, std::size_t allowed) {
  return std::to_string(n) + " of " + std::to_string(allowed)
         + " attempts failed; the last: ";
}

/// Which of the newest failures count: those under a rule of their own and the
/// others do not add up.
failure_list counting(const pull_request_state& x, stage at,
                      const failure_list& all, const policy& p) {
  const auto before = x.set_aside.find(at);
  const auto from = before == x.set_aside.end() ? 0 : before->second;
  const auto* own = p.retry.rule_of(to_string(at), all.back().cause);
  failure_list result;
  for (auto i = std::min(from, all.size() - 1); i < all.size(); ++i)
    if (p.retry.rule_of(to_string(at), all[i].cause) == own)
      result.push_back(all[i]);
  return result;
}

std::variant<dropped, double, deferred>
after_failure(const failure_list& failures, stage at, double jitter,
              const cause_rule& rule) {
  const auto n = failures.size();
  if (n < rule.attempts)
    return wait_before(n, rule.backoff_s, rule.backoff_max_s, jitter);
  const auto& last = failures.back();
  if (rule.then == "defer")
    return deferred{std::string{to_string(at)}, {}, last.cause};
  return drop(
    at, rules::attempts_exhausted,
    attempts_failed(n, rule.attempts) + last.cause + ": " + last.message, true);
}

} // namespace

std::variant<dropped, double, deferred>
after_failure(const pull_request_state& x, stage at, double jitter,
              const policy& p) {
  const auto found = x.failures.find(at);
  if (found == x.failures.end() || found->second.empty())
    return 0.0;
  const auto failures = counting(x, at, found->second, p);
  const auto& last = failures.back();
  if (const auto* own = p.retry.rule_of(to_string(at), last.cause))
    return after_failure(failures, at, jitter, *own);
  const auto set = p.retry.attempts.find(std::string{to_string(at)});
  const auto allowed
    = set == p.retry.attempts.end() ? p.retry.default_attempts : set->second;
  const auto own = static_cast<std::size_t>(
    std::count_if(failures.begin(), failures.end(), [&](const auto& f) {
      return last.fingerprint && f.fingerprint == last.fingerprint;
    }));
  const auto same = own + last.known.size();
  const auto n = failures.size();
  if (n >= allowed || same >= p.retry.same_fingerprint) {
    auto why = n >= allowed
                 ? attempts_failed(n, allowed)
                 : "the same failure came " + std::to_string(same) + " times"
                     + met_before(last.known) + "; it is: ";
    why += last.cause + ": " + last.message;
    if (n >= 2 && failures[n - 2].message != last.message)
      why += "; before that: " + failures[n - 2].message;
    return drop(at, rules::attempts_exhausted, std::move(why), true);
  }
  return wait_before(n, p.retry.backoff_s, p.retry.backoff_max_s, jitter);
}

} // namespace fc::events::policy
