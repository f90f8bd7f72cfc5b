#include "events/failures/fingerprint.hpp"
#include "projections/reports/failures.hpp"
#include "tests/projections/reports/report_log.hpp"

namespace fc::reports {

using projections::failures;

namespace {

attempt_failed failed(std::string message, std::string stage = "publish") {
  attempt_failed x;
  x.stage = std::move(stage);
  x.cause = "timeout";
  x.fingerprint = fingerprint_of(message);
  x.message = std::move(message);
  return x;
}

const auto one = in("a/b", 1);
const auto two = in("a/b", 2);
const auto other = in("c/d", 1);

} // namespace

TEST(failure_groups, CountLikeFailuresTogether) {
  report_log log;
  for (const auto& id : {one, two, other})
    log.see(id);
  const auto first = log.add(one, failed("no answer after 12 s"));
  log.add(two, failed("no answer after 15 s", "harbor_healthcheck"));
  log.add(other, failed("disk full"));
  const auto last = log.add(two, failed("no answer after 3 s"));
  const auto report = log.ask<failures>();
  const auto groups = report.groups();
  ASSERT_EQ(groups.size(), 2U);
  const auto& max = *groups[0];
  EXPECT_EQ(max.count, 3U);
  EXPECT_EQ(max.pull_requests.size(), 2U);
  EXPECT_EQ(max.given_up, 0U);
  EXPECT_EQ(max.stages.at("publish"), 2U);
  EXPECT_EQ(max.stages.at("harbor_healthcheck"), 1U);
  EXPECT_EQ(max.causes.at("timeout"), 3U);
  EXPECT_EQ(max.repositories.at("a/b"), 3U);
  EXPECT_EQ(max.message, "no answer after 12 s");
  EXPECT_EQ(max.first.at, first);
  EXPECT_EQ(max.first.id, one);
  EXPECT_EQ(max.last.at, last);
  EXPECT_EQ(groups[1]->message, "disk full");
}

TEST(failure_groups, CountADropWithTheFailureThatLedToIt) {
  report_log log;
  log.see(one);
  log.add(one, failed("first kind"));
  log.add(one, failed("second kind"));
  log.add(one, dropped{"publish", "attempts", "no attempt of 2", true});
  const auto report = log.ask<failures>();
  const auto groups = report.groups();
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(groups[0]->given_up, 0U);
  EXPECT_EQ(groups[1]->message, "second kind");
  EXPECT_EQ(groups[1]->given_up, 1U);
  EXPECT_EQ(groups[1]->count, 1U);
}

TEST(failure_groups, CountADropByTheKnownFailure) {
  report_log log;
  log.see(one);
  auto known = samples::known_failure_avoided();
  known.failures.clear();
  log.add(one, known);
  log.add(one, dropped{known.stage, "known dead end", "not tried", true});
  const auto report = log.ask<failures>();
  ASSERT_EQ(report.groups().size(), 1U);
  const auto& group = *report.groups()[0];
  EXPECT_EQ(group.fingerprint, known.fingerprint);
  EXPECT_EQ(group.count, 1U);
  EXPECT_EQ(group.given_up, 1U);
  EXPECT_EQ(group.causes.begin()->first, known.cause);
}

TEST(failure_groups, CountADropWithoutFailureByItsWords) {
  report_log log;
  log.see(one);
  log.see(two);
  log.add(one, dropped{"scrape_commits", "no_suite", "no suite at all", true});
  log.add(two, dropped{"publish", "rule", "a verdict", false});
  const auto report = log.ask<failures>();
  ASSERT_EQ(report.groups().size(), 1U);
  EXPECT_EQ(report.groups()[0]->message, "no suite at all");
  EXPECT_EQ(report.groups()[0]->causes.at("no_suite"), 1U);
}

TEST(failure_groups, AreOfOneRepositoryWhereOneIsNamed) {
  report_log log;
  log.see(one);
  log.see(other);
  log.add(one, failed("x y"));
  log.add(other, failed("x y"));
  const auto report = log.ask<failures>({other.repo});
  ASSERT_EQ(report.groups().size(), 1U);
  EXPECT_EQ(report.groups()[0]->count, 1U);
  EXPECT_EQ(report.groups()[0]->repositories.count("a/b"), 0U);
}

TEST(failure_groups, OfAnEmptyLogAreNone) {
  EXPECT_TRUE(report_log{}.ask<failures>().groups().empty());
}

} // namespace fc::reports
