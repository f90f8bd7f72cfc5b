#include "actors/services/limits/rate_gate.hpp"
#include "actors/services/limits/turns.hpp"
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

using entered = std::future<events::expected<permit>>;

/// Several threads at one gate, and a clock that stands.
class waiting_gate : public testing::Test {
protected:
  void make(const limit_rules& rules, std::size_t tokens = 1) {
    gate.emplace(tokens, time, [] { return 0.0; });
    gate->set_rules("r", rules);
  }

  /// One more waits, behind those before.
  entered queue(const stop_flag& stop = nullptr) {
    const auto before = ++waiting;
    auto x = std::async(std::launch::async,
                        [this, stop] { return gate->enter("r", stop); });
    time->await_askers(before);
    return x;
  }

  static bool ready(entered& x) {
    return x.wait_for(0s) == std::future_status::ready;
  }
  static permit must(entered& x) {
    auto given = x.get();
    EXPECT_TRUE(given) << events::describe(given.error());
    return given ? *given : permit{};
  }

  std::shared_ptr<held_clock> time = std::make_shared<held_clock>();
  std::size_t waiting = 0;
  std::optional<rate_gate> gate;
};

TEST_F(waiting_gate, HoldsWhatIsInFlight) {
  make({.in_flight = 2});
  auto a = queue();
  auto b = queue();
  const auto first = must(a);
  must(b);
  auto c = queue();
  EXPECT_FALSE(ready(c));
  gate->leave("r", first, {});
  gate->leave("r", first, {}); // twice does no harm
  must(c);
  EXPECT_EQ(gate->standings().at(0).in_flight, 2u);
}

TEST_F(waiting_gate, ServesInTheOrderOfComing) {
  make({.in_flight = 1});
  auto a = queue();
  auto last = must(a);
  std::vector<entered> others;
  for (int i = 0; i < 5; ++i)
    others.push_back(queue());
  for (std::size_t i = 0; i < others.size(); ++i) {
    for (std::size_t k = i; k < others.size(); ++k)
      EXPECT_FALSE(ready(others[k]));
    gate->leave("r", last, {});
    last = must(others[i]);
  }
}

TEST_F(waiting_gate, PausesAllWhoShareALimit) {
  make({.in_flight = 2});
  auto a = queue();
  const auto first = must(a);
  auto b = queue();
  const auto second = must(b);
  std::vector<entered> others;
  for (int i = 0; i < 3; ++i)
    others.push_back(queue());
  limit_answer refused;
  refused.refused = true;
  refused.until = time->now() + 30s;
  gate->leave("r", first, refused);
  gate->leave("r", second, {}); // it was asked before
  for (int i = 0; i < 6; ++i) {
    time->await_sleepers(1);
    for (auto& each : others)
      EXPECT_FALSE(ready(each));
    time->advance(5s);
  }
  const auto next = must(others[0]);
  must(others[1]);
  EXPECT_FALSE(ready(others[2]));
  gate->leave("r", next, {});
  must(others[2]);
}

TEST_F(waiting_gate, SeesAPauseThatBeganWhileItWaited) {
  make({.in_flight = 2, .spacing_s = 4});
  auto a = queue();
  const auto first = must(a);
  auto b = queue();
  time->await_sleepers(1); // for the spacing
  limit_answer refused;
  refused.refused = true;
  refused.until = time->now() + 20s;
  gate->leave("r", first, refused);
  time->advance(4s);
  time->await_sleepers(1);
  EXPECT_FALSE(ready(b));
  for (int i = 0; i < 4; ++i) {
    time->await_sleepers(1);
    time->advance(4s);
  }
  must(b);
}

TEST_F(waiting_gate, EndsTheWaitOfWhoIsStopped) {
  make({.in_flight = 1});
  auto a = queue();
  const auto first = must(a);
  const auto stop = std::make_shared<std::atomic<bool>>(false);
  auto b = queue(stop);
  auto c = queue();
  *stop = true;
  EXPECT_EQ(code_of(b.get().error()), ec::cancelled);
  EXPECT_FALSE(ready(c));
  gate->leave("r", first, {});
  must(c); // nobody waits for who has gone
}

TEST_F(waiting_gate, EndsAPauseOfWhoIsStopped) {
  make({});
  gate->pause("r", 0, time->now() + 1000s);
  const auto stop = std::make_shared<std::atomic<bool>>(false);
  auto a = queue(stop);
  time->await_sleepers(1);
  *stop = true;
  time->wake();
  EXPECT_EQ(code_of(a.get().error()), ec::cancelled);
}

TEST_F(waiting_gate, TellsWhoWaitsThatNoTokenIsLeft) {
  make({.in_flight = 1}, 2);
  auto a = queue();
  auto b = queue();
  must(a);
  must(b);
  auto c = queue();
  auto d = queue();
  gate->retire(0);
  EXPECT_FALSE(ready(c));
  gate->retire(1);
  EXPECT_EQ(code_of(c.get().error()), ec::refused);
  EXPECT_EQ(code_of(d.get().error()), ec::refused);
}

TEST(turns, GivesSoManyPlacesAndNoMore) {
  turns places{2};
  auto a = places.take(nullptr);
  std::optional<turns::turn> b{std::move(*places.take(nullptr))};
  ASSERT_TRUE(a);
  auto c = std::async(std::launch::async, [&] { return places.take(nullptr); });
  EXPECT_EQ(c.wait_for(0s), std::future_status::timeout);
  b.reset();
  EXPECT_TRUE(c.get());
}

TEST(turns, GivesAPlaceBackOnce) {
  turns places{1};
  const auto stop = std::make_shared<std::atomic<bool>>(true);
  {
    auto a = places.take(nullptr);
    ASSERT_TRUE(a);
    const turns::turn moved{std::move(*a)};
    EXPECT_EQ(code_of(places.take(stop).error()), ec::cancelled);
  }
  auto again = places.take(stop); // free: nobody needs to wait
  ASSERT_TRUE(again);
  EXPECT_FALSE(places.take(stop));
}

TEST(turns, EndsTheWaitOfWhoIsStopped) {
  turns places{0};
  const auto stop = std::make_shared<std::atomic<bool>>(false);
  auto a = std::async(std::launch::async, [&] { return places.take(stop); });
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
