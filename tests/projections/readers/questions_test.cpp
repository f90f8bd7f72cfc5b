#include "projections/registry.hpp"
#include "projections/replay.hpp"
#include "tests/projections/readers/database.hpp"
#include "tests/projections/stories.hpp"
#include "tests/support/corpus/corpus.hpp"
#include "tests/support/samples.hpp"

#include <gmock/gmock.h>

#include <map>

namespace fc::projections::readers {

using events::describe;
using testing::Each;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

namespace {

using log_ptr = std::shared_ptr<events::log::event_log>;

log_ptr sample_log() {
  log_ptr log = events::log::make_memory_log();
  stories::write_in_turn(*log, stories::all());
  return log;
}

log_ptr corpus_log() {
  log_ptr log = events::log::make_memory_log();
  support::corpus_options options;
  options.pull_requests = 600;
  const auto done = support::write_corpus(*log, options);
  EXPECT_TRUE(done) << describe(done.error());
  return log;
}

struct log_kind {
  std::string name;
  log_ptr (*make)();
};

const std::vector<log_kind> all_logs{{"sample", sample_log},
                                     {"corpus", corpus_log}};

using asked = std::tuple<database_kind, log_kind>;

/// Tables of a log, and what the log says of each pull request.
class questions : public testing::TestWithParam<asked> {
protected:
  void SetUp() override {
    const auto& [kind, log_of] = GetParam();
    if (const auto why = kind.absent(); !why.empty())
      GTEST_SKIP() << why;
    log = log_of.make();
    tables = kind.make();
    const auto done = tables->open(*log)->rebuild();
    ASSERT_TRUE(done) << describe(done.error());
    stream_views known{*log};
    const auto each = [&](const events::record& at) -> events::error {
      auto view = known.before(at);
      if (!view)
        return view.error();
      if (auto err
          = events::visit(at, [&](const auto& x) { (*view)->apply(at, x); }))
        return err;
      if ((*view)->pull_request)
        truth.insert_or_assign(at.stream, *(*view)->pull_request);
      return {};
    };
    const auto err = for_each_record(
      *log, 1, [] { return true; }, each);
    ASSERT_FALSE(err) << describe(err);
  }

  std::string count(const std::string& from) const {
    const auto rows = tables->ask("select count(*) from " + from);
    return rows.empty() ? "no answer" : rows.front();
  }

  /// How many pull requests the log says something of.
  template <class F>
  std::string true_count(F&& what) const {
    std::size_t result = 0;
    for (const auto& [stream, view] : truth)
      result += what(view) ? 1 : 0;
    return std::to_string(result);
  }

