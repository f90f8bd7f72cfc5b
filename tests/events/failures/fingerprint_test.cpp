#include "events/failures/fingerprint.hpp"

#include <gtest/gtest.h>

namespace fc::events {
namespace {

TEST(fingerprint, LeavesPlainWordsAlone) {
  EXPECT_EQ(generalised("no matching distribution found"),
            "no matching distribution found");
  EXPECT_EQ(generalised(""), "");
}

TEST(fingerprint, ForgetsNumbers) {
  EXPECT_EQ(generalised("took 12.5 s"), generalised("took 3.25 s"));
  EXPECT_EQ(generalised("line 7: bad"), generalised("line 1234: bad"));
  EXPECT_NE(generalised("line 7: bad"), generalised("line 7: worse"));
}

TEST(fingerprint, ForgetsWhereAFileLies) {
  EXPECT_EQ(generalised("cannot open /tmp/fc-1a2b/env/setup.py"),
            generalised("cannot open /var/other/setup.py"));
  EXPECT_NE(generalised("cannot open /tmp/setup.py"),
            generalised("cannot open /tmp/setup.cfg"));
}

TEST(fingerprint, ForgetsHashesAndAddresses) {
  EXPECT_EQ(generalised("object at 0x7f00aa"), "object at <id>");
  EXPECT_EQ(generalised("commit 61cb8e181700b8 is gone"),
            generalised("commit 0123456789abcdef is gone"));
}

TEST(fingerprint, JoinsWhiteSpace) {
  EXPECT_EQ(generalised("a \t\n b"), "a b");
}

TEST(fingerprint, TakesBytesThatAreNoText) {
  EXPECT_EQ(generalised(std::string(500, '\x80')).size(), 500u);
  EXPECT_EQ(generalised(std::string(1, '\0')).size(), 1u);
}

TEST(fingerprint, TellsMessagesApartThatDifferAtTheirEnd) {
  const std::string long_part(1000, 'x');
  EXPECT_NE(fingerprint_of(long_part + " one"),
            fingerprint_of(long_part + " two"));
  EXPECT_EQ(fingerprint_of("took 12.5 s"), fingerprint_of("took 3.25 s"));
}

TEST(fingerprint, OfNothingIsNone) {
  EXPECT_FALSE(fingerprint_of(""));
}

TEST(fingerprint, IsItsOwnFingerprint) {
  for (const auto* text : {"cannot open /tmp/fc-1/setup.py: 12 bytes",
                           "object at 0x7f00aa", "took 12.5 s"})
    EXPECT_EQ(generalised(generalised(text)), generalised(text)) << text;
}

} // namespace
} // namespace fc::events
