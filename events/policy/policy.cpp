#include "events/policy/policy.hpp"

#include "events/common/bounded_toml.hpp"
#include "events/policy/policy_reader.hpp"
#include "events/policy/text/term_set.hpp"
#include "events/pull_request_state.hpp"

#include <algorithm>
#include <cctype>
#include <set>

namespace fc::events::policy {

namespace {

constexpr bounds share{0, 1};
constexpr bounds level{0, 1, true, true};
constexpr bounds seconds{0, 7 * 86400.0, true};
constexpr bounds count{1, 1'000'000};

std::optional<std::string> any_text(std::string_view x) {
  if (x.empty())
    return "must not be empty";
  return std::nullopt;
}

std::optional<std::string> one_term(std::string_view x) {
  if (const auto wrong = text::term_set::objection(x); !wrong.empty())
    return std::string{wrong};
  return std::nullopt;
}

std::optional<std::string> no_slash(std::string_view x) {
  if (x.find('/') != std::string_view::npos)
    return "must be a single name, without \"/\"";
  return any_text(x);
}

std::optional<std::string> one_kind(std::string_view x) {
  if (x != "time" && x != "timeraw")
    return "expected time or timeraw";
  return std::nullopt;
}

std::string lower(std::string x) {
  std::transform(x.begin(), x.end(), x.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return x;
}

/// "3.8"
std::optional<std::string> two_numbers(std::string_view x) {
  const auto dot = x.find('.');
  const auto digits = [](std::string_view y) {
    return !y.empty() && y.size() < 4
           && y.find_first_not_of("0123456789") == std::string_view::npos;
  };
  if (dot == std::string_view::npos || !digits(x.substr(0, dot))
      || !digits(x.substr(dot + 1)))
    return "must be a version of Python such as 3.8";
  return std::nullopt;
}

/// "owner" or "owner/name"
std::optional<std::string> owner_or_name(std::string_view x) {
  const bool whole = x.find('/') != std::string_view::npos;
  if (!repo_name::parse(whole ? std::string{x} : std::string{x} + "/x"))
    return "expected owner or owner/name";
  return std::nullopt;
}

error read_repositories(const toml::table& from, std::string_view origin,
                        repository_rules& to) {
  section s{"repositories", origin};
  s.whole("min_stars", to.min_stars, {0, 1e9})
    .flag("forks", to.forks)
    .flag("archived", to.archived)
    .whole("active_within_days", to.active_within_days, {0, 36'500})
    .text("min_python", to.min_python)
    .texts("never", to.never, owner_or_name);
  if (auto err = s.read(from))
    return err;
  if (const auto wrong = two_numbers(to.min_python))
    return s.mistake(*from.get("min_python"), "min_python", " " + *wrong);
  return {};
}

error read_symbolic(const toml::table& from, std::string_view origin,
                    symbolic_rules& to) {
  section s{"symbolic", origin};
  s.flag("strict", to.strict)
    .texts("positive", to.positive, one_term)
    .texts("negative", to.negative, one_term)
    .whole("max_files", to.max_files, count)
    .whole("max_lines", to.max_lines, {1, 1e9})
    .texts("non_core_folders", to.non_core_folders, no_slash)
    .texts("non_core_suffixes", to.non_core_suffixes, any_text)
    .whole("min_tokens", to.min_tokens, {0, 1e9})
    .whole("max_tokens", to.max_tokens, {1, 1e9})
    .number("bytes_per_token", to.bytes_per_token, {0, 100, true});
  if (auto err = s.read(from))
    return err;
  if (to.max_tokens < to.min_tokens)
    return s.mistake(*from.get("max_tokens"), "max_tokens",
                     " must not be below min_tokens");
  std::set<std::string> positive;
  for (const auto& term : to.positive)
    positive.insert(lower(term));
  for (const auto& term : to.negative)
    if (positive.contains(lower(term)))
      return s.mistake(*from.get("negative"), "negative",
                       ": \"" + term + "\" is a positive term, too");
  return {};
}

error read_category(const toml::table& from, std::string_view origin,
                    judge_rules& to) {
  std::pair<std::string, std::vector<std::string>> category;
  section s{"judge.categories", origin};
  s.text("name", category.first).texts("terms", category.second, one_term);
  if (auto err = s.read(from))
    return err;
  for (const auto& [name, terms] : to.categories)
    if (name == category.first)
      return s.mistake(*from.get("name"), "name",
                       " must not repeat itself, found \"" + name + "\" twice");
  to.categories.push_back(std::move(category));
  return {};
}

error read_judge(const toml::table& from, std::string_view origin,
                 judge_rules& to) {
  section s{"judge", origin};
  s.texts("no_titles", to.no_titles, one_term)
    .texts("no_paths", to.no_paths, no_slash)
    .whole("easy_lines", to.easy_lines, count)
    .whole("medium_lines", to.medium_lines, count)
    .tables("categories",
            [&](const toml::table& x) { return read_category(x, origin, to); })
    .table("prompts", [&](const toml::table& x) {
      section prompts{"judge.prompts", origin};
      prompts.text("classify", to.prompts["classify"])
        .text("judge", to.prompts["judge"]);
      return prompts.read(x);
    });
  if (auto err = s.read(from))
    return err;
  if (to.medium_lines <= to.easy_lines)
    return s.mistake(*from.get("medium_lines"), "medium_lines",
                     " must be above easy_lines");
  return {};
}

error read_trial(const toml::table& from, std::string_view origin,
                 trial_plan& to) {
  section s{"trial", origin};
  s.number("sample_ms", to.sample_ms, {0, 60'000, true})
    .whole("samples", to.samples, {1, 1000})
    .number("warmup_ms", to.warmup_ms, {0, 60'000})
    .whole("screen_pairs", to.screen_pairs, {1, 1000})
    .whole("confirm_pairs", to.confirm_pairs, {1, 1000})
    .whole("aa_pairs", to.aa_pairs, {0, 1000})
    .number("benchmark_timeout_s", to.benchmark_timeout_s, seconds)
    .optional_number("max_benchmark_timeout_s", to.max_benchmark_timeout_s,
                     seconds)
    .number("survey_budget_s", to.survey_budget_s, seconds)
    .number("screen_budget_s", to.screen_budget_s, seconds)
    .number("confirm_budget_s", to.confirm_budget_s, seconds)
    .whole("max_candidates", to.max_candidates, {1, 10'000})
    .number("build_timeout_s", to.build_timeout_s, seconds)
    .whole("memory_mb", to.memory_mb, {64, 16'777'216})
    .whole("processes", to.processes, {1, 1'000'000})
    .text("clock", to.clock, {"wall", "wall_less_wait"})
    .text("statistic", to.statistic, {"minimum", "median"})
    .texts("kinds", to.kinds, one_kind);
  if (auto err = s.read(from))
    return err;
  if (to.kinds.empty())
    return s.mistake(*from.get("kinds"), "kinds",
                     " must name time, timeraw or both");
  return {};
}

error read_gate(const toml::table& from, std::string_view origin,
                gate_rules& to) {
  section s{"gate", origin};
  s.number("screen_ratio", to.screen_ratio, {1, 100, true})
    .number("min_ratio", to.min_ratio, {1, 100})
    .number("alpha", to.alpha, level)
    .number("delta", to.delta, {0, 10})
    .number("floor_factor", to.floor_factor, {0, 100})
    .number("geomean_low", to.geomean_low, {0, 2})
    .number("confidence", to.confidence, level)
    .number("max_degenerate", to.max_degenerate, share)
    .whole("min_pairs", to.min_pairs, {1, 1000})
    .number("wear_off_factor", to.wear_off_factor, {1, 1000})
    .number("wear_off_floor_s", to.wear_off_floor_s, {0, 1})
    .number("first_call_share", to.first_call_share, share)
    .optional_whole("min_control_pairs", to.min_control_pairs, {0, 1000})
    .optional_number("max_clock_gap", to.max_clock_gap, share)
    .optional_number("max_unseen", to.max_unseen, share)
    .optional_text("method", to.method, {"paired", "largest_ratio", "asv"});
  return s.read(from);
}

std::vector<std::string> stage_names() {
  std::vector<std::string> names;
  for (const auto& row : pipeline_table)
    if (row.of)
      names.emplace_back(row.name);
  return names;
}

error read_attempts(const toml::table& from, std::string_view origin,
                    retry_rules& to) {
  section s{"retry.attempts", origin};
  std::string expected;
  for (const auto& each : stage_names())
    expected += (expected.empty() ? "" : ", ") + each;
  for (const auto& [key, node] : from) {
    std::string name{key.str()};
    if (!stage_from(name))
      return s.mistake(node, name, " is no stage; expected one of " + expected);
    s.whole(name, to.attempts[name], {1, 1000});
  }
  return s.read(from);
}

error read_cause(const toml::table& from, std::string_view origin,
                 retry_rules& to) {
  cause_rule rule;
  section s{"retry.causes", origin};
  std::vector<std::string> codes;
  for (auto i = static_cast<int>(ec::none) + 1;
       i <= static_cast<int>(ec::internal); ++i)
    codes.emplace_back(to_string(static_cast<ec>(i)));
  s.text("stage", rule.stage, stage_names())
    .text("cause", rule.cause, codes)
    .whole("attempts", rule.attempts, {1, 1000})
    .number("backoff_s", rule.backoff_s, {0, 86400})
    .number("backoff_max_s", rule.backoff_max_s, {0, 86400})
    .text("then", rule.then, {"drop", "defer"});
  if (auto err = s.read(from))
    return err;
  if (rule.backoff_max_s < rule.backoff_s)
    return s.mistake(*from.get("backoff_max_s"), "backoff_max_s",
                     " must not be below backoff_s");
  if (to.rule_of(rule.stage, rule.cause) != nullptr)
    return s.mistake(*from.get("cause"), "cause",
                     " must not repeat itself, found \"" + rule.cause + "\" of "
                       + rule.stage + " twice");
  to.causes.push_back(std::move(rule));
  return {};
}

error read_retry(const toml::table& from, std::string_view origin,
                 retry_rules& to) {
  section s{"retry", origin};
  s.whole("default_attempts", to.default_attempts, {1, 1000})
    .number("backoff_s", to.backoff_s, {0, 86400})
    .number("backoff_max_s", to.backoff_max_s, {0, 86400})
    .whole("same_fingerprint", to.same_fingerprint, {1, 1000})
    .table("attempts",
           [&](const toml::table& x) { return read_attempts(x, origin, to); })
    .optional_tables("causes", [&](const toml::table& x) {
      return read_cause(x, origin, to);
    });
  if (auto err = s.read(from))
    return err;
  if (to.backoff_max_s < to.backoff_s)
    return s.mistake(*from.get("backoff_max_s"), "backoff_max_s",
                     " must not be below backoff_s");
  return {};
}

error read_publish(const toml::table& from, std::string_view origin,
                   publish_rules& to) {
  section s{"publish", origin};
  s.texts("environments", to.environments, any_text)
    .flag("require_problem", to.require_problem);
  return s.read(from);
}

error read_policy(const toml::table& from, std::string_view origin,
                  policy& to) {
  const auto with = [&](auto reader, auto& part) {
    return [&origin, &part, reader](const toml::table& x) {
      return reader(x, origin, part);
    };
  };
  section s{"", origin};
  s.table("symbolic", with(read_symbolic, to.symbolic))
    .table("judge", with(read_judge, to.judge))
    .table("trial", with(read_trial, to.trial))
    .table("gate", with(read_gate, to.gate))
    .table("retry", with(read_retry, to.retry))
    .table("publish", with(read_publish, to.publish))
    .optional_table("repositories", with(read_repositories, to.repositories));
  if (auto err = s.read(from))
    return err;
  if (to.gate.min_pairs > to.trial.confirm_pairs)
    return s.mistake(*from["gate"].as_table()->get("min_pairs"),
                     "gate.min_pairs",
                     " must not be above trial.confirm_pairs: nothing could "
                     "be accepted");
  if (to.gate.min_control_pairs > to.trial.aa_pairs)
    return s.mistake(*from["gate"].as_table()->get("min_control_pairs"),
                     "gate.min_control_pairs",
                     " must not be above trial.aa_pairs: nothing could be "
                     "accepted");
  return {};
}

} // namespace

const cause_rule* retry_rules::rule_of(std::string_view stage,
                                       std::string_view cause) const noexcept {
  const auto found = std::ranges::find_if(causes, [&](const cause_rule& x) {
    return x.stage == stage && x.cause == cause;
  });
  return found == causes.end() ? nullptr : &*found;
}

expected<policy> parse_policy(std::string_view toml, std::string_view origin) {
  policy result;
  if (auto err = common::check_toml(toml, origin))
    return err;
  // toml++ reports by exception; it goes no further than here.
  try {
    const auto table = toml::parse(toml, origin);
    if (auto err = read_policy(table, origin, result))
      return err;
  } catch (const toml::parse_error& err) {
    return make_error(ec::invalid_argument,
                      std::string{origin} + ":"
                        + std::to_string(err.source().begin.line) + ": "
                        + std::string{err.description()});
  }
  result.text = toml;
  result.id = sha256(as_bytes(toml));
  return result;
}

} // namespace fc::events::policy
