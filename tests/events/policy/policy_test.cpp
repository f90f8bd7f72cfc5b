#include "events/policy/policy.hpp"

#include "samples.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace fc::events::policy {

namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

/// The shipped text with one piece replaced.
std::string with(std::string_view before, std::string_view after) {
  std::string text{shipped_policy()};
  const auto at = text.find(before);
  EXPECT_NE(at, std::string::npos) << before;
  return text.replace(at, before.size(), after);
}

/// The error of a spoilt policy; empty if it was read all the same.
std::string error_of(const std::string& text) {
  const auto result = parse_policy(text, "my.toml");
  if (result)
    return {};
  EXPECT_EQ(code_of(result.error()), ec::invalid_argument);
  const auto words = describe(result.error());
  EXPECT_EQ(words.find('\n'), std::string::npos) << words;
  return words;
}

std::size_t line_of(const std::string& text, std::string_view piece) {
  const auto at = static_cast<std::ptrdiff_t>(text.find(piece));
  return static_cast<std::size_t>(
    std::count(text.begin(), text.begin() + at, '\n') + 1);
}

/// Spoils one line and expects the file, its line and these words.
void expect_mistake(std::string_view before, const std::string& after,
                    const std::string& words) {
  const auto text = with(before, after);
  EXPECT_EQ(error_of(text),
            "invalid_argument: my.toml:" + std::to_string(line_of(text, after))
              + ": " + words);
}

} // namespace

TEST(shipped_policy, HasTheNumbersThatAreDocumented) {
  const auto& p = samples::shipped();
  EXPECT_FALSE(p.symbolic.strict);
  EXPECT_EQ(p.symbolic.max_files, 500);
  EXPECT_EQ(p.symbolic.max_lines, 80'000);
  EXPECT_EQ(p.symbolic.min_tokens, 5);
  EXPECT_EQ(p.symbolic.max_tokens, 64'000);
  EXPECT_EQ(p.symbolic.bytes_per_token, 4);
  EXPECT_EQ(p.judge.categories.size(), 13);
  EXPECT_EQ(p.judge.categories.front().first, "use_parallelization");
  EXPECT_EQ(p.judge.prompts.size(), 2);
  EXPECT_EQ(p.trial.confirm_pairs, 16);
  EXPECT_EQ(p.trial.clock, "wall_less_wait");
  EXPECT_THAT(p.trial.kinds, ElementsAre("time", "timeraw"));
  EXPECT_EQ(p.gate.screen_ratio, 1.04);
  EXPECT_EQ(p.gate.wear_off_floor_s, 5e-6);
  EXPECT_EQ(p.retry.attempts.at("synthesize_images"), 2);
  EXPECT_EQ(p.retry.attempts.at("harbor_healthcheck"), 3);
  EXPECT_EQ(p.retry.default_attempts, 3);
  EXPECT_THAT(p.publish.environments, ElementsAre("local-sandbox"));
  EXPECT_TRUE(p.publish.require_problem);
}

TEST(shipped_policy, NamesEveryCategoryInThePrompt) {
  const auto& judge = samples::shipped().judge;
  for (const auto& [name, terms] : judge.categories) {
    EXPECT_THAT(judge.prompts.at("judge"), HasSubstr("- " + name + ":"));
    EXPECT_FALSE(terms.empty()) << name;
  }
}

TEST(parse_policy, IsKnownByTheDigestOfItsText) {
  const auto& p = samples::shipped();
  EXPECT_EQ(p.text, shipped_policy());
  EXPECT_EQ(p.id, sha256(as_bytes(shipped_policy())));
  const auto other = parse_policy(with("delta = 0.02", "delta = 0.03"), "x");
  ASSERT_TRUE(other);
  EXPECT_NE(other->id, p.id);
  EXPECT_EQ(other->gate.delta, 0.03);
}

TEST(parse_policy, RefusesUnknownKeys) {
  const auto text = with("alpha = 0.05", "alhpa = 0.05");
  EXPECT_THAT(error_of(text),
              StartsWith("invalid_argument: my.toml:"
                         + std::to_string(line_of(text, "alhpa"))
                         + ": gate.alhpa is not known; expected screen_ratio, "
                           "min_ratio, alpha"));
  EXPECT_THAT(error_of(std::string{shipped_policy()} + "\n[extra]\nx = 1\n"),
              HasSubstr("extra is not known; expected symbolic, judge"));
  EXPECT_THAT(error_of(with("[[judge.categories]]\n",
                            "[[judge.categories]]\ncolour = 1\n")),
              HasSubstr("judge.categories.colour is not known"));
}

TEST(parse_policy, RequiresEveryKeyAndTable) {
  const auto text = with("alpha = 0.05\n", "");
  EXPECT_EQ(error_of(text),
            "invalid_argument: my.toml:"
              + std::to_string(line_of(text, "[gate]"))
              + ": gate.alpha is missing; expected a number above 0 to below "
                "1");
  EXPECT_THAT(error_of(with("[publish]", "[publisher]")),
              HasSubstr("publisher is not known"));
  EXPECT_THAT(error_of(""), HasSubstr("symbolic is missing"));
}

namespace {

/// Keys that policies of older logs lack, with what they then mean.
bool came_later(const std::string& line) {
  for (const auto* key : {"max_benchmark_timeout_s", "min_control_pairs",
                          "max_clock_gap", "max_unseen"})
    if (line.starts_with(key))
      return true;
  return false;
}

/// The shipped policy without them.
std::string older_policy() {
  std::istringstream in{std::string{shipped_policy()}};
  std::string text;
  for (std::string line; std::getline(in, line);)
    if (!came_later(line))
      text += line + "\n";
  return text;
}

} // namespace

TEST(parse_policy, ReadsOlderPoliciesWithTheirOwnMeaning) {
  const auto old = parse_policy(older_policy(), "old.toml");
  ASSERT_TRUE(old) << describe(old.error());
  EXPECT_EQ(old->gate.min_control_pairs, 0);
  EXPECT_EQ(old->gate.max_clock_gap, 1);
  EXPECT_EQ(old->gate.max_unseen, 1);
  EXPECT_EQ(old->trial.max_benchmark_timeout_s, 0);
}

TEST(parse_policy, RefusesMoreControlPairsThanAreTaken) {
  expect_mistake("min_control_pairs = 4", "min_control_pairs = 9",
                 "gate.min_control_pairs must not be above trial.aa_pairs: "
                 "nothing could be accepted");
}

TEST(parse_policy, RequiresEveryKeyOfTheShippedOne) {
  // Takes each simple line out in turn; none may be left to a default.
  const std::string text{shipped_policy()};
  std::size_t taken = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at) + 1;
    const auto line = text.substr(at, end - at);
    const auto is_key = line.find(" = ") != std::string::npos
                        && line.front() >= 'a' && line.front() <= 'z'
                        && !line.starts_with("name = ") && !came_later(line)
                        && line.find("[\n") == std::string::npos
                        && line.find("\"\"\"") == std::string::npos
                        && !line.starts_with("synthesize_images")
                        && !line.starts_with("harbor_healthcheck");
    if (is_key) {
      ++taken;
      EXPECT_NE(error_of(text.substr(0, at) + text.substr(end)), "") << line;
    }
    at = end;
  }
  EXPECT_GE(taken, 44);
}

