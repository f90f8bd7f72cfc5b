#include "actors/core/append_limiter.hpp"

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

class append_limits : public testing::Test {
protected:
  /// What waits is admitted by each release, into what is still alive.
  ~append_limits() override {
    while (!in.empty())
      in.erase(in.begin());
  }

  /// Acquires and keeps what was admitted under a number.
  void acquire(int number, append_order x) {
    const auto keep = [this, number](append_permit_ptr permit) {
      admitted.push_back(number);
      in[number] = std::move(permit);
    };
    if (auto at_once = all->acquire(std::move(x), keep))
      keep(std::move(at_once));
  }

  std::shared_ptr<append_limiter> all
    = std::make_shared<append_limiter>(append_load{4, 100});
  std::map<int, append_permit_ptr> in;
  std::vector<int> admitted;
};

TEST_F(append_limits, AdmitsUntilItIsFull) {
  acquire(1, order(3, 20));
  acquire(2, order(1, 80));
  acquire(3, order(1));
  EXPECT_THAT(admitted, ElementsAre(1, 2));
  EXPECT_EQ(all->now(), (append_load{4, 100}));
  EXPECT_EQ(all->waiting(), 1u);
  EXPECT_EQ(in[1]->order().requests.size(), 3u);
}

TEST_F(append_limits, AdmitsTheOldestWhenThereIsRoom) {
  acquire(1, order(4));
  acquire(2, order(2));
  acquire(3, order(2));
  in[1].reset();
  EXPECT_THAT(admitted, ElementsAre(1, 2, 3));
}

TEST_F(append_limits, LetsNobodyPassALargeOne) {
  acquire(1, order(2));
  acquire(2, order(4));
  acquire(3, order(1));
  EXPECT_THAT(admitted, ElementsAre(1));
  in[1].reset();
  EXPECT_THAT(admitted, ElementsAre(1, 2));
  in[2].reset();
  EXPECT_THAT(admitted, ElementsAre(1, 2, 3));
}

TEST_F(append_limits, TakesWhatIsLargerThanItselfAlone) {
  acquire(1, order(1));
  acquire(2, order(9, 1000));
  acquire(3, order(1));
  in[1].reset();
  EXPECT_THAT(admitted, ElementsAre(1, 2));
  EXPECT_EQ(all->now(), (append_load{4, 100}));
  in[2].reset();
  EXPECT_THAT(admitted, ElementsAre(1, 2, 3));
}

TEST_F(append_limits, CountsAnEmptyOrder) {
  for (int i = 0; i < 5; ++i)
    acquire(i, order(0));
  EXPECT_EQ(admitted.size(), 4u);
}

TEST_F(append_limits, GoesOnWhenNobodyWantsATurnAnyMore) {
  acquire(1, order(4));
  for (int i = 0; i < 10'000; ++i)
    EXPECT_FALSE(all->acquire(order(1), [](append_permit_ptr) {}));
  acquire(2, order(1));
  in[1].reset();
  EXPECT_THAT(admitted, ElementsAre(1, 2));
  EXPECT_EQ(all->now(), (append_load{1, 0}));
}

TEST_F(append_limits, LetsAThreadWait) {
  acquire(1, order(4));
  std::atomic<bool> through = false;
  std::thread caller{[&] {
    const auto permit = all->wait(order(4));
    through = permit != nullptr;
  }};
  while (all->waiting() == 0)
    std::this_thread::yield();
  EXPECT_FALSE(through);
  in[1].reset();
  caller.join();
  EXPECT_TRUE(through);
  EXPECT_EQ(all->now(), append_load{});
}

TEST_F(append_limits, NeverHoldsMoreThanItMayFromManyThreads) {
  std::vector<std::thread> callers;
  std::atomic<int> done = 0;
  for (std::size_t n = 1; n <= 8; ++n)
    callers.emplace_back([&, n] {
      for (int i = 0; i < 500; ++i) {
        const auto permit = all->wait(order(n % 4 + 1, n * 12));
        done += permit->order().requests.size() == n % 4 + 1 ? 1 : 0;
      }
    });
  for (auto& each : callers)
    each.join();
  EXPECT_EQ(done, 8 * 500);
  EXPECT_EQ(all->now(), append_load{});
  EXPECT_LE(all->peak().requests, 4u);
  EXPECT_LE(all->peak().bytes, 100u);
}

} // namespace
} // namespace fc::actors
