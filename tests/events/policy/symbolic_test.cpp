#include "events/policy/symbolic.hpp"

#include "samples.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fc::events::policy {

namespace {

using samples::ok_pull_request;
using testing::HasSubstr;

/// The rule that rejects, or "passed".
std::string rule_of(const symbolic_verdict& verdict) {
  if (const auto* rejected = std::get_if<symbolic_rejected>(&verdict))
    return rejected->rule;
  return "passed";
}

std::string words_of(const symbolic_verdict& verdict) {
  if (const auto* rejected = std::get_if<symbolic_rejected>(&verdict))
    return rejected->explanation;
  return std::get<symbolic_passed>(verdict).note;
}

struct symbolic_rules_test : testing::Test {
  symbolic_verdict decide(const scraped& x) const {
    return gate.decide(x);
  }

  symbolic_verdict title(const std::string& text) const {
    return gate.decide(ok_pull_request(text));
  }

  symbolic_gate gate{samples::shipped().symbolic};
};

} // namespace

TEST_F(symbolic_rules_test, TitleWithAPositiveTermPasses) {
  EXPECT_EQ(words_of(title("PERF: faster lookup")), "positive term \"perf\"");
  EXPECT_EQ(rule_of(title("Fix typo and speed up parsing")), "passed");
  EXPECT_THAT(words_of(title("Speed-up the docs")), HasSubstr("speed up"));
}

TEST_F(symbolic_rules_test, TitleWithoutANegativeTermPasses) {
  EXPECT_EQ(words_of(title("Use fullmatch when available")),
            "no negative term");
  EXPECT_EQ(rule_of(title("")), "passed");
}

TEST_F(symbolic_rules_test, TitleWithOnlyANegativeTermIsRejected) {
  const auto verdict = title("Bump actions/checkout from 3 to 4");
  EXPECT_EQ(rule_of(verdict), "title");
  EXPECT_EQ(words_of(verdict), "the title has the negative term \"bump\" and "
                               "no positive one");
  for (const auto* text :
       {"Fix typo", "[DOCS] explain", "CI/CD: retry", "Fix GitHub-Actions run",
        "Add type-hints", "Revert \"x\"", "pre-commit: update hooks",
        "Deprecate foo"})
    EXPECT_EQ(rule_of(title(text)), "title") << text;
}

TEST_F(symbolic_rules_test, StrictTitlesNeedAPositiveAndNoNegativeTerm) {
  auto rules = samples::shipped().symbolic;
  rules.strict = true;
  const symbolic_gate strict{rules};
  const auto words = [&](const std::string& text) {
    return words_of(strict.decide(ok_pull_request(text)));
  };
  EXPECT_EQ(words("Speed it up"), "positive term \"speed\"");
  EXPECT_THAT(words("Use fullmatch"), HasSubstr("no positive term"));
  EXPECT_THAT(words("Speed up docs"), HasSubstr("the strict rule refuses"));
  EXPECT_THAT(words("Fix docs"), HasSubstr("and no positive one"));
}

TEST_F(symbolic_rules_test, FilesAreCounted) {
  auto x = ok_pull_request();
  x.files.resize(499, {"a.py", 1, 0});
  x.changed_files = 499;
  EXPECT_EQ(rule_of(decide(x)), "passed");
  x.files.resize(500, {"a.py", 1, 0});
  x.changed_files = 500;
  EXPECT_EQ(rule_of(decide(x)), "files.count");
  EXPECT_EQ(words_of(decide(x)),
            "500 files changed, the limit is fewer than 500");
}

TEST_F(symbolic_rules_test, AListThatWasCutIsNotTrusted) {
  auto x = ok_pull_request();
  x.changed_files = 2;
  EXPECT_EQ(rule_of(decide(x)), "files.incomplete");
  EXPECT_THAT(words_of(decide(x)),
              HasSubstr("2 files changed and only 1 listed"));
  x.changed_files = 600;
  EXPECT_EQ(rule_of(decide(x)), "files.count");
  x.changed_files = 0; // a source that does not count
  EXPECT_EQ(rule_of(decide(x)), "passed");
}

