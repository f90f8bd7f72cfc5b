#include "events/error.hpp"

#include <gtest/gtest.h>

namespace fc::events {

// Regression: asking the code of "no error" read through a null pointer.
TEST(error, NoErrorHasACodeToo) {
  EXPECT_EQ(code_of(error{}), ec::none);
  EXPECT_FALSE(is_transient(error{}));
  EXPECT_EQ(describe(error{}), "no error");
}

TEST(error, KeepsCodeAndText) {
  const auto err = make_error(ec::timeout, "waited 3 s");
  EXPECT_EQ(code_of(err), ec::timeout);
  EXPECT_TRUE(is_transient(err));
  EXPECT_EQ(describe(err), "timeout: waited 3 s");
}

} // namespace fc::events
