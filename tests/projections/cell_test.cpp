#include "projections/cell.hpp"

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
