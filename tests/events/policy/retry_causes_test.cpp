#include "events/policy/verdicts.hpp"
#include "tests/events/policy/samples.hpp"

#include <gmock/gmock.h>

namespace fc::events::policy {
namespace {

using samples::shipped;
using ::testing::HasSubstr;

/// A pull request whose judge failed in these ways, one after another; "|":
/// it was set aside there.
pull_request_state after(const std::vector<std::string>& causes) {
  pull_request_state x;
  for (const auto& cause : causes) {
    if (cause == "|") {
      x.apply(deferred{"classify_prs", {}, "unavailable"});
      continue;
    }
    attempt_failed failure;
    failure.stage = "classify_prs";
    failure.cause = cause;
    failure.message = cause + ": as always";
    failure.fingerprint = sha256(as_bytes(failure.message));
    x.apply(failure);
  }
  return x;
}

std::variant<dropped, double, deferred>
next(const std::vector<std::string>& causes) {
  return after_failure(after(causes), stage::classify, 1, shipped());
}

bool waits(const std::vector<std::string>& causes) {
  return std::holds_alternative<double>(next(causes));
}

TEST(retry_causes, GiveEachFailureOfAModelItsOwnAttempts) {
  EXPECT_TRUE(waits({"malformed"}));
  EXPECT_TRUE(waits({"malformed", "malformed"}));
  const auto end = next({"malformed", "malformed", "malformed"});
  ASSERT_TRUE(std::holds_alternative<dropped>(end));
  EXPECT_TRUE(std::get<dropped>(end).failed);
  EXPECT_THAT(std::get<dropped>(end).explanation,
              HasSubstr("3 of 3 attempts failed"));
  EXPECT_TRUE(waits({"declined"}));
  EXPECT_FALSE(waits({"declined", "declined"}));
  EXPECT_FALSE(waits({"too_long"}));
}

TEST(retry_causes, DoNotAddUpWithOthers) {
  EXPECT_TRUE(waits({"declined", "malformed", "unavailable", "malformed"}));
  EXPECT_TRUE(waits({"malformed", "malformed", "declined"}));
  // Without a rule of its own it counts with its like alone.
  EXPECT_TRUE(waits({"malformed", "malformed", "not_found"}));
}

TEST(retry_causes, LeaveOpenWhatNeedsSomebodysHelp) {
  for (const auto* cause : {"no_money", "no_access"}) {
    const auto end = next({cause});
    ASSERT_TRUE(std::holds_alternative<deferred>(end)) << cause;
    EXPECT_EQ(std::get<deferred>(end), (deferred{"classify_prs", {}, cause}));
  }
  const std::vector<std::string> six(6, "unavailable");
  EXPECT_TRUE(std::holds_alternative<deferred>(next(six)));
}

TEST(retry_causes, BeginAnewAfterItWasSetAside) {
  EXPECT_TRUE(waits({"unavailable", "unavailable", "unavailable", "unavailable",
                     "unavailable", "unavailable", "|", "unavailable"}));
  EXPECT_TRUE(waits({"malformed", "malformed", "|", "malformed"}));
}

TEST(retry_causes, WaitLongerEachTimeUpToTheirOwnMost) {
  const auto wait = [](std::size_t n) {
    return std::get<double>(next(std::vector<std::string>(n, "unavailable")));
  };
  EXPECT_EQ(wait(1), 5);
  EXPECT_EQ(wait(2), 10);
  EXPECT_EQ(wait(5), 80);
}

TEST(retry_causes, MayBeLeftOutOfAPolicy) {
  auto text = std::string{shipped_policy()};
  for (std::size_t at; (at = text.find("[[retry.causes]]")) != text.npos;)
    text.erase(at, text.find("then =", at) + 15 - at);
  const auto old = parse_policy(text, "old.toml");
  ASSERT_TRUE(old) << describe(old.error());
  EXPECT_TRUE(old->retry.causes.empty());
  const auto end
    = after_failure(after({"no_money", "no_money"}), stage::classify, 0, *old);
  EXPECT_TRUE(std::holds_alternative<dropped>(end));
}

TEST(retry_causes, AreReadStrictly) {
  const auto mistake = [](const std::string& from, const std::string& to) {
    auto text = std::string{shipped_policy()};
    const auto at = text.find(from, text.find("[[retry.causes]]"));
    EXPECT_NE(at, text.npos) << from;
    text.replace(at, from.size(), to);
    const auto read = parse_policy(text, "my.toml");
    EXPECT_FALSE(read) << to;
    return read ? "" : describe(read.error());
  };
  EXPECT_THAT(mistake("cause = \"unavailable\"", "cause = \"bad_luck\""),
              HasSubstr("retry.causes.cause must be one of"));
  EXPECT_THAT(mistake("stage = \"classify_prs\"", "stage = \"judge\""),
              HasSubstr("retry.causes.stage must be one of"));
  EXPECT_THAT(mistake("then = \"defer\"", "then = \"no\""),
              HasSubstr("retry.causes.then"));
  EXPECT_THAT(mistake("attempts = 6", "attempts = 0"),
              HasSubstr("retry.causes.attempts"));
  EXPECT_THAT(mistake("backoff_max_s = 120.0", "backoff_max_s = 1.0"),
              HasSubstr("must not be below backoff_s"));
  EXPECT_THAT(mistake("cause = \"unavailable\"", "cause = \"malformed\""),
              HasSubstr("must not repeat itself"));
  EXPECT_THAT(mistake("attempts = 6", "attempt = 6"),
              HasSubstr("retry.causes.attempt is not known"));
}

} // namespace
} // namespace fc::events::policy
