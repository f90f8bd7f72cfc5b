#include "events/policy/speedup/reach.hpp"

#include <gtest/gtest.h>

namespace fc::events::policy::speedup {

TEST(reach, IsOrderedFromTheNearestOn) {
  auto last = reach_from("function");
  EXPECT_EQ(last, reach::function);
  for (const auto* name :
       {"module", "extension", "loaded", "unknown", "none"}) {
    EXPECT_LT(last, reach_from(name)) << name;
    last = reach_from(name);
  }
}

TEST(reach, IsNoneWhereTheHarnessSaysAnythingElse) {
  EXPECT_EQ(reach_from(""), reach::none);
  EXPECT_EQ(reach_from("Function"), reach::none);
}

TEST(reach, IsSureOnlyWhereChangedCodeRan) {
  benchmark_trial x;
  EXPECT_FALSE(is_reached(x));
  for (const auto* name : {"function", "module", "extension"}) {
    x.reach = name;
    EXPECT_TRUE(is_reached(x) && surely_reached(x)) << name;
  }
  for (const auto* name : {"loaded", "unknown"}) {
    x.reach = name;
    EXPECT_TRUE(is_reached(x) && !surely_reached(x)) << name;
  }
}

} // namespace fc::events::policy::speedup
