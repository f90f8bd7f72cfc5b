#include "actors/core/log_writer.hpp"
#include "tests/actors/core/core_run.hpp"

#include "caf/event_based_actor.hpp"

#include <gmock/gmock.h>

namespace fc::actors {
namespace {

using by_hand::test_configuration;
using by_hand::watched_log;
using events::ec;
using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Property;

struct answer {
  append_reply reply;
  events::error failure;
};

class writer : public testing::Test {
protected:
  ~writer() override {
    caf::anon_send_exit(handle, caf::exit_reason::user_shutdown);
    scheduler.run();
  }

  static append_order
  order(std::vector<std::pair<std::string, events::sequence>> requests) {
    append_order x;
    for (auto& [stream, expected] : requests)
      x.requests.push_back(
        {stream, expected, {events::make_event(events::spent{})}});
    return x;
  }

  /// Asks; the answer comes with `scheduler.run()`.
  std::shared_ptr<answer> ask(append_order what) {
    auto got = std::make_shared<answer>();
    const auto send = [this, got](append_permit_ptr in) {
      system.spawn(
        [this, in = std::move(in), got](caf::event_based_actor* self) {
          self->request(handle, caf::infinite, append_atom::value, in)
            .then([got](const append_reply& x) { got->reply = x; },
                  [got](const caf::error& err) { got->failure = err; });
        });
    };
    if (auto at_once = limiter->acquire(std::move(what), send))
      send(std::move(at_once));
    return got;
  }

