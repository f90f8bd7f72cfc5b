#include "events/common/assert.hpp"
#include "events/ids.hpp"

#include <gtest/gtest.h>

namespace fc::events {

TEST(assertion, IsSilentWhereItHolds) {
  int looked = 0;
  FC_ASSERT(++looked == 1);
  FC_ASSERT(looked == 1, looked);
  EXPECT_EQ(looked, 1); // once, and in builds with NDEBUG too
}

TEST(assertion, NamesPlaceConditionAndValues) {
  const int planned = 3;
  const std::string stream{"pr/a/b#1"};
  EXPECT_DEATH(FC_ASSERT(planned == 4, planned, stream),
               "assert_test\\.cpp:[0-9]+: this must hold and does not: "
               "planned == 4 \\(planned, stream = 3, 'pr/a/b#1'\\)");
}

TEST(assertion, NeedsNoValues) {
  EXPECT_DEATH(FC_ASSERT(1 > 2), "does not: 1 > 2\n");
}

TEST(assertion, ShowsADigestAsText) {
  const digest chain;
  EXPECT_DEATH(FC_ASSERT(chain != digest{}, chain), "chain = 0000");
}

TEST(assertion, KeepsATerminalSafe) {
  const std::string name{"a\x1b[2J"};
  EXPECT_DEATH(FC_ASSERT(name.empty(), name), "name = 'a\\\\");
}

} // namespace fc::events