  log_ptr log;
  std::unique_ptr<database> tables;
  std::map<events::stream_name, pull_request_view> truth;
};

INSTANTIATE_TEST_SUITE_P(of, questions,
                         testing::Combine(testing::ValuesIn(all_databases()),
                                          testing::ValuesIn(all_logs)),
                         [](const auto& x) {
                           return std::get<0>(x.param).name + "_"
                                  + std::get<1>(x.param).name;
                         });

/// Regression: a build that failed had a row, so the dashboard's "containers"
/// counted it.
TEST_P(questions, ContainersAreEnvironmentsThatWork) {
  EXPECT_EQ(count("candidate_containers"),
            true_count([](const auto& x) { return x.image.has_value(); }));
  EXPECT_NE(count("candidate_containers"), "0");
  EXPECT_EQ(count("candidate_containers where container_name is null or "
                  "not built"),
            "0");
  const auto failed = true_count([](const auto& x) {
    return !x.builds.empty() && !x.builds.back().built && !x.image;
  });
  EXPECT_NE(failed, "0");
  EXPECT_EQ(count("(select owner, repo, issue_number from error_logs "
                  "except select owner, repo, issue_number from error_logs "
                  "where success) x"),
            failed);
}

/// Regression: the flag was null everywhere, so a dashboard that counts rows
/// where it holds showed none.
TEST_P(questions, PackagesCountThoseThatCanBeInstalled) {
  EXPECT_EQ(count("packages where can_install is null"), "0");
  EXPECT_EQ(count("packages where resolution_strategy is null or "
                  "resolution_strategy = ''"),
            "0");
  EXPECT_EQ(count("packages"), true_count([](const auto& x) {
              return x.state.resolution || x.state.environment;
            }));
  EXPECT_EQ(count("packages where can_install"), true_count([](const auto& x) {
              const auto& verdict = x.state.environment;
              return x.image || (verdict && verdict->probe == "complete");
            }));
}

/// Regression: attempts were counted from 1, so "solved at the first attempt"
/// was empty.
TEST_P(questions, TheFirstAttemptIsNumberNought) {
  EXPECT_NE(count("error_logs where attempt_index = 0"), "0");
  EXPECT_EQ(count("(select owner from error_logs group by owner, repo, "
                  "issue_number having min(attempt_index) <> 0 or "
                  "max(attempt_index) <> count(*) - 1) x"),
            "0");
  EXPECT_EQ(count("runner_failures where attempt_index < 0"), "0");
  if (std::get<1>(GetParam()).name == "corpus") {
    EXPECT_NE(count("runner_failures where attempt_index = 0"), "0");
  }
}

TEST_P(questions, AttemptsSayWhereTheyFailedHowLongTheyTookAndWhatTheyTook) {
  EXPECT_EQ(count("error_logs where success and failure_stage is not null"),
            "0");
  EXPECT_EQ(count("error_logs where not success and (failure_stage is null or "
                  "error_message is null)"),
            "0");
  EXPECT_THAT(tables->ask("select distinct failure_stage from error_logs where "
                          "not success"),
              Each(testing::AnyOf("env", "pkg")));
  EXPECT_THAT(tables->ask("select distinct agent_name from error_logs"),
              ElementsAre("none"));
  // Every build of these logs took a while.
  EXPECT_EQ(count("error_logs where duration_s is null or duration_s <= 0 or "
                  "resource_metrics is null"),
            "0");
}

/// Regression: a rejected run had the speedup 0, and one whose best benchmark
/// was not accepted hid it.
TEST_P(questions, TheBestSpeedupIsTheLargestThatWasMeasured) {
  EXPECT_EQ(count("harbor_runs where max_speedup = 0 or geomean_speedup = 0 or "
                  "speedup_low = 0 or speedup_high = 0 or geomean_low = 0 or "
                  "aa_floor < 0"),
            "0");
  EXPECT_EQ(count("harbor_runs where status = 'success' and (max_speedup is "
                  "null or geomean_speedup is null)"),
            "0");
  EXPECT_EQ(count("harbor_runs h left join (select owner, repo, issue_number, "
                  "sequence, max(ratio) as best from trial_benchmarks where "
                  "status = 'ok' group by owner, repo, issue_number, sequence) "
                  "b on h.owner = b.owner and h.repo = b.repo and "
                  "h.issue_number = b.issue_number and h.sequence = b.sequence "
                  "where coalesce(h.max_speedup, 0) <> coalesce(b.best, 0)"),
            "0");
  EXPECT_NE(count("harbor_runs where status = 'success' and not accepted"),
            "0");
}

TEST_P(questions, WhatIsPublishableIsToldWhereverItWasMeasured) {
  EXPECT_EQ(count("harbor_runs where publishable and (status <> 'success' or "
                  "max_speedup < 1.05 or not accepted or control)"),
            "0");
  EXPECT_EQ(count("(select owner, repo, issue_number from releases where not "
                  "withdrawn except select owner, repo, issue_number from "
                  "harbor_runs where publishable) x"),
            "0");
  EXPECT_NE(count("harbor_runs where publishable"), "0");
}

TEST_P(questions, MonthsAreThoseOfTheMerge) {
  EXPECT_EQ(count("pull_requests where merged_at is null or closed_at is "
                  "null"),
            "0");
  std::map<std::string, int> months;
  for (const auto& [stream, view] : truth)
    ++months[events::to_iso8601(view.state.facts->merged_at).substr(0, 7)];
  std::vector<std::string> wanted;
  for (const auto& [month, number] : months)
    wanted.push_back(month + "|" + std::to_string(number));
  EXPECT_EQ(tables->ask("select substr(cast(merged_at as text), 1, 7) as m, "
                        "count(*) from pull_requests group by 1 order by 1"),
            wanted);
}

TEST_P(questions, RunsAndFailuresJoin) {
  EXPECT_EQ(count("runner_failures f where not exists (select 1 from "
                  "runner_progress p where p.runner_id = f.runner_id)"),
            "0");
  EXPECT_EQ(count("runner_progress where total - completed - failed < 0"), "0");
}

/// A build that failed after one that worked takes no environment away.
TEST(readers, ALaterBuildThatFailsTakesNoEnvironmentAway) {
  for (const auto& kind : all_databases()) {
    if (!kind.absent().empty())
      continue;
    const auto log = sample_log();
    const auto tables = kind.make();
    const auto target = tables->open(*log);
    ASSERT_TRUE(target->rebuild());
    auto broken = samples::synthesized();
    broken.sides.front().ok = false;
    broken.sides.front().error = "gone";
    stories::append(*log, events::stream_of(stories::id_of(5)),
                    events::make_event(broken));
    const auto query = "select container_name is not null, created_at from "
                       "candidate_containers where issue_number = 5";
    const auto before = tables->ask(query);
    EXPECT_THAT(before, SizeIs(1));
    ASSERT_TRUE(target->follow());
    EXPECT_EQ(tables->ask(query), before) << kind.name;
    EXPECT_THAT(tables->ask("select attempt_index, failure_stage, "
                            "error_message from error_logs where issue_number "
                            "= 5 and not success"),
                ElementsAre("1|pkg|" + broken.sides.front().side + ": gone"))
      << kind.name;
    ASSERT_TRUE(target->rebuild());
    EXPECT_EQ(tables->ask(query), before) << kind.name;
  }
}

TEST(readers, WhereNothingWasMeasuredThereIsNoSpeedupAndNotNought) {
  auto nothing = samples::trialled();
  for (auto& each : nothing.benchmarks) {
    each.status = "error";
    for (auto* times : {&each.screen_base, &each.screen_head,
                        &each.confirm_base, &each.confirm_head})
      times->clear();
  }
  for (const auto& kind : all_databases()) {
    if (!kind.absent().empty())
      continue;
    const auto log = sample_log();
    stories::append(*log, events::stream_of(stories::id_of(5)),
                    events::make_event(nothing));
    const auto tables = kind.make();
    ASSERT_TRUE(tables->open(*log)->rebuild());
    EXPECT_THAT(tables->ask("select count(*), count(max_speedup), "
                            "count(geomean_speedup) from harbor_runs where "
                            "issue_number = 5 and n_benchmarks = 0"),
                ElementsAre("1|0|0"))
      << kind.name;
  }
}

} // namespace

} // namespace fc::projections::readers
