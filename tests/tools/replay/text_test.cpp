#include "tools/replay/text.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace fc::replay {

TEST(text, WrapsWordsAndCountsCharactersNotBytes) {
  EXPECT_EQ(wrapped("one two", 2), "  one two\n");
  EXPECT_EQ(wrapped("", 2), "");
  EXPECT_EQ(wrapped("a\nb\tc\x01z", 0), "a b c\\u0001z\n");
  const std::string wide(80, 'w');
  EXPECT_EQ(wrapped(wide + " x", 0), wide + "\nx\n");
  std::string umlauts;
  for (int i = 0; i < 80; ++i)
    umlauts += "ü";
  EXPECT_EQ(wrapped(umlauts, 0), umlauts + "\n");
  EXPECT_EQ(wrapped(umlauts + "ü", 0), umlauts + "\nü\n");
}

TEST(text, ShowsWhatATerminalWouldObey) {
  const std::string hostile = "a\x1b[2J\u202eb\u009bc\nd\x7f";
  const std::string visible = "a\\u001b[2J\\u202eb\\u009bc d\\u007f";
  EXPECT_EQ(wrapped(hostile, 0), visible + "\n");
  text_table table{"name"};
  table.add({hostile});
  EXPECT_EQ(table.str(0), "name\n" + visible + "\n");
}

TEST(text, BreaksWordsOfMegabytesInLinearTime) {
  const std::string word(20'000'000, 'w');
  EXPECT_EQ(wrapped(word, 0).size(), word.size() + word.size() / text_width);
}

TEST(text, PutsALabelBeforeTheFirstLine) {
  EXPECT_EQ(labelled("ab  ", "one", 1), " ab  one\n");
  EXPECT_EQ(labelled("ab  ", "", 1), "");
  EXPECT_EQ(labelled("> ", std::string(78, 'w') + " x", 0),
            "> " + std::string(78, 'w') + "\n  x\n");
}

TEST(text, CutsLongNames) {
  EXPECT_EQ(shortened("größer", 6), "größer");
  EXPECT_EQ(shortened("größer", 5), "größ…");
}

TEST(text, WritesTimesInTheirUnit) {
  EXPECT_EQ(human_time(0), "0 s");
  EXPECT_EQ(human_time(8.5e-8), "85.0 ns");
  EXPECT_EQ(human_time(1.234e-5), "12.3 µs");
  EXPECT_EQ(human_time(0.004567), "4.57 ms");
  EXPECT_EQ(human_time(0.9999), "1.00 s");
  EXPECT_EQ(human_time(99), "99.0 s");
  EXPECT_EQ(human_time(200), "3 min 20 s");
  EXPECT_EQ(human_time(7199), "119 min 59 s");
  EXPECT_EQ(human_time(18'120), "5 h 2 min");
  EXPECT_EQ(human_time(36e6), "10,000 h 0 min");
  EXPECT_EQ(human_time(std::numeric_limits<double>::quiet_NaN()), "-");
}

TEST(text, WritesSizesAndCounts) {
  EXPECT_EQ(human_bytes(1), "1 byte");
  EXPECT_EQ(human_bytes(999), "999 bytes");
  EXPECT_EQ(human_bytes(4100), "4.10 kB");
  EXPECT_EQ(human_bytes(3200000), "3.20 MB");
  EXPECT_EQ(human_count(0), "0");
  EXPECT_EQ(human_count(999), "999");
  EXPECT_EQ(human_count(1234567), "1,234,567");
  EXPECT_EQ(counted(1, "file"), "1 file");
}

TEST(text, PlotsValuesOnAScale) {
  EXPECT_EQ(dot_strip({1, 2, 2}, 1, 2, 1, 5), "•   2");
  EXPECT_EQ(dot_strip({2}, 1, 2, 1, 5), "|   •");
  EXPECT_EQ(dot_strip({3}, 3, 3, 1, 5), "  •  ");
  EXPECT_EQ(dot_strip({}, 1, 2, 5, 3), "   ");
  EXPECT_EQ(dot_strip(std::vector<double>(12, 1.0), 1, 2, 1, 3), "+  ");
}

TEST(text, AlignsColumns) {
  text_table table{"name"};
  table.add_column("size", align::right);
  EXPECT_TRUE(table.empty());
  table.add({"ü", "1"});
  table.note("why");
  table.add({"long one", "22222"});
  EXPECT_EQ(table.str(1), " name       size\n ü             1\n     why\n"
                          " long one  22222\n");
}

TEST(text, CutsTheFirstColumnAndSaysTheRestBelow) {
  text_table table{"name"};
  table.cut_first(4);
  table.add({"abcdef"});
  table.note("why");
  table.add({"a\nb"});
  EXPECT_EQ(table.str(0), "name\nabc…\n    abcdef why\na b\n");
  EXPECT_EQ(table.str(0, 1), "name\nabc…\n    abcdef why\n");
}

} // namespace fc::replay