TEST_F(symbolic_rules_test, LinesAreCountedByTheSourceOrTheList) {
  auto x = ok_pull_request();
  x.additions = 79'999;
  x.deletions = 0;
  EXPECT_EQ(rule_of(decide(x)), "passed");
  x.deletions = 1;
  EXPECT_EQ(rule_of(decide(x)), "files.lines");
  EXPECT_THAT(words_of(decide(x)),
              HasSubstr("80000 lines added or deleted, the limit is fewer "
                        "than 80000"));
  x.additions = x.deletions = 0;
  x.files[0].additions = 80'000;
  EXPECT_EQ(rule_of(decide(x)), "files.lines");
  x.additions = x.deletions = 4'000'000'000; // no overflow
  EXPECT_EQ(rule_of(decide(x)), "files.lines");
}

TEST_F(symbolic_rules_test, OneCoreFileIsEnough) {
  auto x = ok_pull_request();
  const auto with = [&](std::vector<std::string> paths) {
    x.files.clear();
    for (auto& path : paths)
      x.files.push_back({std::move(path), 1, 1});
    x.changed_files = static_cast<std::uint32_t>(x.files.size());
    return rule_of(decide(x));
  };
  EXPECT_EQ(with({"docs/a.py", "tests/b.py", "src/c.py"}), "passed");
  for (const auto* path :
       {"tests/a.py", "a/test/b.py", "doc/conf.py", "pkg/docs/x.c",
        "benchmarks/b.py", "a/benchmark/b.py", ".github/workflows/x.yml",
        "README.md", "src/NOTES.rst", "docs"})
    EXPECT_EQ(with({path}), "files.no_core") << path;
  for (const auto* path :
       {"src/testing/a.py", "Tests/a.py", "test_a.py", "docs.py", "a.MD",
        "src/benchmarks.py", "setup.py", "a b/\xc3\xa9.py", ""})
    EXPECT_EQ(with({path}), "passed") << path;
  EXPECT_EQ(with({"tests/a.py", "README.md"}), "files.no_core");
  EXPECT_THAT(words_of(decide(x)), HasSubstr("all 2 files are tests"));
}

TEST_F(symbolic_rules_test, AnEmptyListPasses) {
  auto x = ok_pull_request();
  x.files.clear();
  x.changed_files = 0;
  EXPECT_EQ(rule_of(decide(x)), "passed");
}

TEST_F(symbolic_rules_test, TheDiffHasASize) {
  auto x = ok_pull_request();
  const auto with = [&](std::uint64_t size) {
    x.diff.size = size;
    return rule_of(decide(x));
  };
  EXPECT_EQ(with(20), "passed");
  EXPECT_EQ(with(19), "diff.too_small");
  EXPECT_THAT(words_of(decide(x)),
              HasSubstr("the diff of 19 bytes is about 4.75 tokens, at least "
                        "5 are needed"));
  EXPECT_EQ(with(256'000), "passed");
  EXPECT_EQ(with(256'001), "diff.too_large");
  EXPECT_THAT(words_of(decide(x)), HasSubstr("at most 64000 are allowed"));
  EXPECT_EQ(with(26'000'000'000), "diff.too_large");
}

TEST_F(symbolic_rules_test, WithoutADiffNothingPassesButNoDiffMayBeAskedFor) {
  auto x = ok_pull_request();
  x.diff = {};
  x.missing_objects = {"abc"};
  EXPECT_EQ(rule_of(gate.before_diff(x)), "passed");
  EXPECT_EQ(rule_of(decide(x)), "diff.too_small");
  EXPECT_THAT(words_of(decide(x)), HasSubstr("1 object missing"));
}

TEST_F(symbolic_rules_test, TheFirstRuleThatRejectsSpeaks) {
  auto x = ok_pull_request("Fix typo");
  x.files = {{"docs/a.md", 1, 1}};
  x.diff = {};
  EXPECT_EQ(rule_of(decide(x)), "title");
  x.title = "Speed up";
  EXPECT_EQ(rule_of(decide(x)), "files.no_core");
}

TEST_F(symbolic_rules_test, AGateCanBeMoved) {
  symbolic_gate other{symbolic_rules{}};
  other = std::move(gate);
  EXPECT_EQ(rule_of(other.decide(ok_pull_request("Fix typo"))), "title");
}

} // namespace fc::events::policy
