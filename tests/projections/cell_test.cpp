#include "projections/cell.hpp"
#include "projections/json_text.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace {

using namespace fc;
using projections::cell;
using projections::clean_utf8;
namespace make = projections::make;

TEST(cell, KeepsGoodText) {
  for (const auto* good :
       {"", "plain", "größer ≥ 2×", "\xF0\x9F\x9A\x80", "a\n"})
    EXPECT_EQ(clean_utf8(good), good);
}

TEST(cell, ReplacesWhatIsNotUtf8) {
  const std::string mark = "\xEF\xBF\xBD";
  EXPECT_EQ(clean_utf8("a\xFFz"), "a" + mark + "z");
  EXPECT_EQ(clean_utf8("cut \xC3"), "cut " + mark);
  EXPECT_EQ(clean_utf8("\xC0\xAF"), mark + mark);            // overlong
  EXPECT_EQ(clean_utf8("\xED\xA0\x80"), mark + mark + mark); // surrogate
  EXPECT_EQ(clean_utf8("\xF4\x90\x80\x80"), mark + mark + mark + mark);
  EXPECT_EQ(clean_utf8(std::string_view{"a\0b", 3}), "a" + mark + "b");
}

TEST(odd_text, IsTheSameInTablesAndJsonLines) {
  using projections::json;
  for (const std::string& raw :
       {std::string{"a\0b", 3}, std::string{"\xED\xA0\x80 lone half"},
        std::string{"caf\xE9"}, std::string{"\xF0\x9F\x90"},
        std::string{"\xE2\x82 cut"}, std::string(3'000'000, '\xFF'),
        std::string{"\x1b\x7f\u0085\u202e"}}) {
    const auto kept = std::get<std::string>(make::text(raw));
    EXPECT_EQ(projections::as_json(raw).get<std::string>(), kept);
    const auto line = projections::to_line(projections::as_json(raw));
    EXPECT_EQ(json::parse(line).get<std::string>(), kept);
    std::string cell_text;
    projections::append_json(cell_text, std::string_view{raw});
    EXPECT_EQ(json::parse(cell_text).get<std::string>(), kept);
  }
}

TEST(odd_text, IsEscapedInJsonForATerminal) {
  EXPECT_EQ(projections::to_line(
              projections::as_json(std::string{"\x1b[2J\x7f\u009b\u202eé"})),
            R"("\u001b[2J\u007f\u009b\u202eé")");
}

TEST(cell, HasOneTextForEachValue) {
  EXPECT_EQ(to_text(cell{}), "");
  EXPECT_EQ(to_text(make::flag(true)), "true");
  EXPECT_EQ(to_text(make::integer(12)), "12");
  EXPECT_EQ(to_text(make::real(0.1)), "0.1");
  EXPECT_EQ(to_text(make::real(1e-300)), "1e-300");
  EXPECT_EQ(to_text(make::text("a\"b")), "a\"b");
  EXPECT_EQ(to_text(make::time_of(*events::parse_time("2024-03-05"))),
            "2024-03-05T00:00:00Z");
}

TEST(cell, IsNullWhereNothingIsKnown) {
  const cell null;
  EXPECT_EQ(make::text_or_null(""), null);
  EXPECT_NE(make::text(""), null);
  EXPECT_EQ(make::real(std::numeric_limits<double>::quiet_NaN()), null);
  EXPECT_EQ(make::real(std::numeric_limits<double>::infinity()), null);
  EXPECT_EQ(make::time_of({}), null);
  EXPECT_EQ(make::hex({}), null);
}

} // namespace
