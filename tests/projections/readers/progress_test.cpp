#include "events/log/snapshot/log_snapshot.hpp"
#include "projections/registry.hpp"
#include "tests/projections/readers/database.hpp"
#include "tests/projections/stories.hpp"
#include "tests/support/corpus/corpus.hpp"
#include "tests/support/samples.hpp"

#include <gmock/gmock.h>

namespace fc::projections::readers {

using events::describe;
using testing::ElementsAre;

namespace {

const std::string all_rows
  = "select runner_id, total, completed, failed, total - completed - failed "
    "from runner_progress where total > 0 order by runner_id";

/// A run that is going on, and tables that follow it.
class progress : public testing::TestWithParam<database_kind> {
protected:
  void SetUp() override {
    if (const auto why = GetParam().absent(); !why.empty())
      GTEST_SKIP() << why;
    tables = GetParam().make();
    target = tables->open(*log);
    append(run, events::make_event(samples::run_started()));
    follow();
  }

  void append(const events::stream_name& stream,
              const events::new_event& event) const {
    stories::append(*log, stream, event);
  }

  void append_story(const stories::story& x, std::size_t from,
                    std::size_t to) const {
    for (auto i = from; i < std::min(to, x.events.size()); ++i)
      append(x.stream, x.events[i]);
  }

  void follow() const {
    for (;;) {
      const auto done = target->follow();
      ASSERT_TRUE(done) << describe(done.error());
      if (done->up_to.at == log->last())
        return;
    }
  }

  /// The rows of the run, of tables that are brought up to date.
  std::vector<std::string> now() const {
    follow();
    return tables->ask(all_rows);
  }

  const events::stream_name run = events::run_stream("run-1");
  std::unique_ptr<events::log::event_log> log = events::log::make_memory_log();
  std::unique_ptr<database> tables;
  std::unique_ptr<table_target> target;
};

INSTANTIATE_TEST_SUITE_P(of, progress, testing::ValuesIn(all_databases()),
                         [](const auto& x) { return x.param.name; });

/// Regression: the counts were 0 until the run ended.
TEST_P(progress, MovesWhileTheRunGoesOn) {
  EXPECT_THAT(
    tables->ask("select runner_id, total, started_at is not null from "
                "runner_progress where runner_name = 'fc-data' and "
                "not finished"),
    testing::SizeIs(1));
  append_story(stories::rejected_by_title(), 0, 9); // no stage has it
  EXPECT_THAT(now(), ElementsAre());
  append_story(stories::still_open(), 0, 9);
  EXPECT_THAT(now(),
              ElementsAre("run-1|1|0|0|1", "run-1/classify_prs|1|0|0|1"));
  append_story(stories::judged_no(), 0, 9);
  EXPECT_THAT(now(),
              ElementsAre("run-1|2|1|0|1", "run-1/classify_prs|2|1|0|1"));
  append_story(stories::given_up(), 0, 7);
  EXPECT_THAT(now(), ElementsAre("run-1|3|1|0|2", "run-1/classify_prs|3|2|0|1",
                                 "run-1/resolve_packages|1|0|0|1"));
  append_story(stories::given_up(), 7, 8);
  EXPECT_THAT(now(), ElementsAre("run-1|3|1|1|1", "run-1/classify_prs|3|2|0|1",
                                 "run-1/resolve_packages|1|0|1|0"));
  append_story(stories::published_one(), 0, 99);
  EXPECT_THAT(now(), ElementsAre("run-1|4|2|1|1", "run-1/classify_prs|4|3|0|1",
                                 "run-1/harbor_healthcheck|1|1|0|0",
                                 "run-1/publish|1|1|0|0",
                                 "run-1/render_problems|1|1|0|0",
                                 "run-1/resolve_packages|2|1|1|0",
                                 "run-1/synthesize_images|1|1|0|0"));
  const auto followed
    = tables->ask("select * from runner_progress order by runner_id");
  ASSERT_TRUE(target->rebuild());
  EXPECT_EQ(tables->ask("select * from runner_progress order by runner_id"),
            followed);
}

TEST_P(progress, IsTheSameForWhoComesLater) {
  append_story(stories::still_open(), 0, 9);
  append_story(stories::given_up(), 0, 6);
  append_story(stories::published_one(), 0, 8);
  follow();
  // Another program goes on where this one ended.
  target = tables->open(*log);
  append_story(stories::published_one(), 8, 99);
  append_story(stories::given_up(), 6, 8);
  const auto followed = now();
  EXPECT_THAT(followed, testing::SizeIs(7));
  ASSERT_TRUE(target->rebuild());
  EXPECT_EQ(tables->ask(all_rows), followed);
}

TEST_P(progress, EndsWithWhatTheRunCounted) {
  append_story(stories::published_one(), 0, 99);
  events::run_finished end;
  end.published = 1;
  end.stages = {{"classify_prs", 2, 1, 0, 0}, {"publish", 1, 0, 0, 0}};
  append(run, events::make_event(end));
  follow();
  EXPECT_THAT(tables->ask("select runner_id, total, completed, failed from "
                          "runner_progress where finished and runner_id in "
                          "('run-1', 'run-1/classify_prs', 'run-1/publish') "
                          "order by runner_id"),
              ElementsAre("run-1|2|2|0", "run-1/classify_prs|3|3|0",
                          "run-1/publish|1|1|0"));
  EXPECT_THAT(tables->ask("select count(*) from runner_progress where not "
                          "finished"),
              ElementsAre("0"));
}

/// What an earlier run left open counts from the first event of this one.
TEST_P(progress, OfWhatAnEarlierRunBeganCountsWhatThisOneDid) {
  const auto one = stories::published_one();
  const auto before = [&](std::size_t i) {
    const auto seen = *log->stream_version(one.stream);
    const auto done = log->append({{one.stream, seen, {one.events[i]}}},
                                  samples::blobs(), {"run-0", "n"});
    ASSERT_TRUE(done);
  };
  for (std::size_t i = 0; i < 4; ++i)
    before(i);
  EXPECT_THAT(now(), ElementsAre());
  append_story(one, 4, 6);
  EXPECT_THAT(now(),
              ElementsAre("run-1|1|0|0|1", "run-1/render_problems|1|0|0|1",
                          "run-1/resolve_packages|1|1|0|0"));
}

TEST_P(progress, OfACorpusRunIsThereBeforeItsEnd) {
  const auto corpus = events::log::make_memory_log();
  support::corpus_options options;
  options.pull_requests = 400;
  const auto made = support::write_corpus(*corpus, options);
  ASSERT_TRUE(made) << describe(made.error());
  const events::log::log_snapshot before{*corpus, corpus->last() - 1};
  const auto other = GetParam().make();
  ASSERT_TRUE(other->open(before)->rebuild());
  EXPECT_THAT(other->ask("select total, failed, completed from runner_progress "
                         "where runner_name = 'fc-data' and not finished"),
              ElementsAre(std::to_string(made->passed) + "|"
                          + std::to_string(made->failed) + "|"
                          + other->ask("select count(*) from pull_requests "
                                       "where outcome in ('published', "
                                       "'rejected') and "
                                       "is_performance_commit_symbolic")[0]));
}

} // namespace

} // namespace fc::projections::readers
