#include "actors/discover/json5.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fc::actors {

using ::testing::HasSubstr;

namespace {

std::string converted(std::string_view text) {
  const auto x = json_of_json5(text);
  return x ? *x : events::describe(x.error());
}

std::string why(std::string_view text) {
  const auto x = json_of_json5(text);
  if (x)
    return "read as " + *x;
  EXPECT_EQ(events::code_of(x.error()), events::ec::malformed);
  return events::describe(x.error());
}

} // namespace

TEST(json5, ReadsNamesWithoutQuotes) {
  EXPECT_EQ(converted("{version: 1, $a_1: 2, ünder: 3,}"),
            R"({"version":1,"$a_1":2,"ünder":3})");
}

TEST(json5, ReadsSingleQuotesAndEscapes) {
  EXPECT_EQ(converted(R"({'a"b': 'it\'s', "c": "\x41\u00e9\q\v\/"})"),
            R"({"a\"b":"it's","c":"\u0041\u00e9q\u000b/"})");
}

TEST(json5, ReadsALineThatGoesOn) {
  EXPECT_EQ(converted("'a\\\nb\\\r\nc'"), "\"abc\"");
}

TEST(json5, ReadsNumbers) {
  EXPECT_EQ(converted("[+8, -1, 0x2F, -0x10, .5, 5., +1e3, 1.5E-2, 0]"),
            "[8,-1,47,-16,0.5,5,1e3,1.5e-2,0]");
  EXPECT_EQ(converted("[Infinity, -Infinity, NaN, -NaN]"),
            "[1.7976931348623157e308,-1.7976931348623157e308,null,null]");
}

TEST(json5, DropsCommentsBlanksAndTrailingCommas) {
  EXPECT_THAT(why("// x\r[1, /* , ] */ 'a//b', ,]"),
              HasSubstr("a value is missing"));
  EXPECT_EQ(converted("\xEF\xBB\xBF// x\n[1, /* , ] */ 'a//b' \xC2\xA0 , ]"),
            R"([1,"a//b"])");
  EXPECT_EQ(converted("{a: [], b: {}, }"), R"({"a":[],"b":{}})");
}

TEST(json5, SaysWhereItCannotBeRead) {
  EXPECT_THAT(why("{a: 1\n b: 2}"), HasSubstr("line 2, column 2: a comma"));
  EXPECT_THAT(why("{a 1}"), HasSubstr("a colon is missing"));
  EXPECT_THAT(why("{benchmark_dir: {BENCH}}"), HasSubstr("a colon"));
  EXPECT_THAT(why("'abc"), HasSubstr("does not end"));
  EXPECT_THAT(why("'abc\\"), HasSubstr("does not end"));
  EXPECT_THAT(why("'ab\nc'"), HasSubstr("does not end"));
  EXPECT_THAT(why("{} /*"), HasSubstr("comment does not end"));
  EXPECT_THAT(why("{} x"), HasSubstr("something follows"));
  EXPECT_THAT(why("[1}"), HasSubstr("not open"));
  EXPECT_THAT(why("[1"), HasSubstr("too early"));
  EXPECT_THAT(why(""), HasSubstr("too early"));
  for (const auto* text :
       {"{,}", "[,]", "[1,,2]", "{:1}", "[tru]", "[truex]", "[01]", "[1a]",
        "[0x]", "[0x11112222333344445]", "[.]", "[+]", "[1e]", "'\\x4'",
        "'\\u12g4'", "/", "{'a'}", "{a:}", "]"})
    EXPECT_THAT(why(text), HasSubstr("line 1, column")) << text;
}

// 200,000 brackets took the program down: a parser or a destructor recursed.
TEST(json5, RefusesDeepNestingWithOneError) {
  EXPECT_THAT(why(std::string(200'000, '[')), HasSubstr("deeper than 64"));
  std::string text;
  for (int i = 0; i < 200'000; ++i)
    text += "{a:";
  EXPECT_THAT(why(text), HasSubstr("deeper than 64"));
  EXPECT_EQ(converted(std::string(64, '[') + std::string(64, ']')),
            std::string(64, '[') + std::string(64, ']'));
}

TEST(json5, RefusesLongTextsWithOneError) {
  const std::string text(40'000, 'x');
  EXPECT_THAT(why("{a: '" + text + "'}"), HasSubstr("longer than 16384 bytes"));
  EXPECT_THAT(why("{" + text + ": 1}"), HasSubstr("longer than 16384 bytes"));
  EXPECT_THAT(why("[" + std::string(40'000, '1') + "]"),
              HasSubstr("longer than 16384 bytes"));
  EXPECT_THAT(why(std::string(2 << 20, ' ')), HasSubstr("2097152 bytes"));
}

} // namespace fc::actors
