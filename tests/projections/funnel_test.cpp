#include "projections/funnel.hpp"
#include "projections/replay.hpp"
#include "tests/projections/stories.hpp"

namespace {

using namespace fc;
projections::funnel funnel_of(const std::vector<stories::story>& all) {
  const auto log = events::log::make_memory_log();
  stories::write_in_turn(*log, all);
  projections::funnel result;
  EXPECT_FALSE(projections::replay(*log, result));
  return result;
}

std::size_t column(std::string_view name) {
  const auto found = std::ranges::find(
    events::funnel_columns, name, [](const auto& x) { return x.label.name; });
  return static_cast<std::size_t>(found - events::funnel_columns.begin());
}

std::uint64_t at(const projections::funnel_count& x, std::string_view name) {
  return x.survived.at(column(name));
}

TEST(funnel, CountsWhoSurvivedEachGate) {
  const auto total = funnel_of(stories::all()).total();
  EXPECT_EQ(at(total, "seen"), 7U);
  EXPECT_EQ(at(total, "symbolic"), 6U);
  EXPECT_EQ(at(total, "judged"), 4U);
  EXPECT_EQ(at(total, "resolved"), 3U);
  EXPECT_EQ(at(total, "rendered"), 3U);
  EXPECT_EQ(at(total, "built"), 2U);
  EXPECT_EQ(at(total, "trialled"), 2U);
  EXPECT_EQ(at(total, "accepted"), 1U);
  EXPECT_EQ(at(total, "published"), 1U);
}

TEST(funnel, SaysWhyOthersDidNot) {
  const auto total = funnel_of(stories::all()).total();
  using counts = std::map<std::string, std::uint64_t>;
  EXPECT_EQ(total.reasons.at(column("symbolic")), (counts{{"title", 1}}));
  EXPECT_EQ(total.reasons.at(column("judged")), (counts{{"judge", 1}}));
  EXPECT_EQ(total.reasons.at(column("resolved")),
            (counts{{"attempts (failed)", 1}}));
  EXPECT_EQ(total.reasons.at(column("built")), (counts{{"build.head", 1}}));
  EXPECT_EQ(total.reasons.at(column("accepted")).size(), 1U);
  EXPECT_EQ(total.open,
            (std::map<std::size_t, std::uint64_t>{{column("judged"), 1}}));
}

TEST(funnel, GroupsByRepositoryAndMergeMonth) {
  const auto groups = funnel_of(stories::all()).groups();
  ASSERT_EQ(groups.size(), 2U);
  EXPECT_EQ(at(groups.at({"acme/geo", "2024-03"}), "seen"), 4U);
  EXPECT_EQ(at(groups.at({"acme/geo", "2024-04"}), "published"), 1U);
}

TEST(funnel, AWithdrawnTaskSurvivedAllButPublication) {
  auto one = stories::published_one();
  one.events.push_back(events::make_verdict(
    events::withdrawn{"publish.environment", "not admitted", "acme__geo-5",
                      "2024-04", 1},
    stories::shipped().id));
  const auto total = funnel_of({one}).total();
  EXPECT_EQ(at(total, "accepted"), 1U);
  EXPECT_EQ(at(total, "published"), 0U);
  EXPECT_EQ(total.reasons.at(column("published")),
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
  EXPECT_EQ(at(groups.at({"acme/geo", "unknown"}), "seen"), 0U);
}

} // namespace
