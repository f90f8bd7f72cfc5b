#include "actors/verify/bench_answers.hpp"

#include <gtest/gtest.h>

namespace fc::actors {
namespace {

// Regression: a number of modules that is none was cast all the same.
TEST(read_survey, RefusesANumberOfModulesThatIsNone) {
  for (const std::string count : {"1e300", "-1", "2.5", "null", "\"2\""}) {
    const auto x
      = read_survey(R"({"benchmarks": [], "modules": )" + count + "}");
    ASSERT_FALSE(x) << count;
    EXPECT_EQ(events::code_of(x.error()), events::ec::malformed) << count;
  }
}

TEST(read_survey, BoundsTheNumberOfModules) {
  EXPECT_EQ(read_survey(R"({"benchmarks": []})")->modules, 0U);
  EXPECT_EQ(read_survey(R"({"benchmarks": [], "modules": 7})")->modules, 7U);
  EXPECT_EQ(
    read_survey(R"({"benchmarks": [], "modules": 9999999999})")->modules,
    1'000'000U);
}

} // namespace
} // namespace fc::actors