TEST(parse_policy, RefusesWrongTypes) {
  expect_mistake("alpha = 0.05", "alpha = \"low\"",
                 "gate.alpha must be a number above 0 to below 1, found "
                 "\"low\"");
  expect_mistake("samples = 5", "samples = 5.5",
                 "trial.samples must be a whole number from 1 to 1000, found "
                 "5.5");
  expect_mistake("strict = false", "strict = 0",
                 "symbolic.strict must be true or false, found 0");
  expect_mistake("clock = \"wall_less_wait\"", "clock = 3",
                 "trial.clock must be one of wall, wall_less_wait, found 3");
  expect_mistake("kinds = [\"time\", \"timeraw\"]", "kinds = \"time\"",
                 "trial.kinds must be a list of texts, found \"time\"");
  expect_mistake("environments = [\"local-sandbox\"]", "environments = [1]",
                 "publish.environments must be a list of texts, found 1 in "
                 "it");
  EXPECT_THAT(
    error_of(with("[retry.attempts]\nsynthesize_images = 2", "[other]\nx = 1")),
    HasSubstr("not known"));
}

TEST(parse_policy, AcceptsAWholeNumberWhereOneWithAPointIsMeant) {
  const auto p = parse_policy(with("sample_ms = 10.0", "sample_ms = 10"), "x");
  ASSERT_TRUE(p);
  EXPECT_EQ(p->trial.sample_ms, 10);
}

