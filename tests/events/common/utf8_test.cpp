#include "events/common/utf8.hpp"

#include <gtest/gtest.h>

namespace fc::events::common {
namespace {

const std::string mark = "\uFFFD";

TEST(utf8, KeepsWhatIsWellFormed) {
  for (const std::string text : {"", "plain", "Zürich", "日本", "\U0001F40D",
                                 "\uFFFD", "a\nb\t\x7f", "\xED\x9F\xBF"}) {
    bool repaired = false;
    EXPECT_EQ(clean_utf8(text, repaired), text);
    EXPECT_FALSE(repaired) << text;
    EXPECT_TRUE(is_utf8(text)) << text;
  }
}

TEST(utf8, HasOneMarkForEachBrokenPart) {
  const std::pair<std::string, std::string> all[] = {
    {"a\xFFz", "a" + mark + "z"},
    {"cut \xC3", "cut " + mark},
    {"\xE6\x97", mark},
    {"\xF0\x9F\x90z", mark + "z"},
    {"\xC0\xAF", mark + mark},
    {"\xED\xA0\x80", mark + mark + mark},
    {"\xF4\x90\x80\x80", mark + mark + mark + mark},
    {{"a\0b", 3}, "a" + mark + "b"},
  };
  for (const auto& [raw, clean] : all) {
    bool repaired = false;
    EXPECT_EQ(clean_utf8(raw, repaired), clean);
    EXPECT_TRUE(repaired);
    EXPECT_TRUE(is_utf8(clean_utf8(raw)));
  }
}

TEST(utf8, ReadsAndWritesCodes) {
  for (const char32_t code :
       {0x1U, 0x7FU, 0x80U, 0x7FFU, 0x800U, 0xFFFFU, 0x10000U, 0x10FFFFU}) {
    std::string text;
    append_utf8(text, code);
    const auto found = next_character(text + "x");
    EXPECT_TRUE(found.valid);
    EXPECT_EQ(found.code, code);
    EXPECT_EQ(found.length, text.size());
  }
}

} // namespace
} // namespace fc::events::common
