#include "actors/services/limits/counting_semaphore.hpp"
#include "actors/services/limits/rate_limiter.hpp"
#include "tests/actors/services/limits/held_clock.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

namespace fc::actors::services {
namespace {

using namespace std::chrono_literals;
using events::code_of;
using events::ec;
using testing::ElementsAre;

using future_permit = std::future<events::expected<permit>>;

/// Several threads at one limiter, and a clock that stands.
class waiting_for_limiter : public testing::Test {
protected:
  void make(const limit_rules& rules, std::size_t tokens = 1) {
    limiter.emplace(tokens, time, [] { return 0.0; });
    limiter->set_rules("r", rules);
  }

  /// One more waits, behind those before.
  future_permit queue(const stop_flag& stop = nullptr) {
    const auto before = ++waiting;
    auto x = std::async(std::launch::async,
                        [this, stop] { return limiter->acquire("r", stop); });
    time->await_askers(before);
    return x;
  }

  static bool ready(future_permit& x) {
    return x.wait_for(0s) == std::future_status::ready;
  }
  static permit must(future_permit& x) {
    auto given = x.get();
    EXPECT_TRUE(given) << events::describe(given.error());
    return given ? *given : permit{};
  }

  std::shared_ptr<held_clock> time = std::make_shared<held_clock>();
  std::size_t waiting = 0;
  std::optional<rate_limiter> limiter;
};

TEST_F(waiting_for_limiter, HoldsWhatIsInFlight) {
  make({.in_flight = 2});
  auto a = queue();
  auto b = queue();
  const auto first = must(a);
  must(b);
  auto c = queue();
  EXPECT_FALSE(ready(c));
  limiter->release("r", first, {});
  limiter->release("r", first, {}); // twice does no harm
  must(c);
  EXPECT_EQ(limiter->standings().at(0).in_flight, 2u);
}

TEST_F(waiting_for_limiter, ServesInTheOrderOfComing) {
  make({.in_flight = 1});
  auto a = queue();
  auto last = must(a);
  std::vector<future_permit> others;
  for (int i = 0; i < 5; ++i)
    others.push_back(queue());
  for (std::size_t i = 0; i < others.size(); ++i) {
    for (std::size_t k = i; k < others.size(); ++k)
      EXPECT_FALSE(ready(others[k]));
    limiter->release("r", last, {});
    last = must(others[i]);
  }
}

TEST_F(waiting_for_limiter, PausesAllWhoShareALimit) {
  make({.in_flight = 2});
  auto a = queue();
  const auto first = must(a);
  auto b = queue();
  const auto second = must(b);
  std::vector<future_permit> others;
  for (int i = 0; i < 3; ++i)
    others.push_back(queue());
  limit_answer refused;
  refused.refused = true;
  refused.until = time->now() + 30s;
  limiter->release("r", first, refused);
  limiter->release("r", second, {}); // it was asked before
  for (int i = 0; i < 6; ++i) {
    time->await_sleepers(1);
    for (auto& each : others)
      EXPECT_FALSE(ready(each));
    time->advance(5s);
  }
  const auto next = must(others[0]);
  must(others[1]);
  EXPECT_FALSE(ready(others[2]));
  limiter->release("r", next, {});
  must(others[2]);
}

TEST_F(waiting_for_limiter, SeesAPauseThatBeganWhileItWaited) {
  make({.in_flight = 2, .spacing_s = 4});
  auto a = queue();
  const auto first = must(a);
  auto b = queue();
  time->await_sleepers(1); // for the spacing
  limit_answer refused;
  refused.refused = true;
  refused.until = time->now() + 20s;
  limiter->release("r", first, refused);
  time->advance(4s);
  time->await_sleepers(1);
  EXPECT_FALSE(ready(b));
  for (int i = 0; i < 4; ++i) {
    time->await_sleepers(1);
    time->advance(4s);
  }
  must(b);
}

TEST_F(waiting_for_limiter, EndsTheWaitOfWhoIsStopped) {
  make({.in_flight = 1});
  auto a = queue();
  const auto first = must(a);
  const auto stop = std::make_shared<std::atomic<bool>>(false);
  auto b = queue(stop);
  auto c = queue();
  *stop = true;
  EXPECT_EQ(code_of(b.get().error()), ec::cancelled);
  EXPECT_FALSE(ready(c));
  limiter->release("r", first, {});
  must(c); // nobody waits for who has gone
}

TEST_F(waiting_for_limiter, EndsAPauseOfWhoIsStopped) {
  make({});
  limiter->pause("r", 0, time->now() + 1000s);
  const auto stop = std::make_shared<std::atomic<bool>>(false);
  auto a = queue(stop);
  time->await_sleepers(1);
  *stop = true;
  time->wake();
  EXPECT_EQ(code_of(a.get().error()), ec::cancelled);
}

TEST_F(waiting_for_limiter, TellsWhoWaitsThatNoTokenIsLeft) {
  make({.in_flight = 1}, 2);
  auto a = queue();
  auto b = queue();
  must(a);
  must(b);
  auto c = queue();
  auto d = queue();
  limiter->retire(0);
  EXPECT_FALSE(ready(c));
  limiter->retire(1);
  EXPECT_EQ(code_of(c.get().error()), ec::refused);
  EXPECT_EQ(code_of(d.get().error()), ec::refused);
}

TEST(counting_semaphore, GivesItsSlotsAndNoMore) {
  counting_semaphore slots{2};
  auto a = slots.acquire(nullptr);
  std::optional<counting_semaphore::slot> b{std::move(*slots.acquire(nullptr))};
  ASSERT_TRUE(a);
  auto c
    = std::async(std::launch::async, [&] { return slots.acquire(nullptr); });
  EXPECT_EQ(c.wait_for(0s), std::future_status::timeout);
  b.reset();
  EXPECT_TRUE(c.get());
}

TEST(counting_semaphore, ReleasesASlotOnce) {
  counting_semaphore slots{1};
  const auto stop = std::make_shared<std::atomic<bool>>(true);
  {
    auto a = slots.acquire(nullptr);
    ASSERT_TRUE(a);
    const counting_semaphore::slot moved{std::move(*a)};
    EXPECT_EQ(code_of(slots.acquire(stop).error()), ec::cancelled);
  }
  auto again = slots.acquire(stop); // free: nobody needs to wait
  ASSERT_TRUE(again);
  EXPECT_FALSE(slots.acquire(stop));
}

TEST(counting_semaphore, EndsTheWaitOfWhoIsStopped) {
  counting_semaphore slots{0};
  const auto stop = std::make_shared<std::atomic<bool>>(false);
  auto a = std::async(std::launch::async, [&] { return slots.acquire(stop); });
  *stop = true;
  EXPECT_EQ(code_of(a.get().error()), ec::cancelled);
}

TEST(system_clock, WaitsUntilATime) {
  const auto time = services::system_clock();
  const auto begin = time->now();
  EXPECT_TRUE(time->sleep_until(begin - 1h, nullptr));
  EXPECT_TRUE(time->sleep_until(begin + 2ms, nullptr));
  EXPECT_GE(time->now(), begin + 2ms);
}

TEST(system_clock, EndsWaitingWhenStopped) {
  const auto time = services::system_clock();
  const auto stop = std::make_shared<std::atomic<bool>>(true);
  const auto begin = time->now();
  EXPECT_FALSE(time->sleep_until(begin + 1h, stop));
  EXPECT_FALSE(time->sleep_until(begin - 1h, stop));
  EXPECT_LT(time->now(), begin + 10min);
}

} // namespace
} // namespace fc::actors::services