TEST(parse_policy, RefusesValuesOutOfRange) {
  expect_mistake("alpha = 0.05", "alpha = 1",
                 "gate.alpha must be a number above 0 to below 1, found 1");
  expect_mistake("delta = 0.02", "delta = -0.1",
                 "gate.delta must be a number from 0 to 10, found -0.1");
  expect_mistake("delta = 0.02", "delta = nan",
                 "gate.delta must be a number from 0 to 10, found nan");
  expect_mistake("delta = 0.02", "delta = inf",
                 "gate.delta must be a number from 0 to 10, found inf");
  expect_mistake("max_files = 500", "max_files = -1",
                 "symbolic.max_files must be a whole number from 1 to "
                 "1000000, found -1");
  expect_mistake("max_files = 500", "max_files = 4294967297",
                 "symbolic.max_files must be a whole number from 1 to "
                 "1000000, found 4294967297");
  expect_mistake("statistic = \"median\"", "statistic = \"mean\"",
                 "trial.statistic must be one of minimum, median, found "
                 "\"mean\"");
  expect_mistake("kinds = [\"time\", \"timeraw\"]", "kinds = [\"mem\"]",
                 "trial.kinds: \"mem\": expected time or timeraw");
  expect_mistake("kinds = [\"time\", \"timeraw\"]", "kinds = []",
                 "trial.kinds must name time, timeraw or both");
  expect_mistake("harbor_healthcheck = 3", "healthcheck = 3",
                 "retry.attempts.healthcheck is no stage; expected one of "
                 "classify_prs, resolve_packages, render_problems, "
                 "synthesize_images, harbor_healthcheck, publish");
}

TEST(parse_policy, RefusesValuesThatContradictEachOther) {
  expect_mistake("max_tokens = 64000", "max_tokens = 4",
                 "symbolic.max_tokens must not be below min_tokens");
  expect_mistake("medium_lines = 400", "medium_lines = 50",
                 "judge.medium_lines must be above easy_lines");
  expect_mistake("backoff_max_s = 60.0", "backoff_max_s = 1.0",
                 "retry.backoff_max_s must not be below backoff_s");
  expect_mistake("min_pairs = 8", "min_pairs = 17",
                 "gate.min_pairs must not be above trial.confirm_pairs: "
                 "nothing could be accepted");
}

TEST(parse_policy, RefusesRepetition) {
  const auto twice = with("alpha = 0.05", "alpha = 0.05\nalpha = 0.06");
  EXPECT_THAT(error_of(twice),
              StartsWith("invalid_argument: my.toml:"
                         + std::to_string(line_of(twice, "alpha = 0.06"))));
  expect_mistake("\"perf\", \"perform\"", "\"perf\", \"perf\"",
                 "symbolic.positive must not repeat itself, found \"perf\" "
                 "twice");
  EXPECT_THAT(error_of(with("\"docs\", \"documentation\"", "\"Perf\"")),
              HasSubstr("\"Perf\" is a positive term, too"));
  EXPECT_THAT(error_of(with("name = \"cache_and_reuse\"",
                            "name = \"use_parallelization\"")),
              HasSubstr("judge.categories.name must not repeat itself"));
}

TEST(parse_policy, RefusesTermsThatCouldNeverBeFound) {
  expect_mistake("\"perf\", \"perform\"", "\"perf!\"",
                 "symbolic.positive: \"perf!\": a term ends with a letter, a "
                 "digit or _");
  EXPECT_THAT(error_of(with("non_core_folders = [\n  \"test\",",
                            "non_core_folders = [\n  \"a/b\",")),
              HasSubstr("must be a single name"));
}

TEST(parse_policy, SaysWhereTheTextIsNoToml) {
  EXPECT_THAT(error_of("a = 1\nb = [1,\n"),
              StartsWith("invalid_argument: my.toml:"));
  EXPECT_THAT(error_of("[gate\nx = 1"),
              StartsWith("invalid_argument: my.toml:1: "));
  EXPECT_THAT(error_of("a = \"\xff\""),
              StartsWith("invalid_argument: my.toml:1: "));
  EXPECT_THAT(error_of(std::string(10'000, '[')),
              StartsWith("invalid_argument: my.toml:1: "));
}

TEST(parse_policy, AdmitsNothingWhereNoEnvironmentIsNamed) {
  const auto p = parse_policy(
    with("environments = [\"local-sandbox\"]", "environments = []"), "x");
  ASSERT_TRUE(p);
  EXPECT_TRUE(p->publish.environments.empty());
}

} // namespace fc::events::policy
