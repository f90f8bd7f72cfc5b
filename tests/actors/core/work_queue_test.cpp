#include "actors/core/work_queue.hpp"

#include <gtest/gtest.h>

namespace fc::actors {
namespace {

using events::stage;

constexpr lease_seconds ten{10, 10, 10, 10, 10, 10};
const std::vector<std::uint8_t> all{0, 1, 2, 3, 4, 5};

work_request_ptr
request(stage what, const std::string& name = "pr/a/b#1", double delay_s = 0) {
  auto x = std::make_shared<work_request>();
  x->stream = name;
  x->what = what;
  x->attempt = 3;
  x->delay_s = delay_s;
  x->state = std::make_shared<const events::pull_request_state>();
  return x;
}

TEST(work_queue, GivesNothingWhileNothingWaits) {
  work_queue queue{4};
  EXPECT_EQ(queue.take(all, 0, ten), nullptr);
}

TEST(work_queue, HandsTheRequestOver) {
  work_queue queue{4};
  const auto asked = request(stage::trial, "pr/a/b#7");
  queue.add(asked, 0);
  EXPECT_EQ(queue.waiting(stage::trial), 1u);
  const auto job = queue.take(all, 0, ten);
  ASSERT_NE(job, nullptr);
  EXPECT_EQ(job->stream, "pr/a/b#7");
  EXPECT_EQ(job->what, stage::trial);
  EXPECT_EQ(job->attempt, 3u);
  EXPECT_EQ(job->state, asked->state);
  EXPECT_FALSE(job->stop->load());
  EXPECT_EQ(queue.waiting(stage::trial), 0u);
  EXPECT_EQ(queue.leased(stage::trial), 1u);
  EXPECT_EQ(queue.take(all, 0, ten), nullptr);
}

/// One that was under way when the program died: whose fault it was shows.
TEST(work_queue, KeepsASuspectAlone) {
  work_queue queue{4, [](const auto& stream) {
                     return stream == "pr/a/b#2";
                   }};
  queue.add(request(stage::trial, "pr/a/b#1"), 0);
  queue.add(request(stage::trial, "pr/a/b#2"), 0);
  queue.add(request(stage::trial, "pr/a/b#3"), 0);
  const auto first = queue.take(all, 0, ten);
  const auto third = queue.take(all, 0, ten);
  EXPECT_EQ(third->stream, "pr/a/b#3");
  EXPECT_EQ(queue.take(all, 0, ten), nullptr);
  queue.finish(first->lease);
  EXPECT_EQ(queue.take(all, 0, ten), nullptr);
  queue.finish(third->lease);
  const auto second = queue.take(all, 0, ten);
  ASSERT_NE(second, nullptr);
  EXPECT_EQ(second->stream, "pr/a/b#2");
  queue.add(request(stage::trial, "pr/a/b#4"), 0);
  EXPECT_EQ(queue.take(all, 0, ten), nullptr);
  queue.finish(second->lease);
  EXPECT_NE(queue.take(all, 0, ten), nullptr);
}

TEST(work_queue, TakesLaterStagesFirst) {
  work_queue queue{4};
  for (int i = 0; i < 10; ++i)
    queue.add(request(stage::classify), 0);
  for (const auto at : {stage::publish, stage::render})
    queue.add(request(at), 0);
  EXPECT_EQ(queue.take({0, 2, 5}, 0, ten)->what, stage::publish);
  EXPECT_EQ(queue.take({5, 2, 0}, 0, ten)->what, stage::render);
  EXPECT_EQ(queue.take(all, 0, ten)->what, stage::classify);
}

TEST(work_queue, TakesEarlierStagesFirstNearTheEnd) {
  work_queue queue{4};
  for (const auto at : {stage::publish, stage::classify, stage::render,
                        stage::classify, stage::publish})
    queue.add(request(at), 0);
  EXPECT_EQ(queue.take(all, 0, ten)->what, stage::publish) << "none is begun";
  EXPECT_EQ(queue.take(all, 0, ten)->what, stage::classify);
  EXPECT_EQ(queue.take(all, 0, ten)->what, stage::classify);
  EXPECT_EQ(queue.take(all, 0, ten)->what, stage::render);
  EXPECT_EQ(queue.take(all, 0, ten)->what, stage::publish);
}

TEST(work_queue, TakesLaterStagesFirstForOthersThatAreIdle) {
  work_queue queue{4};
  for (const auto at : {stage::classify, stage::render, stage::resolve})
    queue.add(request(at), 0);
  for (const auto at : {stage::render, stage::resolve, stage::classify})
    EXPECT_EQ(queue.take(all, 0, ten, true)->what, at);
}

TEST(work_queue, TakesTheOldestOfAStageFirst) {
  work_queue queue{4};
  queue.add(request(stage::classify, "first"), 0);
  queue.add(request(stage::classify, "second"), 0);
  EXPECT_EQ(queue.take(all, 0, ten)->stream, "first");
  EXPECT_EQ(queue.take(all, 0, ten)->stream, "second");
}

TEST(work_queue, GivesAWorkerOnlyWhatItServes) {
  work_queue queue{4};
  queue.add(request(stage::trial), 0);
  EXPECT_EQ(queue.take({0, 1, 2, 3, 5}, 0, ten), nullptr);
  EXPECT_EQ(queue.take({}, 0, ten), nullptr);
  EXPECT_NE(queue.take({4}, 0, ten), nullptr);
}

TEST(work_queue, HoldsDelayedWorkBackAndLetsOthersPass) {
  work_queue queue{4};
  queue.add(request(stage::classify, "delayed", 5), 100);
  queue.add(request(stage::classify, "due"), 101);
  EXPECT_EQ(queue.take(all, 101, ten)->stream, "due");
  EXPECT_EQ(queue.take(all, 104.9, ten), nullptr);
  EXPECT_EQ(queue.take(all, 105, ten)->stream, "delayed");
}

TEST(work_queue, EndsALeaseOnce) {
  work_queue queue{4};
  queue.add(request(stage::classify), 0);
  const auto job = queue.take(all, 0, ten);
  EXPECT_TRUE(queue.finish(job->lease));
  EXPECT_FALSE(queue.finish(job->lease));
  EXPECT_FALSE(queue.finish(job->lease + 1));
  EXPECT_FALSE(job->stop->load());
}

TEST(work_queue, ExpiresALeaseByItsStageAndTellsTheWorker) {
  work_queue queue{4};
  lease_seconds lease = ten;
  lease[static_cast<std::size_t>(stage::trial)] = 100;
  queue.add(request(stage::classify, "short"), 0);
  queue.add(request(stage::trial, "long"), 0);
  const auto long_job = queue.take(all, 0, lease);
  const auto short_job = queue.take(all, 0, lease);
  EXPECT_TRUE(queue.expire(9.9).empty());
  const auto ended = queue.expire(10);
  ASSERT_EQ(ended.size(), 1u);
  EXPECT_EQ(ended.front(), short_job);
  EXPECT_TRUE(short_job->stop->load());
  EXPECT_FALSE(long_job->stop->load());
  EXPECT_TRUE(queue.expire(10).empty());
}

TEST(work_queue, RefusesALateFinish) {
  work_queue queue{4};
  queue.add(request(stage::classify), 0);
  const auto job = queue.take(all, 0, ten);
  queue.expire(10);
  EXPECT_FALSE(queue.finish(job->lease));
}

TEST(work_queue, NeverGivesALeaseTwice) {
  work_queue queue{4};
  queue.add(request(stage::classify), 0);
  const auto first = queue.take(all, 0, ten)->lease;
  queue.expire(10);
  queue.add(request(stage::classify), 10);
  const auto second = queue.take(all, 10, ten)->lease;
  EXPECT_NE(first, second);
  EXPECT_FALSE(queue.finish(first));
  EXPECT_TRUE(queue.finish(second));
}

TEST(work_queue, BuildsOnlySoFarAhead) {
  work_queue queue{2};
  for (int i = 0; i < 4; ++i)
    queue.add(request(stage::synthesize), 0);
  const auto one = queue.take({3}, 0, ten);
  const auto two = queue.take({3}, 0, ten);
  ASSERT_TRUE(one && two);
  EXPECT_EQ(queue.take({3}, 0, ten), nullptr) << "two are being built";
  queue.finish(one->lease);
  queue.add(request(stage::trial), 0);
  EXPECT_EQ(queue.take({3}, 0, ten), nullptr) << "one waits to be measured";
  const auto trial = queue.take({4}, 0, ten);
  EXPECT_EQ(queue.take({3}, 0, ten), nullptr) << "one is being measured";
  queue.finish(trial->lease);
  EXPECT_NE(queue.take({3}, 0, ten), nullptr);
}

TEST(work_queue, DoesOtherWorkWhileItMayNotBuild) {
  work_queue queue{0};
  queue.add(request(stage::synthesize), 0);
  queue.add(request(stage::classify), 0);
  EXPECT_EQ(queue.take(all, 0, ten)->what, stage::classify);
  EXPECT_EQ(queue.take(all, 0, ten), nullptr);
}

TEST(work_queue, StopsWhatIsOutWhenItGoes) {
  work_ptr job;
  {
    work_queue queue{4};
    queue.add(request(stage::classify), 0);
    job = queue.take(all, 0, ten);
  }
  EXPECT_TRUE(job->stop->load());
}

} // namespace
} // namespace fc::actors
