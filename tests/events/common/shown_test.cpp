#include "events/common/shown.hpp"
#include "events/common/utf8.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <sstream>

namespace fc::events::common {
namespace {

TEST(shown, EscapesWhatATerminalObeysOrHides) {
  EXPECT_EQ(shown("a\x1b[2Jb"), "a\\u001b[2Jb");
  EXPECT_EQ(shown("a\nb\tc\rd"), "a\\nb\\tc\\rd");
  EXPECT_EQ(shown("\x7f"), "\\u007f");
  EXPECT_EQ(shown("\u009b31m"), "\\u009b31m");
  EXPECT_EQ(shown("\u202egnp.exe"), "\\u202egnp.exe");
  EXPECT_EQ(shown("a\u200bb\u2066c\u2028d\ufeff"),
            "a\\u200bb\\u2066c\\u2028d\\ufeff");
  EXPECT_EQ(shown("\U000E0041"), "\\udb40\\udc41");
  EXPECT_EQ(shown((std::string{"\0", 1})), "\\u0000");
  EXPECT_EQ(shown("caf\xE9"), "caf\uFFFD");
}

TEST(shown, LeavesWhatPeopleWrite) {
  for (const std::string text :
       {"", "plain \\ text", "Zürich 速い 🚀", "עברית", "a\u00a0b"})
    EXPECT_EQ(shown(text), text);
  EXPECT_EQ(shown_lines("a\n\tb\x1b"), "a\n\tb\\u001b");
}

TEST(shown, IsTheSameInsideOfJson) {
  std::string hostile;
  for (char32_t code = 0x20; code < 0x3000; ++code)
    append_utf8(hostile, code);
  append_utf8(hostile, 0xE0001);
  const nlohmann::json x{{"k", hostile}};
  EXPECT_EQ(nlohmann::json::parse(shown(x.dump())), x);
}

TEST(visible_output, FiltersAllThatIsWritten) {
  std::ostringstream out;
  {
    const visible_output visible{out};
    out << "title \x1b]0;x\x07" << 12 << '\x7f' << std::flush;
    // A character that comes in two parts is one.
    out << "\xE2\x80" << '\xAE' << "é\n";
    std::ostream{raw_buffer(out)} << "\x1b[2K";
    out << "\xE2\x80";
  }
  out << '\x1b';
  EXPECT_EQ(out.str(), "title \\u001b]0;x\\u0007"
                       "12\\u007f\\u202eé\n\x1b[2K"
                       "\uFFFD\x1b");
}

TEST(visible_output, PassesAFullDiskOn) {
  std::ostringstream out;
  out.setstate(std::ios::badbit);
  const visible_output visible{out};
  EXPECT_TRUE(out.bad());
}

} // namespace
} // namespace fc::events::common
