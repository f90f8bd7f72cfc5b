#include "events/policy/admit_repository.hpp"

#include "samples.hpp"

#include <gmock/gmock.h>

namespace fc::events::policy {

namespace {

const timestamp window_end = *parse_time("2026-11-01");

repository_seen good() {
  repository_seen x;
  x.repo = samples::repo("pandas-dev/pandas");
  x.node_id = "R_1";
  x.stars = 500;
  x.pushed_at = *parse_time("2026-10-31");
  x.requires_python = ">=3.11";
  return x;
}

std::string rule_against(const repository_seen& x) {
  const auto verdict = admit_repository(x, window_end, samples::shipped());
  const auto* no = std::get_if<repository_excluded>(&verdict);
  if (no == nullptr)
    return {};
  EXPECT_FALSE(no->reason.empty());
  EXPECT_EQ(no->repo, x.repo);
  return no->rule;
}

repository_excluded by(const std::string& rule) {
  return {good().repo, "because", rule};
}

} // namespace

TEST(admit_repository, AdmitsWhatKeepsAllRules) {
  EXPECT_EQ(rule_against(good()), "");
}

TEST(admit_repository, NamesTheRuleThatWasBroken) {
  auto x = good();
  x.stars = 499;
  EXPECT_EQ(rule_against(x), "stars");
  x = good();
  x.fork = true;
  EXPECT_EQ(rule_against(x), "fork");
  x = good();
  x.archived = true;
  EXPECT_EQ(rule_against(x), "archived");
  x = good();
  x.requires_python = ">=2.7,<3.8";
  EXPECT_EQ(rule_against(x), "python");
  x = good();
  x.repo = samples::repo("Airspeed-Velocity/ASV");
  EXPECT_EQ(rule_against(x), "never");
}

TEST(admit_repository, AsksForAPushWithinAYearBeforeTheWindowsEnd) {
  auto x = good();
  x.pushed_at = window_end - std::chrono::days{365};
  EXPECT_EQ(rule_against(x), "");
  x.pushed_at -= std::chrono::nanoseconds{1};
  EXPECT_EQ(rule_against(x), "inactive");
  x.pushed_at = {}; // nobody knows
  EXPECT_EQ(rule_against(x), "");
}

TEST(admit_repository, AppliesNoRuleWhoseFactsNobodyKnows) {
  repository_seen clone; // read from a local clone
  clone.repo = samples::repo();
  EXPECT_EQ(rule_against(clone), "");
}

TEST(admit_repository, ExcludesNothingByAPolicyThatSaysNothing) {
  const std::string text{shipped_policy()};
  const auto from = text.find("[repositories]");
  const auto old = parse_policy(
    text.substr(0, from) + text.substr(text.find("[symbolic]")), "old.toml");
  ASSERT_TRUE(old) << describe(old.error());
  auto x = good();
  x.fork = x.archived = true;
  x.stars = 0;
  x.pushed_at = *parse_time("2001-01-01");
  x.requires_python = "<3";
  EXPECT_TRUE(
    std::holds_alternative<admitted>(admit_repository(x, window_end, *old)));
}

TEST(follow_admission, ExcludesOnceAndReadmitsWhatPassesAgain) {
  const auto& p = samples::shipped();
  auto x = good();
  x.stars = 3;
  const auto out = follow_admission(x, std::nullopt, window_end, p);
  ASSERT_TRUE(std::holds_alternative<repository_excluded>(out));
  EXPECT_TRUE(std::holds_alternative<std::monostate>(
    follow_admission(x, by("stars"), window_end, p)));
  const auto other = follow_admission(x, by("archived"), window_end, p);
  EXPECT_EQ(std::get<repository_excluded>(other).rule, "stars");
  const auto in = follow_admission(good(), by("stars"), window_end, p);
  ASSERT_TRUE(std::holds_alternative<repository_readmitted>(in));
  EXPECT_EQ(std::get<repository_readmitted>(in).rule, "stars");
}

TEST(follow_admission, LeavesToAPersonWhatAPersonDid) {
  const auto& p = samples::shipped();
  auto x = good();
  EXPECT_TRUE(std::holds_alternative<std::monostate>(
    follow_admission(x, by("user"), window_end, p)));
  x.stars = 0;
  EXPECT_TRUE(std::holds_alternative<std::monostate>(
    follow_admission(x, by("user"), window_end, p)));
}

TEST(follow_admission, LeavesAMissingSuiteToThoseWhoReadGit) {
  EXPECT_TRUE(std::holds_alternative<std::monostate>(
    follow_admission(good(), by("no_suite"), window_end, samples::shipped())));
}

TEST(allows_python, ReadsUpperEnds) {
  for (const auto* yes : {"",        ">=3.8",
                          ">=2.7",   ">=3.6,<4",
                          "<3.9",    "<=3.8",
                          "==3.8.*", "~=3.8",
                          "~=3.7",   ">=2.7,!=3.0.*,!=3.1.*",
                          "==3.*",   "^3.6",
                          ">3.5",    "<3.8 || >=3.10",
                          "'>=3.9'", "nonsense",
                          "<",       ",,",
                          "==3.8",   ">=3.9, <3.13",
                          "<3.8.1"})
    EXPECT_TRUE(allows_python(yes, "3.8")) << yes;
  for (const auto* no :
       {"<3.8", "<3", "<=3.7", "==2.7.*", ">=2.7,<3.0", "~=2.7", "==3.7",
        "~=3.7.2", "^2.7", "~3.6", "<3.8 || <3", "< 3.8", "===3.6.1",
        ">=2.6, ==2.*", "<3.8.0", "2.7"})
    EXPECT_FALSE(allows_python(no, "3.8")) << no;
}

TEST(parse_policy, ChecksTheRulesOnRepositories) {
  const auto error_with = [](std::string_view before, std::string_view after) {
    std::string text{shipped_policy()};
    text.replace(text.find(before), before.size(), after);
    const auto read = parse_policy(text, "my.toml");
    return read ? std::string{} : describe(read.error());
  };
  using testing::HasSubstr;
  EXPECT_THAT(error_with("min_python = \"3.8\"", "min_python = \"three\""),
              HasSubstr("min_python must be a version of Python such as 3.8"));
  EXPECT_THAT(error_with("\"airspeed-velocity/asv\"", "\"a/b/c\""),
              HasSubstr("expected owner or owner/name"));
  EXPECT_THAT(error_with("min_stars = 500", "min_stars = -1"),
              HasSubstr("repositories.min_stars must be a whole number"));
  EXPECT_THAT(error_with("forks = false\n", ""),
              HasSubstr("repositories.forks is missing"));
}

} // namespace fc::events::policy
