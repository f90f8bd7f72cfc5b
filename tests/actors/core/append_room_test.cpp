#include "actors/core/append_room.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <map>
#include <thread>

namespace fc::actors {
namespace {

using ::testing::ElementsAre;

/// An order of so many requests with so many bytes in a blob.
append_order order(std::size_t requests, std::size_t bytes = 0) {
  append_order x;
  x.requests.resize(requests);
  if (bytes > 0)
    x.blobs.push_back({{}, events::bytes(bytes)});
  return x;
}

class room : public testing::Test {
protected:
  /// Enters and keeps what was admitted under a number.
  void enter(int number, append_order x) {
    const auto keep = [this, number](admitted_append_ptr admitted) {
      turns.push_back(number);
      in[number] = std::move(admitted);
    };
    if (auto at_once = all->enter(std::move(x), keep))
      keep(std::move(at_once));
  }

  std::shared_ptr<append_room> all
    = std::make_shared<append_room>(append_load{4, 100});
  std::map<int, admitted_append_ptr> in;
  std::vector<int> turns;
};

TEST_F(room, AdmitsUntilItIsFull) {
  enter(1, order(3, 20));
  enter(2, order(1, 80));
  enter(3, order(1));
  EXPECT_THAT(turns, ElementsAre(1, 2));
  EXPECT_EQ(all->now(), (append_load{4, 100}));
  EXPECT_EQ(all->waiting(), 1u);
  EXPECT_EQ(in[1]->order().requests.size(), 3u);
}

TEST_F(room, AdmitsTheOldestWhenThereIsRoom) {
  enter(1, order(4));
  enter(2, order(2));
  enter(3, order(2));
  in[1].reset();
  EXPECT_THAT(turns, ElementsAre(1, 2, 3));
}

TEST_F(room, LetsNobodyPassALargeOne) {
  enter(1, order(2));
  enter(2, order(4));
  enter(3, order(1));
  EXPECT_THAT(turns, ElementsAre(1));
  in[1].reset();
  EXPECT_THAT(turns, ElementsAre(1, 2));
  in[2].reset();
  EXPECT_THAT(turns, ElementsAre(1, 2, 3));
}

TEST_F(room, TakesWhatIsLargerThanItselfAlone) {
  enter(1, order(1));
  enter(2, order(9, 1000));
  enter(3, order(1));
  in[1].reset();
  EXPECT_THAT(turns, ElementsAre(1, 2));
  EXPECT_EQ(all->now(), (append_load{4, 100}));
  in[2].reset();
  EXPECT_THAT(turns, ElementsAre(1, 2, 3));
}

TEST_F(room, CountsAnEmptyOrder) {
  for (int i = 0; i < 5; ++i)
    enter(i, order(0));
  EXPECT_EQ(turns.size(), 4u);
}

TEST_F(room, GoesOnWhenNobodyWantsATurnAnyMore) {
  enter(1, order(4));
  for (int i = 0; i < 10'000; ++i)
    EXPECT_FALSE(all->enter(order(1), [](admitted_append_ptr) {}));
  enter(2, order(1));
  in[1].reset();
  EXPECT_THAT(turns, ElementsAre(1, 2));
  EXPECT_EQ(all->now(), (append_load{1, 0}));
}

TEST_F(room, LetsAThreadWait) {
  enter(1, order(4));
  std::atomic<bool> through = false;
  std::thread caller{[&] {
    const auto admitted = all->wait(order(4));
    through = admitted != nullptr;
  }};
  while (all->waiting() == 0)
    std::this_thread::yield();
  EXPECT_FALSE(through);
  in[1].reset();
  caller.join();
  EXPECT_TRUE(through);
  EXPECT_EQ(all->now(), append_load{});
}

TEST_F(room, NeverHoldsMoreThanItMayFromManyThreads) {
  std::vector<std::thread> callers;
  std::atomic<int> done = 0;
  for (std::size_t n = 1; n <= 8; ++n)
    callers.emplace_back([&, n] {
      for (int i = 0; i < 500; ++i) {
        const auto admitted = all->wait(order(n % 4 + 1, n * 12));
        done += admitted->order().requests.size() == n % 4 + 1 ? 1 : 0;
      }
    });
  for (auto& each : callers)
    each.join();
  EXPECT_EQ(done, 8 * 500);
  EXPECT_EQ(all->now(), append_load{});
  EXPECT_LE(all->most_ever().requests, 4u);
  EXPECT_LE(all->most_ever().bytes, 100u);
}

} // namespace
} // namespace fc::actors