  std::shared_ptr<watched_log> log = std::make_shared<watched_log>();
  test_configuration configuration;
  caf::actor_system system{configuration};
  caf::scheduler::test_coordinator& scheduler
    = dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  std::shared_ptr<append_limiter> limiter = std::make_shared<append_limiter>();
  log_writer_actor handle
    = system.spawn(log_writer, log, events::log::origin{"run-1", "node-1"},
                   system.spawn(log_committer, log));
};

TEST_F(writer, WritesAnOrderAndAnswersIt) {
  const auto got = ask(order({{"a", 0}}));
  scheduler.run();
  ASSERT_EQ(got->reply.results.size(), 1u);
  EXPECT_EQ(got->reply.results[0].first, 1u);
  EXPECT_EQ(got->reply.results[0].now, 1u);
  const auto records = log->read_stream("a");
  ASSERT_EQ(records->size(), 1u);
  EXPECT_EQ(records->front().run, "run-1");
  EXPECT_EQ(records->front().node, "node-1");
}

TEST_F(writer, GathersWhatWaitsIntoOneBatch) {
  std::vector<std::shared_ptr<answer>> got;
  for (int i = 0; i < 100; ++i)
    got.push_back(ask(order({{"s" + std::to_string(i), 0}})));
  scheduler.run();
  EXPECT_THAT(log->batches, ElementsAre(100u));
  for (const auto& each : got) {
    ASSERT_EQ(each->reply.results.size(), 1u);
    EXPECT_FALSE(each->reply.results[0].failure);
  }
}

// Discovery waited five minutes for an answer that nobody would give.
TEST_F(writer, AnswersEverybodyWhenItEnds) {
  std::vector<std::shared_ptr<answer>> got;
  for (int i = 0; i < 20; ++i)
    got.push_back(ask(order({{"s" + std::to_string(i), 0}})));
  // Some are staged, some are at the committer, some are in the mailbox.
  for (int i = 0; i < 30; ++i)
    scheduler.run_once();
  caf::anon_send_exit(handle, caf::exit_reason::user_shutdown);
  scheduler.run();
  for (const auto& each : got)
    EXPECT_TRUE(each->failure || each->reply.results.size() == 1u);
}

TEST_F(writer, BoundsABatch) {
  constexpr std::size_t max_requests = log_writer_actor_state::max_requests;
  limiter = std::make_shared<append_limiter>(
    append_load{3 * max_requests, 1U << 20U});
  for (std::size_t i = 0; i < 2 * max_requests + 10; ++i)
    ask(order({{"s" + std::to_string(i), 0}}));
  scheduler.run();
  EXPECT_THAT(log->batches, ElementsAre(max_requests, max_requests, 10u));
}

TEST_F(writer, LetsMoreCallersThroughThanThereIsRoomFor) {
  limiter = std::make_shared<append_limiter>(append_load{8, 1U << 20U});
  std::vector<std::shared_ptr<answer>> got;
  for (int i = 0; i < 100; ++i)
    got.push_back(ask(order({{"s" + std::to_string(i), 0}})));
  EXPECT_EQ(limiter->now().requests, 8u);
  EXPECT_EQ(limiter->waiting(), 92u);
  scheduler.run();
  for (const auto& each : got) {
    ASSERT_EQ(each->reply.results.size(), 1u);
    EXPECT_FALSE(each->reply.results[0].failure);
  }
  EXPECT_EQ(log->last(), 100u);
  EXPECT_THAT(log->batches, Each(testing::Le(8u)));
  EXPECT_EQ(limiter->peak().requests, 8u);
  EXPECT_EQ(limiter->now(), append_load{});
}

TEST_F(writer, TellsThoseWhoWaitForRoomWhenTheLogRefuses) {
  limiter = std::make_shared<append_limiter>(append_load{2, 1U << 20U});
  log->refuses = true;
  std::vector<std::shared_ptr<answer>> got;
  for (int i = 0; i < 9; ++i)
    got.push_back(ask(order({{"s" + std::to_string(i), 0}})));
  scheduler.run();
  for (const auto& each : got)
    EXPECT_EQ(events::code_of(each->failure), ec::storage_failure);
  EXPECT_EQ(limiter->now(), append_load{});
}

TEST_F(writer, GivesItsRoomBackWhenItEnds) {
  limiter = std::make_shared<append_limiter>(append_load{2, 1U << 20U});
  std::vector<std::shared_ptr<answer>> got;
  for (int i = 0; i < 9; ++i)
    got.push_back(ask(order({{"s" + std::to_string(i), 0}})));
  caf::anon_send_exit(handle, caf::exit_reason::user_shutdown);
  scheduler.run();
  for (const auto& each : got)
    EXPECT_TRUE(each->failure || !each->reply.results.empty());
  EXPECT_EQ(limiter->now(), append_load{});
  EXPECT_EQ(limiter->waiting(), 0u);
}

TEST_F(writer, PlansOnWhileABatchIsWritten) {
  // Both halves of both orders, the second one planned before the first is
  // written: it knows the stream as it will be.
  const auto first = ask(order({{"a", 0}}));
  scheduler.run_once();
  const auto second = ask(order({{"a", 1}}));
  const auto late = ask(order({{"a", 1}}));
  scheduler.run();
  EXPECT_EQ(first->reply.results.at(0).now, 1u);
  EXPECT_EQ(second->reply.results.at(0).now, 2u);
  EXPECT_EQ(events::code_of(late->reply.results.at(0).failure), ec::conflict);
}

TEST_F(writer, GivesEachOrderItsOwnResults) {
  const auto two = ask(order({{"a", 0}, {"b", 0}}));
  const auto bad = ask(order({{"a", 7}}));
  const auto none = ask(order({}));
  const auto one = ask(order({{"a", 1}}));
  scheduler.run();
  EXPECT_THAT(log->batches, ElementsAre(4u));
  ASSERT_EQ(two->reply.results.size(), 2u);
  EXPECT_EQ(two->reply.results[1].first, 2u);
  ASSERT_EQ(bad->reply.results.size(), 1u);
  EXPECT_EQ(events::code_of(bad->reply.results[0].failure), ec::conflict);
  EXPECT_THAT(none->reply.results, IsEmpty());
  ASSERT_EQ(one->reply.results.size(), 1u);
  EXPECT_EQ(one->reply.results[0].now, 2u);
}

TEST_F(writer, GoesOnWithTheNextBatch) {
  ask(order({{"a", 0}}));
  scheduler.run();
  ask(order({{"a", 1}}));
  scheduler.run();
  EXPECT_THAT(log->batches, ElementsAre(1u, 1u));
  EXPECT_EQ(*log->stream_version("a"), 2u);
}

TEST_F(writer, TellsEverybodyWhenTheLogRefuses) {
  log->refuses = true;
  std::vector<std::shared_ptr<answer>> got{ask(order({{"a", 0}})),
                                           ask(order({{"b", 0}}))};
  scheduler.run();
  for (const auto& each : got) {
    EXPECT_EQ(events::code_of(each->failure), ec::storage_failure);
    EXPECT_THAT(each->reply.results, IsEmpty());
  }
  EXPECT_EQ(log->last(), 0u);
}

TEST_F(writer, KeepsBlobs) {
  auto x = order({{"a", 0}});
  const auto large = events::log::make_blob("large");
  x.blobs.push_back(large);
  ask(std::move(x));
  scheduler.run();
  const auto data = log->blob_of(large.id);
  ASSERT_TRUE(data);
  EXPECT_EQ(events::as_text(*data), "large");
}

} // namespace
} // namespace fc::actors
