#include "actors/core/fingerprint.hpp"

#include <gtest/gtest.h>

namespace fc::actors {
namespace {

TEST(fingerprint, LeavesPlainWordsAlone) {
  EXPECT_EQ(fingerprint("no matching distribution found"),
            "no matching distribution found");
  EXPECT_EQ(fingerprint(""), "");
}

TEST(fingerprint, ForgetsNumbers) {
  EXPECT_EQ(fingerprint("took 12.5 s"), fingerprint("took 3.25 s"));
  EXPECT_EQ(fingerprint("line 7: bad"), fingerprint("line 1234: bad"));
  EXPECT_NE(fingerprint("line 7: bad"), fingerprint("line 7: worse"));
}

TEST(fingerprint, ForgetsWhereAFileLies) {
  EXPECT_EQ(fingerprint("cannot open /tmp/fc-1a2b/env/setup.py"),
            fingerprint("cannot open /var/other/setup.py"));
  EXPECT_NE(fingerprint("cannot open /tmp/setup.py"),
            fingerprint("cannot open /tmp/setup.cfg"));
}

TEST(fingerprint, ForgetsHashesAndAddresses) {
  EXPECT_EQ(fingerprint("object at 0x7f00aa"), "object at <id>");
  EXPECT_EQ(fingerprint("commit 61cb8e181700b8 is gone"),
            fingerprint("commit 0123456789abcdef is gone"));
}

TEST(fingerprint, JoinsWhiteSpace) {
  EXPECT_EQ(fingerprint("a \t\n b"), "a b");
}

TEST(fingerprint, IsShort) {
  const auto text = fingerprint(std::string(1000, 'x') + " tail");
  EXPECT_LE(text.size(), 160u);
  std::string words;
  for (int i = 0; i < 100; ++i)
    words += "word ";
  EXPECT_EQ(fingerprint(words).size(), 160u);
}

TEST(fingerprint, NeverCutsACharacterInTwo) {
  for (std::size_t shift = 0; shift < 4; ++shift) {
    std::string words(shift, '!');
    for (int i = 0; i < 100; ++i)
      words += "\xe2\x89\xa5"; // U+2265, three bytes
    const auto text = fingerprint(words);
    EXPECT_LE(text.size(), 160u);
    EXPECT_EQ((text.size() - shift) % 3, 0u) << shift;
  }
}

TEST(fingerprint, TakesBytesThatAreNoText) {
  EXPECT_LE(fingerprint(std::string(500, '\x80')).size(), 160u);
  EXPECT_LE(fingerprint(std::string(500, '\xff')).size(), 160u);
  EXPECT_EQ(fingerprint(std::string(1, '\0')).size(), 1u);
}

TEST(fingerprint, IsItsOwnFingerprint) {
  for (const auto* text : {"cannot open /tmp/fc-1/setup.py: 12 bytes",
                           "object at 0x7f00aa", "took 12.5 s"})
    EXPECT_EQ(fingerprint(fingerprint(text)), fingerprint(text)) << text;
}

} // namespace
} // namespace fc::actors
