#include "projections/reports/spend.hpp"
#include "tests/projections/reports/report_log.hpp"

namespace fc::reports {

using projections::spend;
using projections::spent_on;

namespace {

spent step(std::string stage, double seconds, double usd = 0) {
  return {std::move(stage), seconds, seconds / 2, 100, 10, usd, 1};
}

const projections::cost& of(const projections::spend_count& x, spent_on end) {
  return x.by_end[static_cast<std::size_t>(end)];
}

const auto one = in("a/b", 1);
const auto two = in("a/b", 2);
const auto other = in("c/d", 1);

/// One published, one rejected, one failed, and a run.
report_log some_costs() {
  report_log log;
  for (const auto& id : {one, two, other})
    log.see(id);
  log.add(one, step("classify_prs", 1, 0.5));
  log.add(two, step("classify_prs", 2, 0.5));
  log.add(one, step("harbor_healthcheck", 60));
  log.add(other, step("synthesize_images", 30));
  log.add(two, dropped{"classify_prs", "judge", "no", false});
  log.add(other, dropped{"synthesize_images", "attempts", "no", true});
  log.add(run_stream("run-1"), step("scrape_commits", 7));
  auto row = samples::published();
  log.add(one, row);
  return log;
}

} // namespace

TEST(spend_report, AddsUpByStage) {
  const auto total = some_costs().ask<spend>().total();
  EXPECT_EQ(total.total.steps, 5U);
  EXPECT_DOUBLE_EQ(total.total.wall_seconds, 100);
  EXPECT_DOUBLE_EQ(total.total.cpu_seconds, 50);
  EXPECT_DOUBLE_EQ(total.total.usd, 1);
  EXPECT_EQ(total.total.tokens, 50U);
  EXPECT_EQ(total.total.bytes, 500U);
  EXPECT_EQ(total.total.calls, 5U);
  EXPECT_EQ(total.stages.at("classify_prs").steps, 2U);
  EXPECT_DOUBLE_EQ(total.stages.at("classify_prs").wall_seconds, 3);
  EXPECT_THAT(projections::stages_in_order(total.stages),
              testing::ElementsAre("classify_prs", "synthesize_images",
                                   "harbor_healthcheck", "scrape_commits"));
}

TEST(spend_report, AddsUpByWhatCameOfIt) {
  const auto total = some_costs().ask<spend>().total();
  EXPECT_DOUBLE_EQ(of(total, spent_on::published).wall_seconds, 61);
  EXPECT_DOUBLE_EQ(of(total, spent_on::rejected).wall_seconds, 2);
  EXPECT_DOUBLE_EQ(of(total, spent_on::failed).wall_seconds, 30);
  EXPECT_DOUBLE_EQ(of(total, spent_on::open).wall_seconds, 0);
  EXPECT_DOUBLE_EQ(of(total, spent_on::no_pull_request).wall_seconds, 7);
  EXPECT_EQ(total.published(), 1U);
  double sum = 0;
  for (const auto& each : total.by_end)
    sum += each.wall_seconds;
  EXPECT_DOUBLE_EQ(sum, total.total.wall_seconds);
}

TEST(spend_report, AddsUpByRepository) {
  const auto places = some_costs().ask<spend>().repositories();
  ASSERT_EQ(places.size(), 3U);
  EXPECT_DOUBLE_EQ(places.at("a/b").total.wall_seconds, 63);
  EXPECT_EQ(places.at("a/b").published(), 1U);
  EXPECT_DOUBLE_EQ(places.at("c/d").total.wall_seconds, 30);
  EXPECT_EQ(places.at("c/d").published(), 0U);
  EXPECT_DOUBLE_EQ(places.at("").total.wall_seconds, 7);
}

TEST(spend_report, IsOfOneRepositoryWhereOneIsNamed) {
  const auto report = some_costs().ask<spend>({other.repo});
  EXPECT_DOUBLE_EQ(report.total().total.wall_seconds, 30);
  EXPECT_EQ(report.total().published(), 0U);
  EXPECT_EQ(report.repositories().size(), 1U);
}

TEST(spend_report, CountsAPublishedTaskThatCostNothing) {
  report_log log;
  log.see(one);
  log.add(one, samples::published());
  const auto total = log.ask<spend>().total();
  EXPECT_EQ(total.published(), 1U);
  EXPECT_EQ(total.total.steps, 0U);
}

TEST(spend_report, CountsAWithdrawnTaskAsPublishedNoMore) {
  auto log = some_costs();
  log.add(one, samples::of(std::type_identity<withdrawn>{}));
  const auto total = log.ask<spend>().total();
  EXPECT_EQ(total.published(), 0U);
  EXPECT_DOUBLE_EQ(of(total, spent_on::rejected).wall_seconds, 63);
}

TEST(spend_report, OfAnEmptyLogIsNothing) {
  const auto report = report_log{}.ask<spend>();
  EXPECT_EQ(report.total().total.steps, 0U);
  EXPECT_TRUE(report.repositories().empty());
}

} // namespace fc::reports
