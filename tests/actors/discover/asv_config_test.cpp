#include "actors/discover/asv_suite.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fc::actors {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(asv_config, ReadsAsvsOwnKindOfJson) {
  const auto x = parse_asv_config(R"({
    // The project, and a "quoted" word
    "version": 1, /* block, with , } inside */
    "repo": "https://example.org/a//b.git",
    "pythons": ["3.8", "3.11",], // trailing
    "benchmark_dir": "bench/marks",
    "matrix": {
        "numpy": ["1.21", ""],
        "pip+foo": [null],
        "cython": "3,]",
    },
  })");
  ASSERT_TRUE(x) << events::describe(x.error());
  EXPECT_EQ(x->benchmark_dir, "bench/marks");
  EXPECT_THAT(x->pythons, ElementsAre("3.8", "3.11"));
  EXPECT_THAT(x->requirements,
              ElementsAre(Pair("cython", ElementsAre("3,]")),
                          Pair("numpy", ElementsAre("1.21", "")),
                          Pair("pip+foo", ElementsAre(""))));
}

TEST(asv_config, ReadsTheNewerMatrix) {
  const auto x = parse_asv_config(R"({"matrix": {
    "req": {"numpy": []}, "env": {"A": ["1"]}, "env_nobuild": {"B": ["2"]}}})");
  ASSERT_TRUE(x);
  EXPECT_THAT(x->requirements, ElementsAre(Pair("numpy", IsEmpty())));
  EXPECT_THAT(
    parse_asv_config(R"({"matrix": {"env": {"A": ["1"]}}})")->requirements,
    IsEmpty());
}

TEST(asv_config, HasDefaults) {
  const auto x = parse_asv_config("\xEF\xBB\xBF{}");
  ASSERT_TRUE(x) << events::describe(x.error());
  EXPECT_EQ(x->benchmark_dir, "benchmarks");
  EXPECT_THAT(x->pythons, IsEmpty());
}

TEST(asv_config, IsReadInSpiteOfHalfACharacter) {
  // Regression: a parser of its own refused what all others repair.
  const auto x = parse_asv_config(R"({"project": "a\ud800b"})");
  ASSERT_TRUE(x) << events::describe(x.error());
  EXPECT_EQ(x->settings.project, "a\uFFFDb");
}

TEST(asv_config, SaysWhatCannotBeRead) {
  for (const auto* text : {"", "[]", "{", "{\"a\": }", "{\"benchmark_dir\": 1}",
                           "{\"a\": \"", "{} /*", "{,}x", "\xFF"}) {
    const auto x = parse_asv_config(text);
    ASSERT_FALSE(x) << text;
    EXPECT_EQ(events::code_of(x.error()), events::ec::malformed);
  }
}

TEST(asv_config, KeepsWhatTheBuildAndTheBenchmarksNeed) {
  const auto x = parse_asv_config(R"({
    "project": "mini", "repo_subdir": "package",
    "default_benchmark_timeout": 360,
    "matrix": {"req": {}, "env": {"MINI_BUILD": "opt", "NOT_SET": null},
               "env_nobuild": {"MINI_SIZE": ["2000", "1"], "N": [3]}}})");
  ASSERT_TRUE(x) << events::describe(x.error());
  EXPECT_EQ(x->settings.project, "mini");
  EXPECT_EQ(x->settings.repo_subdir, "package");
  EXPECT_EQ(x->settings.timeout_s, 360);
  EXPECT_THAT(x->settings.build_env, ElementsAre("MINI_BUILD=opt"));
  EXPECT_THAT(x->settings.run_env, ElementsAre("MINI_SIZE=2000", "N=3"));
  EXPECT_THAT(x->settings.ignored,
              ElementsAre("matrix.env_nobuild MINI_SIZE: the first of 2 values "
                          "is taken"));
}

TEST(asv_config, TakesTheOlderTimeoutWhereTheNewerIsAbsent) {
  EXPECT_EQ(parse_asv_config("{benchmark_timeout: 5}")->settings.timeout_s, 5);
  EXPECT_EQ(
    parse_asv_config("{benchmark_timeout: 5, default_benchmark_timeout: 9}")
      ->settings.timeout_s,
    9);
  for (const auto* text :
       {"{benchmark_timeout: -1}", "{benchmark_timeout: NaN}",
        "{benchmark_timeout: '5'}"})
    EXPECT_EQ(parse_asv_config(text)->settings.timeout_s, 0) << text;
}

TEST(asv_config, NamesSettingsThatAreNotHonoured) {
  const auto x = parse_asv_config(R"({
    "install_command": ["x"], "plugins": null, "html_dir": "html",
    "delegated_env_commands": {}, "exclude": [{}]})");
  ASSERT_TRUE(x);
  EXPECT_THAT(
    x->settings.ignored,
    ElementsAre("delegated_env_commands: no key of ASV that is known",
                "exclude: one environment is measured: that of the "
                "interpreter given",
                "install_command: both sides are built from source by pip "
                "alike"));
}

// A suite's variables must not steer the loader of what measures it.
TEST(asv_config, RefusesVariablesThatReachAroundTheSandbox) {
  const auto x = parse_asv_config(R"({"matrix": {"env": {
    "LD_PRELOAD": "x.so", "PYTHONHASHSEED": "1", "HOME": "/", "A=B": "1",
    "ASV_COMMIT": "1", "GOOD": "1"}}})");
  ASSERT_TRUE(x);
  EXPECT_THAT(x->settings.build_env, ElementsAre("GOOD=1"));
  EXPECT_EQ(x->settings.ignored.size(), 5U);
}

TEST(asv_config, BoundsWhatItListsOfAHostileConfiguration) {
  std::string text = "{";
  for (int i = 0; i < 10'000; ++i)
    text += "\"key" + std::to_string(i) + "\": 1,";
  const auto x = parse_asv_config(text + "}");
  ASSERT_TRUE(x);
  EXPECT_EQ(x->settings.ignored.size(), 41U);
  EXPECT_EQ(x->settings.ignored.back(), "9960 more settings are not honoured");
}

} // namespace fc::actors
