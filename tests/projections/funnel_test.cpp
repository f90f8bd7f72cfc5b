#include "projections/funnel.hpp"
#include "projections/replay.hpp"
#include "tests/projections/stories.hpp"

namespace {

using namespace fc;
using projections::gate;

projections::funnel funnel_of(const std::vector<stories::story>& all) {
  const auto log = events::log::make_memory_log();
  stories::write_in_turn(*log, all);
  projections::funnel result;
  EXPECT_FALSE(projections::replay(*log, result));
  return result;
}

std::uint64_t at(const projections::funnel_count& x, gate g) {
  return x.survived[static_cast<std::size_t>(g)];
}

TEST(funnel, CountsWhoSurvivedEachGate) {
  const auto total = funnel_of(stories::all()).total();
  EXPECT_EQ(at(total, gate::seen), 7U);
  EXPECT_EQ(at(total, gate::symbolic), 6U);
  EXPECT_EQ(at(total, gate::judged), 4U);
  EXPECT_EQ(at(total, gate::resolved), 3U);
  EXPECT_EQ(at(total, gate::rendered), 3U);
  EXPECT_EQ(at(total, gate::built), 2U);
  EXPECT_EQ(at(total, gate::trialled), 2U);
  EXPECT_EQ(at(total, gate::accepted), 1U);
  EXPECT_EQ(at(total, gate::published), 1U);
}

TEST(funnel, SaysWhyOthersDidNot) {
  const auto total = funnel_of(stories::all()).total();
  using counts = std::map<std::string, std::uint64_t>;
  EXPECT_EQ(total.reasons.at(gate::symbolic), (counts{{"title", 1}}));
  EXPECT_EQ(total.reasons.at(gate::judged), (counts{{"judge", 1}}));
  EXPECT_EQ(total.reasons.at(gate::resolved),
            (counts{{"attempts (failed)", 1}}));
  EXPECT_EQ(total.reasons.at(gate::built), (counts{{"build.head", 1}}));
  EXPECT_EQ(total.reasons.at(gate::accepted).size(), 1U);
  EXPECT_EQ(total.open, (std::map<gate, std::uint64_t>{{gate::judged, 1}}));
}

TEST(funnel, GroupsByRepositoryAndMergeMonth) {
  const auto groups = funnel_of(stories::all()).groups();
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(at(groups.at({"acme/geo", "2024-03"}), gate::seen), 4U);
  EXPECT_EQ(at(groups.at({"acme/geo", "2024-04"}), gate::published), 1U);
}

TEST(funnel, AWithdrawnTaskSurvivedAllButPublication) {
  auto one = stories::published_one();
  one.events.push_back(events::make_verdict(
    events::withdrawn{"publish.environment", "not admitted", "acme__geo-5",
                      "2024-04", 1},
    stories::shipped().id));
  const auto total = funnel_of({one}).total();
  EXPECT_EQ(at(total, gate::accepted), 1U);
  EXPECT_EQ(at(total, gate::published), 0U);
  EXPECT_EQ(total.reasons.at(gate::published),
            (std::map<std::string, std::uint64_t>{{"publish.environment", 1}}));
}

TEST(funnel, OfAnEmptyLogIsEmpty) {
  const auto none = funnel_of({});
  EXPECT_TRUE(none.groups().empty());
  EXPECT_EQ(none.total(), projections::funnel_count{});
}

TEST(funnel, KeepsAPullRequestThatWasNeverSeen) {
  auto odd = stories::still_open();
  odd.events.erase(odd.events.begin());
  const auto groups = funnel_of({odd}).groups();
  EXPECT_EQ(at(groups.at({"acme/geo", "unknown"}), gate::seen), 0U);
}

} // namespace
