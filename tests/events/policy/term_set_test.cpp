#include "events/policy/text/term_set.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <regex>

namespace fc::events::policy::text {

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string>
found(const std::vector<std::string>& terms, std::string_view text) {
  term_set set;
  for (const auto& term : terms)
    set.add(term);
  std::vector<std::string> result;
  set.scan(text, [&](std::uint32_t index) {
    result.push_back(set[index]);
    return true;
  });
  return result;
}

} // namespace

TEST(term_set, FindsWholeWordsOnly) {
  EXPECT_THAT(found({"fast"}, "make it fast"), ElementsAre("fast"));
  EXPECT_THAT(found({"fast"}, "fast, isn't it?"), ElementsAre("fast"));
  EXPECT_THAT(found({"fast"}, "breakfast faster fast_path fast2"), IsEmpty());
  EXPECT_THAT(found({"fast"}, ""), IsEmpty());
  EXPECT_THAT(found({}, "fast"), IsEmpty());
}

TEST(term_set, IgnoresCaseOnBothSides) {
  EXPECT_THAT(found({"Perf"}, "[PERF] x"), ElementsAre("Perf"));
  EXPECT_THAT(found({"ThreadPoolExecutor"}, "use threadpoolexecutor"),
              ElementsAre("ThreadPoolExecutor"));
}

TEST(term_set, TakesASpaceForAnyOneSeparator) {
  const std::vector<std::string> terms{"speed up"};
  for (const auto* text :
       {"speed up x", "Speed-Up", "speed/up!", "speed\xe2\x80\x93up"})
    EXPECT_THAT(found(terms, text), ElementsAre("speed up")) << text;
  for (const auto* text : {"speedup", "speed  up", "speed_up", "speed upper",
                           "speed", "speed\xc3\xa9up"})
    EXPECT_THAT(found(terms, text), IsEmpty()) << text;
}

TEST(term_set, TakesOtherSeparatorsAsTheyAre) {
  EXPECT_THAT(found({"ci/cd"}, "fix CI/CD"), ElementsAre("ci/cd"));
  EXPECT_THAT(found({"ci/cd"}, "fix ci-cd"), IsEmpty());
  EXPECT_THAT(found({"pre-commit"}, "Pre-Commit update"),
              ElementsAre("pre-commit"));
  EXPECT_THAT(found({"pre-commit"}, "pre commit"), IsEmpty());
}

TEST(term_set, NamesTheLongestOfTermsWithOneBeginningFirst) {
  EXPECT_THAT(found({"speed", "speed up"}, "speed up"),
              ElementsAre("speed up", "speed"));
  EXPECT_THAT(found({"a b c", "a b", "b"}, "a b d"), ElementsAre("a b", "b"));
}

TEST(term_set, KnowsWordsOfOtherScripts) {
  EXPECT_THAT(found({"perf"}, "perf\xc3\xa9 \xc3\xa9perf"), IsEmpty());
  EXPECT_THAT(found({"perf"}, "\xe2\x9a\xa1perf\xe2\x80\xa6 \xe2\x80\x9cperf"),
              ElementsAre("perf", "perf"));
  EXPECT_THAT(found({"schnell\xc3\xa9r"}, "x schnell\xc3\xa9r y"),
              ElementsAre("schnell\xc3\xa9r"));
}

TEST(term_set, SurvivesTextThatIsNoUtf8) {
  EXPECT_THAT(found({"fast"}, "\xff\xfe fast \xc3"), ElementsAre("fast"));
  EXPECT_THAT(found({"fast"}, "fast\xe2\x80"), ElementsAre("fast"));
  EXPECT_THAT(found({"fast"}, std::string_view{"\0fast\0", 6}),
              ElementsAre("fast"));
}

TEST(term_set, StopsWhenTold) {
  term_set set;
  set.add("a");
  int calls = 0;
  set.scan("a a a", [&](std::uint32_t) { return ++calls < 2; });
  EXPECT_EQ(calls, 2);
}

TEST(term_set, ObjectsToTermsThatCouldNeverBeFound) {
  EXPECT_EQ(term_set::objection("ci/cd"), "");
  EXPECT_NE(term_set::objection(""), "");
  EXPECT_NE(term_set::objection(" fast"), "");
  EXPECT_NE(term_set::objection("fast "), "");
  EXPECT_NE(term_set::objection("c++"), "");
  EXPECT_NE(term_set::objection("-"), "");
}

TEST(term_set, AgreesWithARegularExpression) {
  const std::vector<std::string> terms{"a", "ab", "a b", "b-a", "c", "b"};
  const std::regex expression{R"(\b(a|ab|a[^\w]b|b-a|c|b)\b)"};
  std::mt19937 random{7};
  for (int i = 0; i < 3000; ++i) {
    std::string text;
    for (auto n = random() % 9; n > 0; --n)
      text += "abc -_"[random() % 6];
    EXPECT_EQ(!found(terms, text).empty(), std::regex_search(text, expression))
      << '"' << text << '"';
  }
}

} // namespace fc::events::policy::text
