#include "projections/json_text.hpp"
#include "tests/support/samples.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <limits>

namespace {

using namespace fc;
using projections::json;

template <class T>
std::string text_of(const T& x) {
  std::string result;
  projections::append_json(result, x);
  return result;
}

TEST(json_text, OrdersKeysByLengthThenBytes) {
  EXPECT_EQ(text_of(json{{"bb", 1}, {"a", 2}, {"ab", json::array({1, 2})}}),
            R"({"a": 2, "ab": [1, 2], "bb": 1})");
}

TEST(json_text, WritesNumbersWithoutExponent) {
  EXPECT_EQ(text_of(1e-7), "0.0000001");
  EXPECT_EQ(text_of(1e22), "10000000000000000000000");
  EXPECT_EQ(text_of(0.1), "0.1");
  EXPECT_EQ(text_of(-0.0), "0");
  EXPECT_EQ(text_of(2.0), "2");
  EXPECT_EQ(text_of(std::nan("")), "null");
  EXPECT_EQ(text_of(std::numeric_limits<double>::infinity()), "null");
}

TEST(json_text, KeepsTheSmallestAndTheLargestNumber) {
  for (const double x : {5e-324, std::numeric_limits<double>::max()})
    EXPECT_EQ(std::strtod(text_of(x).c_str(), nullptr), x);
}

TEST(json_text, EscapesOnlyWhatMustBe) {
  EXPECT_EQ(text_of(std::string_view{"a\"\\\b\f\n\r\t/ größer \x01\x1f\x7f"}),
            "\"a\\\"\\\\\\b\\f\\n\\r\\t/ größer \\u0001\\u001f\x7f\"");
}

TEST(json_text, ReplacesWhatNoStoreKeeps) {
  using namespace std::string_view_literals;
  EXPECT_EQ(text_of("a\0b\xff"sv), "\"a\xEF\xBF\xBD"
                                   "b\xEF\xBF\xBD\"");
}

/// The fast way for tables and the general one say the same.
TEST(json_text, OfAnEventEqualsItsGeneralForm) {
  std::string table;
  const auto event = samples::speedup_measured();
  projections::append_table_json(table, event);
  EXPECT_EQ(table, text_of(projections::as_json(event)));
  table.clear();
  projections::append_table_json(table, samples::resolved());
  EXPECT_EQ(table, text_of(projections::as_json(samples::resolved())));
}

} // namespace
