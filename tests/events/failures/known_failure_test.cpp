#include "events/failures/known_failure.hpp"
#include "tests/support/samples.hpp"

#include <gtest/gtest.h>

namespace fc::events {
namespace {

pull_request_state state() {
  pull_request_state x;
  x.resolution = samples::resolved();
  return x;
}

TEST(is_lasting, HoldsForWhatNoRepeatMends) {
  EXPECT_TRUE(is_lasting(to_string(ec::refused)));
  for (const auto code :
       {ec::malformed, ec::not_found, ec::invalid_argument, ec::timeout,
        ec::unavailable, ec::rate_limited, ec::storage_failure, ec::cancelled,
        ec::internal, ec::missing_object, ec::conflict})
    EXPECT_FALSE(is_lasting(to_string(code))) << to_string(code);
  EXPECT_FALSE(is_lasting(""));
  EXPECT_FALSE(is_lasting("refused "));
}

TEST(subject_of, IsThatOfEveryBuildWithTheSameRequirements) {
  const auto subject = subject_of(state(), stage::synthesize);
  EXPECT_TRUE(subject);
  auto other = state();
  other.facts = samples::scraped();
  other.resolution->package_version = "9.9.9";
  EXPECT_EQ(subject_of(other, stage::synthesize), subject);
  other.resolution->requirements.push_back("numpy");
  EXPECT_NE(subject_of(other, stage::synthesize), subject);
  other = state();
  other.resolution->python_version = "3.8.1";
  EXPECT_NE(subject_of(other, stage::synthesize), subject);
}

TEST(subject_of, TellsListsApartThatReadTheSame) {
  auto one = state();
  auto two = state();
  one.resolution->build_requires = {"ab"};
  one.resolution->requirements = {};
  two.resolution->build_requires = {};
  two.resolution->requirements = {"ab"};
  EXPECT_NE(subject_of(one, stage::synthesize),
            subject_of(two, stage::synthesize));
  one.resolution->build_requires = {"a", "b"};
  two.resolution->build_requires = {"ab"};
  two.resolution->requirements = {};
  EXPECT_NE(subject_of(one, stage::synthesize),
            subject_of(two, stage::synthesize));
}

TEST(subject_of, IsNoneForStepsThatHaveOnlyTheirOwn) {
  for (const auto at : {stage::classify, stage::resolve, stage::render,
                        stage::trial, stage::publish})
    EXPECT_FALSE(subject_of(state(), at)) << to_string(at);
  EXPECT_FALSE(subject_of({}, stage::synthesize));
}

} // namespace
} // namespace fc::events
