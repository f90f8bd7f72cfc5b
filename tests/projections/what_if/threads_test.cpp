#include "projections/what_if/ordered_pool.hpp"
#include "tests/projections/what_if/fixture.hpp"

#include <atomic>

namespace fc::projections::what_if {

using testing::HasSubstr;

namespace {

/// All that a report says, and the streams in the order they were named.
struct told {
  report found;
  std::vector<stream_name> differing;
};

told asked_with(std::size_t threads, const log::log_reader& log,
                const policy::policy& p) {
  told result;
  question what;
  what.max = 10;
  what.threads = threads;
  auto found = ask(
    log, p, what, [&](const stream_name& x) { result.differing.push_back(x); });
  EXPECT_TRUE(found) << describe(found.error());
  result.found = std::move(*found);
  return result;
}

void expect_equal(const told& x, const told& y) {
  EXPECT_EQ(x.differing, y.differing);
  EXPECT_EQ(x.found.pull_requests, y.found.pull_requests);
  EXPECT_EQ(x.found.gates, y.found.gates);
  EXPECT_EQ(x.found.lacking, y.found.lacking);
  EXPECT_EQ(x.found.wanted, y.found.wanted);
  ASSERT_EQ(x.found.changes.size(), y.found.changes.size());
  for (std::size_t i = 0; i < x.found.changes.size(); ++i) {
    EXPECT_EQ(x.found.changes[i].id, y.found.changes[i].id);
    EXPECT_EQ(x.found.changes[i].why_after, y.found.changes[i].why_after);
  }
  // To the last bit: sums are made in one order.
  ASSERT_EQ(x.found.costs.size(), y.found.costs.size());
  for (const auto& [at, cost] : x.found.costs) {
    EXPECT_EQ(cost.steps, y.found.costs.at(at).steps);
    EXPECT_EQ(cost.usd, y.found.costs.at(at).usd);
    EXPECT_EQ(cost.seconds, y.found.costs.at(at).seconds);
  }
}

} // namespace

TEST(what_if_threads, AnyNumberGivesTheSameAnswer) {
  const auto log = corpus_log(text_with({}), 1000);
  // The diffs are read again for the second one, by several threads at once.
  for (const auto& p :
       {policy_with({{"min_ratio = 1.05", "min_ratio = 1.4"}}),
        policy_with({{"easy_lines = 50", "easy_lines = 60"}})}) {
    const auto alone = asked_with(1, *log, p);
    EXPECT_GT(alone.differing.size(), 0U);
    for (const std::size_t threads : {2U, 5U})
      expect_equal(asked_with(threads, *log, p), alone);
  }
}

TEST(ordered_pool, GivesResultsInTheOrderOfTheOrders) {
  std::vector<int> taken;
  std::atomic<int> held = 0;
  ordered_pool<int, int> pool{4, [](int x) { return x * x; },
                              [&](int x) {
                                --held;
                                taken.push_back(x);
                                return error{};
                              }};
  for (int i = 0; i < 1000; ++i) {
    ++held;
    ASSERT_FALSE(pool.put(i));
    ASSERT_LE(held, 10);
  }
  ASSERT_FALSE(pool.finish());
  ASSERT_EQ(taken.size(), 1000U);
  for (int i = 0; i < 1000; ++i)
    EXPECT_EQ(taken[static_cast<std::size_t>(i)], i * i);
}

TEST(ordered_pool, EndsWithWorkUnderWay) {
  ordered_pool<int, int> pool{2, [](int x) { return x; },
                              [](int x) {
                                return x < 3 ? error{}
                                             : make_error(ec::corrupt, "three");
                              }};
  error failure;
  for (int i = 0; i < 100 && !failure; ++i)
    failure = pool.put(i);
  EXPECT_THAT(describe(failure), HasSubstr("three"));
}

} // namespace fc::projections::what_if
