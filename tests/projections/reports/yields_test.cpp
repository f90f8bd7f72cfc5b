#include "projections/reports/yields.hpp"
#include "tests/projections/reports/report_log.hpp"

namespace fc::reports {

using projections::yield;
using projections::yields;

namespace {

/// A build that could not be done.
position fail_build(report_log& to, const pull_request_id& id) {
  attempt_failed x;
  x.stage = "synthesize_images";
  x.attempt = 1;
  return to.add(id, x);
}

} // namespace

TEST(yields, CountHowFarPullRequestsCame) {
  report_log log;
  stories::write_interleaved(*log.log, stories::all());
  const auto all = log.ask<yields>().all();
  const auto& x = all.at("acme/geo");
  EXPECT_EQ(x.stored, 7U);
  EXPECT_EQ(x.passed, 6U);
  EXPECT_EQ(x.judged, 4U);
  EXPECT_EQ(x.tried, 3U);
  EXPECT_EQ(x.built, 2U);
  EXPECT_EQ(x.measured, 2U);
  EXPECT_EQ(x.published, 1U);
  EXPECT_EQ(x.failed, 1U);
  EXPECT_EQ(x.open, 1U);
  EXPECT_FALSE(x.never_measured());
  EXPECT_TRUE(all.at(samples::repo().str()).repository.excluded);
}

TEST(yields, MarkWhatWasTriedOftenAndNeverMeasured) {
  report_log log;
  for (std::uint32_t i = 1; i <= yield::enough_tried; ++i) {
    EXPECT_EQ(log.ask<yields>().all()["post/hog"].never_measured(), false);
    log.see(in("post/hog", i));
    fail_build(log, in("post/hog", i));
    fail_build(log, in("post/hog", i));
  }
  const auto x = log.ask<yields>().all().at("post/hog");
  EXPECT_TRUE(x.never_measured());
  EXPECT_EQ(x.attempts, 2 * yield::enough_tried);
  stories::append(*log.log, stream_of(in("post/hog", 1)),
                  stories::trial_event("bench.time_x", 1.0));
  EXPECT_FALSE(log.ask<yields>().all().at("post/hog").never_measured());
}

TEST(yields, HaveRepositoriesOfWhichNothingIsStored) {
  report_log log;
  auto seen = samples::repository_seen();
  log.add(stream_of(seen.repo), seen);
  const auto all = log.ask<yields>().all();
  EXPECT_EQ(all.at(seen.repo.str()).stored, 0U);
  EXPECT_EQ(all.at(seen.repo.str()).repository.seen, seen);
  EXPECT_TRUE(log.ask<yields>({*repo_name::parse("no/body")}).all().empty());
}

TEST(repository_view, KeepsWhatALookAtGitOrTheServiceDoesNotKnow) {
  report_log log;
  repository_seen card;
  card.repo = samples::repo();
  card.node_id = "R_1";
  card.stars = 7;
  repository_seen git;
  git.repo = card.repo;
  git.head = "abc";
  git.suite_config = "asv.conf.json";
  const auto stream = stream_of(card.repo);
  const auto now = [&] {
    return log.ask<yields>().all().at(card.repo.str()).repository;
  };
  log.add(stream, card);
  log.add(stream, git);
  EXPECT_EQ(now().seen->stars, 7U);
  EXPECT_EQ(now().seen->suite_config, "asv.conf.json");
  log.add(stream, repository_excluded{card.repo, "none", "no_suite"});
  card.stars = 8;
  log.add(stream, card);
  EXPECT_EQ(now().seen->stars, 8U);
  EXPECT_EQ(now().seen->suite_config, "asv.conf.json");
  EXPECT_TRUE(now().excluded); // only a look at git lifts it
  log.add(stream, git);
  EXPECT_FALSE(now().excluded);
}

TEST(repository_view, KnowsBothNamesOfARenamedOne) {
  report_log log;
  const repository_renamed x{"R_1", *repo_name::parse("pymc-devs/pymc3"),
                             *repo_name::parse("pymc-devs/pymc")};
  log.add(stream_of(x.from), x);
  log.add(stream_of(x.to), x);
  const auto all = log.ask<yields>().all();
  EXPECT_EQ(all.at(x.from.str()).repository.renamed_to, x);
  EXPECT_EQ(all.at(x.to.str()).repository.renamed_from, x);
  EXPECT_FALSE(all.at(x.to.str()).repository.renamed_to);
}

} // namespace fc::reports
