#include "events/common/text.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace fc::events::common {

TEST(text, IsTrimmedAtBothEnds) {
  EXPECT_EQ(trimmed(" \t a b\r\n"), "a b");
  EXPECT_EQ(trimmed(" \n"), "");
  EXPECT_EQ(trimmed("'a' ", " '"), "a");
}

TEST(text, IsLoweredInAsciiAlone) {
  EXPECT_EQ(lower("AbZ-9 \xC3\x84"), "abz-9 \xC3\x84");
}

TEST(text, IsJoinedUpToALimit) {
  const std::vector<std::string> all{"a", "b", "c"};
  EXPECT_EQ(joined(std::vector<std::string>{}), "");
  EXPECT_EQ(joined(all), "a, b, c");
  EXPECT_EQ(joined(all, " "), "a b c");
  EXPECT_EQ(joined(all, ", ", 3), "a, b, c");
  EXPECT_EQ(joined(all, ", ", 2), "a, b and 1 more");
}

} // namespace fc::events::common
