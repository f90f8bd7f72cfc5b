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

TEST(asv_config, SaysWhatCannotBeRead) {
  for (const auto* text : {"", "[]", "{", "{\"a\": }", "{\"benchmark_dir\": 1}",
                           "{\"a\": \"", "{} /*", "{,}x", "\xFF"}) {
    const auto x = parse_asv_config(text);
    ASSERT_FALSE(x) << text;
    EXPECT_EQ(events::code_of(x.error()), events::ec::malformed);
  }
}

TEST(asv_config, RemovesOnlyTrailingCommas) {
  EXPECT_EQ(without_trailing_commas("[1,2,]"), "[1,2 ]");
  EXPECT_EQ(without_trailing_commas("[1, // x,]\n]"), "[1  // x,]\n]");
  EXPECT_EQ(without_trailing_commas("[1,/* , */ }"), "[1 /* , */ }");
  EXPECT_EQ(without_trailing_commas(R"(["a,]", "\",}"])"),
            R"(["a,]", "\",}"])");
  EXPECT_EQ(without_trailing_commas("\"open,]"), "\"open,]");
  EXPECT_EQ(without_trailing_commas("/"), "/");
}

} // namespace fc::actors
