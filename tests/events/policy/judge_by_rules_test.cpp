#include "events/policy/judge_by_rules.hpp"
#include "events/policy/verdicts.hpp"

#include "samples.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fc::events::policy {

namespace {

using samples::diff_of;
using samples::ok_pull_request;
using testing::HasSubstr;
using testing::StartsWith;

const std::string some_code = diff_of("src/a.py", {"-x = f(1)", "+x = g(1)"});

answered judged(const scraped& x, const std::string& diff = some_code) {
  return judge_by_rules(x, diff, samples::shipped());
}

scraped
with_files(const std::string& title, const std::vector<std::string>& paths,
           std::uint32_t lines = 10) {
  auto x = ok_pull_request(title);
  x.files.clear();
  for (const auto& path : paths)
    x.files.push_back({path, lines, 0});
  return x;
}

} // namespace

TEST(judge_by_rules, SaysYesWhereNothingSpeaksAgainstIt) {
  const auto x = judged(ok_pull_request("Change something"));
  EXPECT_TRUE(x.performance);
  EXPECT_EQ(x.judge, "rules");
  EXPECT_TRUE(x.prompt);
  EXPECT_EQ(x.category, "uncategorized");
  EXPECT_THAT(x.reason, StartsWith("yes, by the rules and no model"));
  EXPECT_EQ(x.tokens_in, 0U);
}

TEST(judge_by_rules, SaysNoToTitlesOfChores) {
  for (const auto* title :
       {"[pre-commit.ci] pre-commit autoupdate",
        "Bump numpy to get faster sums", "Update changelog for speed release",
        "Apply black to the cache module"}) {
    const auto x = judged(ok_pull_request(title));
    EXPECT_FALSE(x.performance) << title;
    EXPECT_THAT(x.reason, HasSubstr("(title): the title names a chore"));
    EXPECT_EQ(x.category, "");
  }
  EXPECT_TRUE(judged(ok_pull_request("Blacken less, cache more")).performance);
  EXPECT_TRUE(judged(ok_pull_request("Revert \"Use a list\"")).performance);
}

TEST(judge_by_rules, SaysNoWhereNoFileIsCode) {
  const std::vector<std::vector<std::string>> chores{
    {"docs/a.rst", "README.md"},
    {".github/workflows/ci.yml", "azure-pipelines.yml"},
    {"tests/test_a.py", "benchmarks/bench.py", "src/test_b.py"},
    {"setup.py", "poetry.lock", "requirements-dev.txt"},
    {".pre-commit-config.yaml"},
    {"src/pkg/__init__.pyi"},
  };
  for (const auto& paths : chores) {
    const auto x = judged(with_files("Speed up everything", paths));
    EXPECT_FALSE(x.performance) << paths.front();
    EXPECT_THAT(x.reason, HasSubstr("(paths): no changed file is code"));
  }
  EXPECT_TRUE(judged(with_files("x", {"docs/a.rst", "src/a.py"})).performance);
  EXPECT_TRUE(judged(with_files("x", {"src/kernel.c"})).performance);
}

TEST(judge_by_rules, ReadsThePathsOfTheDiffWhereNoneAreListed) {
  auto x = ok_pull_request();
  x.files.clear();
  EXPECT_FALSE(judged(x, diff_of("docs/a.md", {"+x"})).performance);
  EXPECT_TRUE(judged(x, some_code).performance);
  EXPECT_TRUE(judged(x, "").performance);
}

TEST(judge_by_rules, SaysNoToPythonThatOnlyChangesInItsComments) {
  const auto comments = diff_of("src/a.py", {" x = 1", "-# a", "+# b"});
  const auto x = judged(ok_pull_request("Optimize loops"), comments);
  EXPECT_FALSE(x.performance);
  EXPECT_THAT(x.reason, HasSubstr("(noise): the diff changes only comments"));
  EXPECT_FALSE(
    judged(ok_pull_request(), comments + diff_of("docs/x.md", {"+y"}))
      .performance);
  EXPECT_TRUE(judged(ok_pull_request(), comments + some_code).performance);
}

TEST(judge_by_rules, LeavesCommentsInCToMeasurement) {
  const auto x
    = judged(with_files("Optimize kernel loop layout", {"src/_kernels.c"}),
             diff_of("src/_kernels.c", {"+    /* Layout: i is walked. */"}));
  EXPECT_TRUE(x.performance);
  EXPECT_EQ(x.category, "use_lower_level_system");
}

TEST(judge_by_rules, SaysYesToLazyImportsAndRenamedLocals) {
  EXPECT_TRUE(
    judged(ok_pull_request("Faster startup"),
           diff_of("src/cli.py", {"-import json", " import sys",
                                  " def main():", "+    import json"}))
      .performance);
  EXPECT_TRUE(
    judged(ok_pull_request("Speed up encode"),
           diff_of("src/a.py", {"-    previous_x = 0", "+    px = 0"}))
      .performance);
}

TEST(judge_by_rules, FindsTheCategoryInTitleBodyOrAddedLines) {
  const auto category = [](const std::string& title, const std::string& body,
                           const std::string& diff = some_code) {
    auto x = ok_pull_request(title);
    x.body = body;
    return judged(x, diff).category;
  };
  EXPECT_EQ(category("Cache the projection", ""), "cache_and_reuse");
  EXPECT_EQ(category("Run in parallel with a cache", ""),
            "use_parallelization");
  EXPECT_EQ(category("Speed up f", "It was quadratic."),
            "use_better_algorithm");
  EXPECT_EQ(category("Avoid deepcopy in plot", "cache"),
            "remove_or_reduce_work");
  EXPECT_EQ(category("Speed up f", "",
                     diff_of("src/a.py", {"-x", "+@lru_cache", "+y"})),
            "cache_and_reuse");
  EXPECT_EQ(
    category("Speed up f", "", diff_of("src/a.py", {"-@lru_cache", "+y"})),
    "uncategorized");
  EXPECT_EQ(category("Speed up f", "",
                     diff_of("tests/a.py", {"+@lru_cache"}) + some_code),
            "uncategorized");
}

TEST(judge_by_rules, GradesByTheLinesOfCode) {
  const auto difficulty = [](std::uint32_t lines) {
    return judged(with_files("Speed up", {"src/a.py"}, lines)).difficulty;
  };
  EXPECT_EQ(difficulty(49), "easy");
  EXPECT_EQ(difficulty(50), "medium");
  EXPECT_EQ(difficulty(399), "medium");
  EXPECT_EQ(difficulty(400), "hard");
  auto x = with_files("Speed up", {"src/a.py"}, 10);
  x.files.push_back({"tests/a.py", 5000, 0});
  EXPECT_EQ(judged(x).difficulty, "easy");
}

TEST(judge_by_rules, NamesItsRulesByADigestThatOnlyRulesChange) {
  const auto first = judged(ok_pull_request()).prompt;
  auto p = samples::shipped();
  p.text += "# a comment\n";
  p.gate.alpha = 0.01;
  EXPECT_EQ(judge_by_rules(ok_pull_request(), "", p).prompt, first);
  p.judge.no_titles.emplace_back("vendored");
  EXPECT_NE(judge_by_rules(ok_pull_request(), "", p).prompt, first);
}

} // namespace fc::events::policy
