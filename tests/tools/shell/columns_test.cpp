#include "tools/shell/columns.hpp"

#include <gtest/gtest.h>
#include <sys/ioctl.h>

#include <pty.h>
#include <unistd.h>

namespace fc::shell {

TEST(columns, OfWideAndOfZeroWidthCharacters) {
  EXPECT_EQ(columns_of(""), 0U);
  EXPECT_EQ(columns_of("plain"), 5U);
  EXPECT_EQ(columns_of("漢字"), 4U);
  EXPECT_EQ(columns_of("e\u0301"), 1U);  // An accent over the letter before.
  EXPECT_EQ(columns_of("a\u200Bb"), 3U); // Hidden: shown as a space.
  EXPECT_EQ(columns_of("🚀"), 2U);
  EXPECT_EQ(columns_of("\xFF\xC3"), 2U); // Each is shown as one.
}

TEST(columns, AreNeverMoreThanAskedFor) {
  for (const std::string text :
       {"a plain line of words", "漢字漢字漢字漢字", "e\u0301e\u0301e\u0301",
        "a漢b字c", "\xFF\xFF\xFF\xFF\xFF", "🚀🚀🚀🚀"})
    for (std::size_t columns = 0; columns < 24; ++columns) {
      EXPECT_LE(columns_of(cut_to(text, columns)), columns) << text;
      if (columns_of(text) <= columns
          && text.find('\xFF') == std::string::npos) {
        EXPECT_EQ(cut_to(text, columns), text);
      }
    }
  EXPECT_EQ(cut_to("words", 4), "wor…");
  EXPECT_EQ(cut_to("words", 5), "words");
  EXPECT_EQ(cut_to("漢字漢", 5), "漢字…");
  EXPECT_EQ(cut_to("漢字漢", 4), "漢…");
  EXPECT_EQ(cut_to("words", 1), "…");
  EXPECT_EQ(cut_to("words", 0), "");
}

TEST(columns, HaveNoControlCharacters) {
  EXPECT_EQ(cut_to("a\x1b[2Jb\nc\td\x7f", 80), "a [2Jb c d ");
  EXPECT_EQ(cut_to("a\u0085b\u202Ec\u2066d", 80), "a b c d");
  // Regression: what is hidden without being a mark of direction was kept.
  EXPECT_EQ(cut_to("a\u200Bb\u00ADc\uFEFFd", 80), "a b c d");
  EXPECT_EQ(cut_to("a\xE0\x80\x80"
                   "b\xED\xA0\x80",
                   2),
            "a…");
  EXPECT_EQ(cut_to("a\x9b"
                   "2J",
                   80),
            "a\uFFFD2J");
}

TEST(terminal, SaysHowLargeItIsEachTime) {
  int ours = -1;
  int theirs = -1;
  winsize size{30, 20, 0, 0};
  ASSERT_EQ(::openpty(&ours, &theirs, nullptr, nullptr, &size), 0);
  EXPECT_EQ(size_of_terminal(theirs).columns, 20U);
  EXPECT_EQ(size_of_terminal(theirs).rows, 30U);
  size.ws_col = 133;
  ASSERT_EQ(::ioctl(ours, TIOCSWINSZ, &size), 0);
  EXPECT_EQ(size_of_terminal(theirs).columns, 133U);
  size = {};
  ASSERT_EQ(::ioctl(ours, TIOCSWINSZ, &size), 0);
  EXPECT_EQ(size_of_terminal(theirs).columns, 80U); // It does not know.
  ::close(theirs);
  ::close(ours);
  EXPECT_EQ(size_of_terminal(-1).columns, 80U);
}

} // namespace fc::shell
