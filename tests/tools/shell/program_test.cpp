#include "tools/shell/program.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

namespace fc::shell {

namespace {

/// What a program says whose main ends so.
std::string output_of(const std::function<int()>& body, int code) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(run("fc-data", body), code);
  return testing::internal::GetCapturedStderr();
}

} // namespace

TEST(program, WhatNobodyCaughtIsOneLine) {
  EXPECT_EQ(
    output_of([]() -> int { throw std::runtime_error{"two\nlines"}; }, 1),
    "fc-data: internal: two lines\n");
  EXPECT_THAT(output_of([]() -> int { throw 5; }, 1),
              testing::MatchesRegex("fc-data: internal: [^\n]+\n"));
}

TEST(program, EndsWithItsOwnCode) {
  EXPECT_EQ(output_of([] { return 3; }, 3), "");
}

} // namespace fc::shell
