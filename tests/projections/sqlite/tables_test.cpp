#include "tests/projections/sqlite/fixture.hpp"
#include "tests/support/samples.hpp"

namespace fc::projections::sqlite {

using testing::ElementsAre;
using testing::HasSubstr;

struct sqlite_tables : sqlite_store {
  void SetUp() override {
    stories::write_in_turn(*log, stories::all());
    rebuild_all();
  }
};

TEST_F(sqlite_tables, PullRequestsSayHowFarEachCame) {
  EXPECT_THAT(
    rows("issue_number || '|' || stage_reached || '|' || outcome || '|' || "
         "ifnull(rule, '-') || '|' || ifnull(stage_next, '-') AS concat FROM "
         "pull_requests ORDER BY issue_number"),
    ElementsAre(
      "1|scrape_commits|rejected|title|-", "2|classify_prs|rejected|judge|-",
      "3|synthesize_images|rejected|build.head|-",
      testing::StartsWith("4|harbor_healthcheck|rejected|"),
      "5|publish|published|-|-", "6|resolve_packages|failed|attempts|-",
      "7|scrape_commits|open|-|classify_prs"));
}

TEST_F(sqlite_tables, PullRequestsKeepFactsAndVerdicts) {
  EXPECT_THAT(
    rows("owner || '/' || repo || '|' || title || '|' || merged_at || '|' || "
         "merge_kind || '|' || changed_files || '|' || "
         "json_extract(file_changes, '$[0].filename') || '|' || "
         "is_performance_commit_symbolic || '|' || is_performance_commit || "
         "'|' || classification AS concat FROM pull_requests WHERE "
         "issue_number = 5"),
    ElementsAre("acme/geo|Vectorise the grid, größer ≥ 2×|2024-04-06T11:30:00Z|"
                "squash|3|src/grid.py|1|1|"
                + samples::classified().category));
  EXPECT_THAT(rows("ifnull(is_performance_commit, 'null') || "
                   "is_performance_commit_symbolic AS concat FROM "
                   "pull_requests WHERE issue_number IN (1, 7)"),
              ElementsAre("null0", "null1"));
}

TEST_F(sqlite_tables, PackagesHaveOneRowForEachEnvironment) {
  EXPECT_THAT(rows("issue_number || package_name || probe_status AS concat "
                   "FROM packages ORDER BY issue_number")
                .size(),
              3U);
  EXPECT_THAT(
    rows("json_array_length(env_payload) AS concat FROM packages "
         "WHERE issue_number = 5"),
    ElementsAre(std::to_string(samples::resolved().requirements.size())));
}

TEST_F(sqlite_tables, TrialsJoinSamplesAndVerdict) {
  EXPECT_THAT(rows("issue_number || '|' || sequence || '|' || status || '|' || "
                   "accepted || '|' || round(max_speedup, 1) || '|' || "
                   "n_benchmarks AS concat FROM harbor_runs WHERE accepted"),
              ElementsAre("5|10|success|1|2.0|2"));
  EXPECT_THAT(rows("explanation AS concat FROM harbor_runs WHERE NOT accepted"),
              ElementsAre(HasSubstr("bench_hull.time_hull")));
  EXPECT_THAT(rows("json_array_length(reward_payload, '$.guards') || "
                   "json_extract(reward_payload, '$.candidates[0].accepted') "
                   "AS concat FROM harbor_runs WHERE accepted"),
              ElementsAre("41"));
}

TEST_F(sqlite_tables, TrialBenchmarksKeepEveryPair) {
  EXPECT_THAT(rows("benchmark || '|' || status || '|' || n_pairs || '|' || "
                   "ifnull(round(ratio, 2), '-') || '|' || "
                   "json_array_length(samples, '$.screen_base') AS concat "
                   "FROM trial_benchmarks WHERE issue_number = 5"),
              ElementsAre("bench_grid.Grid.time_build(1000)|ok|20|2.0|20",
                          "bench_grid.Grid.time_copy|ok|20|1.0|20",
                          "bench_large.time_one|error|0|-|0",
                          "bench_large.time_two|error|0|-|0",
                          "bench_old.time_broken|left_out|0|-|0"));
}

TEST_F(sqlite_tables, ReleasesHaveThePublishedRow) {
  EXPECT_THAT(rows("issue_number || '|' || task_id || '|' || month || '|' || "
                   "length(row_sha256) || '|' || round(speedup, 1) AS concat "
                   "FROM releases"),
              ElementsAre("5|acme__geo-5|2024-04|64|2.0"));
}

TEST_F(sqlite_tables, RepositoriesAndWindows) {
  EXPECT_THAT(rows("owner || '/' || repo || ingest_enabled || "
                   "ifnull(ingest_excluded_reason, '-') AS concat FROM "
                   "repositories ORDER BY owner"),
              ElementsAre("Some-Owner/tiny_geo.py0"
                            + samples::repository_excluded().reason,
                          "acme/geo1-"));
  EXPECT_THAT(
    rows("counted || '|' || stored AS concat FROM windows"),
    ElementsAre(std::to_string(samples::window_reconciled().counted) + "|"
                + std::to_string(samples::window_reconciled().stored)));
}

TEST_F(sqlite_tables, PullRequestsHaveWhatOnlyAServiceKnows) {
  EXPECT_THAT(
    rows("created_at || '|' || closed_at || '|' || length(head_sha) || '|' || "
         "labels || '|' || node_id || '|' || author || '|' || base_branch || "
         "'|' || json_array_length(linked_issues) AS concat FROM "
         "pull_requests WHERE issue_number = 5"),
    ElementsAre(testing::AllOf(
      HasSubstr("2024-05-03T07:08:09"), HasSubstr("PR_kwDOAbCdEf4AbCdE"),
      HasSubstr("\"" + samples::scraped().labels[0]))));
}

TEST_F(sqlite_tables, ARowOfAClonesPullRequestHasNullsForThem) {
  auto clone = samples::scraped();
  clone.number = 300;
  clone.node_id.clear();
  clone.created_at = clone.closed_at = {};
  clone.head.clear();
  stories::append(*log, stream_of(stories::id_of(300)),
                  events::make_event(clone));
  rebuild_all();
  EXPECT_THAT(rows("created_at IS NULL AND closed_at = merged_at AND head_sha "
                   "IS NULL AND labels IS NULL AND linked_issues IS NULL AS "
                   "concat FROM pull_requests WHERE issue_number = 300"),
              ElementsAre("1"));
}

TEST_F(sqlite_tables, RepositoriesHaveTheirCardAndTheirNames) {
  const auto seen = samples::repository_seen();
  EXPECT_THAT(
    rows("url || '|' || language || '|' || stars || '|' || "
         "json_array_length(topics) || '|' || node_id || '|' || fork || "
         "archived || '|' || found_by || '|' || ingest_excluded_rule AS concat "
         "FROM repositories WHERE owner = 'Some-Owner'"),
    ElementsAre("https://github.com/" + seen.repo.str() + "|" + seen.language
                + "|" + std::to_string(seen.stars) + "|"
                + std::to_string(seen.topics.size()) + "|" + seen.node_id + "|"
                + (seen.fork ? "1" : "0") + (seen.archived ? "1" : "0") + "|"
                + seen.found_by + "|" + samples::repository_excluded().rule));
  const auto stream = stream_of(seen.repo);
  const auto to = *events::repo_name::parse("new/name");
  stories::append(*log, stream,
                  events::make_event(
                    events::repository_renamed{seen.node_id, seen.repo, to}));
  stories::append(*log, stream,
                  events::make_event(events::repository_readmitted{
                    seen.repo, "holds no more", "stars"}));
  rebuild_all();
  EXPECT_THAT(rows("renamed_to || url || ingest_enabled || "
                   "(ingest_excluded_rule IS NULL) AS concat FROM "
                   "repositories WHERE owner = 'Some-Owner'"),
              ElementsAre("new/namehttps://github.com/new/name11"));
}

TEST_F(sqlite_tables, AuditTrailHasEveryEventInOrder) {
  EXPECT_THAT(rows("sequence || event || ifnull(rule, '') AS concat FROM "
                   "pr_events WHERE issue_number = 6 ORDER BY sequence"),
              ElementsAre("1Scraped", "2SymbolicPassed", "3Answered",
                          "4Classified", "5AttemptFailed", "6Deferred",
                          "7AttemptFailed", "8Droppedattempts"));
  EXPECT_THAT(rows("policy IS NULL AS concat FROM pr_events WHERE "
                   "issue_number = 7"),
              ElementsAre("1", "0"));
}

TEST_F(sqlite_tables, HoldNothingOfWhenAndByWhomTheLogWasWritten) {
  const auto all = dump();
  for (const auto* word : {"recorded_at", "event_id", "causation", "run-1",
                           "wall_seconds", "cpu_seconds"})
    EXPECT_EQ(all.find(word), std::string::npos) << word;
}

TEST_F(sqlite_tables, AnUnseenPullRequestHasItsVerdicts) {
  auto odd = stories::still_open();
  odd.stream = stream_of(stories::id_of(99));
  stories::append(*log, odd.stream, odd.events[1]);
  rebuild_all();
  EXPECT_THAT(rows("title IS NULL AND is_performance_commit_symbolic AS concat "
                   "FROM pull_requests WHERE issue_number = 99"),
              ElementsAre("1"));
}

TEST_F(sqlite_tables, ASecondTrialHasItsOwnRowAndNoOldVerdict) {
  stories::append(*log, stream_of(stories::id_of(4)),
                  stories::trial_event("bench_hull.time_hull", 1.0));
  rebuild_all();
  EXPECT_THAT(
    rows("sequence || ifnull(accepted, '-') AS concat FROM harbor_runs "
         "WHERE issue_number = 4 ORDER BY sequence"),
    ElementsAre("100", "12-"));
}

} // namespace fc::projections::sqlite
