#include "actors/discover/github/linked_issues.hpp"
#include "actors/discover/github/listing.hpp"
#include "tests/actors/services/scripted_http.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fc::actors {
namespace {

using namespace std::chrono_literals;
using events::code_of;
using events::describe;
using events::ec;
using nlohmann::json;
using services::expected;
using services::http_request;
using services::scripted_http;
using testing::ElementsAre;
using testing::HasSubstr;

const auto day_one = *events::parse_time("2026-10-01");

/// A listing over answers that a test makes up.
class made_up_listing : public testing::Test {
protected:
  made_up_listing() {
    request.repo = *events::repo_name::parse("a/b");
    request.window = {day_one, day_one + 24h * 31};
    services::github_settings settings;
    settings.api = "https://api.test";
    client.emplace(settings, http, services::fixed_tokens({"hush"}),
                   std::make_shared<services::modelled_clock>(),
                   [] { return 0.0; });
  }

  static json pull(std::uint32_t number) {
    return {{"__typename", "PullRequest"},
            {"id", "PR_" + std::to_string(number)},
            {"number", number},
            {"state", "MERGED"},
            {"mergedAt", "2026-10-05T00:00:00Z"},
            {"createdAt", "2026-10-04T00:00:00Z"},
            {"updatedAt", "2026-10-06T00:00:00Z"}};
  }
  static json page(json nodes, const json& cursor = nullptr) {
    return {
      {"data",
       {{"search",
         {{"nodes", std::move(nodes)},
          {"pageInfo",
           {{"hasNextPage", !cursor.is_null()}, {"endCursor", cursor}}}}}}}};
  }
  static json with_error(json answer, const std::string& type) {
    answer["errors"] = {{{"type", type}, {"message", "because"}}};
    return answer;
  }
  void then(const json& answer) {
    http->then(200, answer.dump());
  }
  void heavy() {
    http->then(504, "");
  }
  void counted(std::uint32_t now) {
    then({{"data",
           {{"r0", {{"id", "R_1"}, {"nameWithOwner", "a/b"}}},
            {"c0", {{"issueCount", now}}}}}});
  }

  expected<listing> list(std::uint32_t count) {
    request.counted = count;
    request.merged_total = count + 1000; // by search
    return list_merged(*client, request, pages, used, nullptr);
  }
  listing must(std::uint32_t count) {
    auto all = list(count);
    EXPECT_TRUE(all) << describe(all.error());
    return all ? *all : listing{};
  }
  std::vector<std::uint32_t> sizes() {
    std::vector<std::uint32_t> out;
    for (const auto& each : http->asked)
      out.push_back(json::parse(each.body)["variables"].value("pageSize", 0u));
    return out;
  }

  std::shared_ptr<scripted_http> http = std::make_shared<scripted_http>();
  std::optional<services::github_client> client;
  listing_request request;
  page_size pages{100};
  services::github_usage used;
};

TEST_F(made_up_listing, ReadsPageAfterPage) {
  then(page({pull(1), pull(2)}, "one"));
  then(page({pull(3)}));
  const auto all = must(3);
  EXPECT_TRUE(all.whole());
  EXPECT_EQ(all.method, "search");
  EXPECT_EQ(json::parse(http->asked[1].body)["variables"]["after"], "one");
  EXPECT_THAT(sizes(), ElementsAre(3, 1));
}

TEST_F(made_up_listing, AsksForNothingWhereNothingIsCounted) {
  EXPECT_TRUE(must(0).whole());
  EXPECT_TRUE(http->asked.empty());
}

TEST_F(made_up_listing, EndsWherePagesComeToNoEnd) {
  for (const json& cursor : {json(""), json("same")}) {
    http->always([&](const auto&) {
      return scripted_http::reply(200, page({pull(1)}, cursor).dump());
    });
    const auto all = list(2);
    ASSERT_FALSE(all) << cursor;
    EXPECT_EQ(code_of(all.error()), ec::malformed);
    EXPECT_THAT(describe(all.error()), HasSubstr("never end"));
    EXPECT_LE(http->asked.size(), 4u);
  }
}

/// One timeout lost a whole window that held one pull request.
TEST_F(made_up_listing, RepeatsAPageOfOneThatTimedOut) {
  heavy();
  then(page({pull(1)}));
  EXPECT_TRUE(must(1).whole());
  EXPECT_THAT(sizes(), ElementsAre(1, 1));
}

TEST_F(made_up_listing, GivesUpAPageOfOneThatNeverComes) {
  http->always([](const auto&) { return scripted_http::reply(504, ""); });
  EXPECT_EQ(code_of(list(100).error()), ec::unavailable);
  EXPECT_THAT(sizes(), ElementsAre(100, 50, 25, 12, 6, 3, 1, 1, 1, 1, 1, 1));
}

TEST_F(made_up_listing, AsksForLessOfWhatIsTooHeavy) {
  heavy();
  then(with_error(page({pull(1), nullptr}), "RESOURCE_LIMITS_EXCEEDED"));
  then(page({pull(1), pull(2)}, "x"));
  then(page({pull(3), pull(4)}, "y"));
  then(page({pull(5), pull(6), pull(7), pull(8), pull(9), pull(10)}));
  EXPECT_TRUE(must(10).whole());
  EXPECT_THAT(sizes(), ElementsAre(10, 5, 2, 2, 2));
}

TEST_F(made_up_listing, TakesNullsOfAnAnswerWithErrorsForNoData) {
  then(with_error(page({pull(1), nullptr}), "SERVICE_UNAVAILABLE"));
  then(page({pull(1), nullptr}));
  then(with_error({{"data", {{"search", nullptr}}}}, "X"));
  then(page({pull(1), pull(2)}));
  EXPECT_TRUE(must(2).whole());
  EXPECT_THAT(sizes(), ElementsAre(2, 2, 2, 2));
}

TEST_F(made_up_listing, SaysWhatItsTokenMayNotSee) {
  http->always([&](const http_request& asked) {
    const auto variables = json::parse(asked.body)["variables"];
    if (!variables.contains("pageSize")) // asked again
      return scripted_http::reply(
        200,
        R"({"data":{"r0":{"nameWithOwner":"a/b"},"c0":{"issueCount":2}}})");
    const bool list = variables.contains("owner");
    auto answer = variables["pageSize"] != 1 || variables["after"] == "one"
                    ? with_error(page({nullptr}), "FORBIDDEN")
                    : page({pull(1)}, "one");
    if (list)
      answer["data"]
        = {{"repository",
            {{"pullRequests", std::move(answer["data"]["search"])}}}};
    return scripted_http::reply(200, answer.dump());
  });
  const auto all = must(2);
  EXPECT_FALSE(all.whole());
  EXPECT_EQ(all.pulls.size(), 1u);
  EXPECT_EQ(all.counted, 2u);
  EXPECT_EQ(all.method, "search, list");
  EXPECT_THAT(all.note, HasSubstr("GitHub does not give all: because"));
}

TEST_F(made_up_listing, LeavesOutWhatWasMergedElsewhen) {
  auto early = pull(1);
  early["mergedAt"] = "2026-09-30T23:59:59Z";
  auto first = pull(2);
  first["mergedAt"] = "2026-10-01T00:00:00Z";
  auto late = pull(3);
  late["mergedAt"] = "2026-11-01T00:00:00Z";
  then(page({early, first, late, {{"__typename", "Issue"}}}));
  const auto all = must(1);
  EXPECT_TRUE(all.whole());
  EXPECT_TRUE(all.pulls.contains(2));
}

TEST_F(made_up_listing, TellsWhichFieldIsWrong) {
  auto odd = pull(7);
  odd["mergedAt"] = "soon";
  then(page({odd}));
  const auto err = list(1).error();
  EXPECT_EQ(code_of(err), ec::malformed);
  EXPECT_THAT(describe(err), HasSubstr("pull request #7: mergedAt is 'soon'"));
}

TEST_F(made_up_listing, CountsAgainWhatItCannotFind) {
  then(page({pull(1)}));
  counted(1); // one was lost since
  EXPECT_TRUE(must(2).whole());
}

TEST_F(made_up_listing, ReadsNumbersInLessWhereTheyAreTooHeavy) {
  heavy();
  then({{"data", {{"repository", {{"p0", pull(5)}, {"p1", nullptr}}}}},
        {"errors",
         {{{"type", "NOT_FOUND"},
           {"path", {"repository", "p1"}},
           {"message", "an issue"}}}}});
  then({{"data", {{"repository", {{"p0", pull(8)}}}}}});
  heavy();
  then({{"data", {{"repository", {{"p0", pull(9)}}}}}});
  const auto all
    = read_numbers(*client, request.repo, {5, 6, 8, 9}, used, nullptr);
  ASSERT_TRUE(all) << describe(all.error());
  ASSERT_EQ(all->size(), 2u); // the second answer had p1 of {8, 9} missing
}

TEST_F(made_up_listing, LosesNoNumberInSilence) {
  then(
    with_error({{"data", {{"repository", {{"p0", nullptr}}}}}}, "FORBIDDEN"));
  EXPECT_EQ(
    code_of(read_numbers(*client, request.repo, {5}, used, nullptr).error()),
    ec::unavailable);
  auto gone
    = with_error({{"data", {{"repository", nullptr}, {"x", 1}}}}, "NOT_FOUND");
  gone["errors"][0]["path"] = {"repository"};
  then(gone);
  EXPECT_EQ(
    code_of(read_numbers(*client, request.repo, {5}, used, nullptr).error()),
    ec::not_found);
}

TEST_F(made_up_listing, LosesNoIssuesInSilence) {
  then(with_error({{"data", {{"nodes", nullptr}}}}, "X"));
  EXPECT_EQ(code_of(read_issues(*client, {"I_1"}, used, nullptr).error()),
            ec::malformed);
  heavy();
  http->then(200, R"({"data":{"nodes":[{"id":"I_1","title":"t"}]}})");
  http->then(200, R"({"data":{"nodes":[null]}})");
  http->then(200, R"({"data":{"nodes":[{"id":"I_3"}]}})");
  const auto all = read_issues(*client, {"I_1", "I_2", "I_3"}, used, nullptr);
  ASSERT_TRUE(all) << describe(all.error());
  EXPECT_EQ(all->size(), 2u);
}

TEST_F(made_up_listing, AsksForOneCardUntilItComes) {
  heavy();
  counted(3);
  const auto cards
    = read_cards(*client, {request.repo}, request.window, used, nullptr);
  ASSERT_TRUE(cards) << describe(cards.error());
  EXPECT_EQ(cards->front().counted, 3u);
}

TEST(page_size, ShrinksAtOnceAndGrowsBackSlowly) {
  page_size x;
  EXPECT_EQ(x.now(), 100u);
  EXPECT_EQ(x.of(7), 7u);
  EXPECT_EQ(x.of(0), 1u);
  EXPECT_EQ(x.of(5000), 100u);
  EXPECT_TRUE(x.too_heavy(100));
  EXPECT_EQ(x.now(), 50u);
  for (int i = 0; i < 19; ++i)
    x.worked();
  EXPECT_EQ(x.now(), 50u);
  x.worked();
  EXPECT_EQ(x.now(), 100u);
}

TEST(page_size, TakesTheSmallerOfWhatFailedAndWhatIsAsked) {
  page_size x;
  EXPECT_TRUE(x.too_heavy(7)); // the last page was short, and heavy
  EXPECT_EQ(x.now(), 3u);
  EXPECT_TRUE(x.too_heavy(3));
  EXPECT_EQ(x.now(), 1u);
  EXPECT_FALSE(x.too_heavy(1));
  EXPECT_EQ(x.now(), 1u);
  EXPECT_EQ(page_size{0}.now(), 1u);
  EXPECT_EQ(page_size{1000}.now(), 100u);
}

/// A heavy repository is asked for large pages ever more seldom.
TEST(page_size, TriesTheSameInVainEverLessOften) {
  page_size x;
  std::vector<int> rows;
  for (int round = 0; round < 4; ++round) {
    EXPECT_TRUE(x.too_heavy(100));
    int row = 0;
    while (x.now() < 100) {
      x.worked();
      ++row;
    }
    rows.push_back(row);
  }
  EXPECT_THAT(rows, ElementsAre(20, 40, 80, 160));
}

/// One heavy pull request made thousands of pages of one.
TEST(page_size, ForgetsOneBadMomentSoon) {
  page_size x;
  while (x.now() > 1)
    x.too_heavy(x.now());
  int pages = 0;
  std::uint32_t read = 0;
  while (x.now() < 100) {
    ++pages;
    read += x.now();
    x.worked();
  }
  EXPECT_EQ(pages, 7 * 20);
  EXPECT_EQ(read, 20 * 127u);
}

TEST(cut_slice, MakesPartsThatCoverTheWhole) {
  const time_slice whole{day_one, day_one + 31 * 24h};
  for (const std::size_t parts : {1u, 2u, 3u, 7u, 30u, 1000u}) {
    const auto cut = cut_slice(whole, parts);
    ASSERT_EQ(cut.size(), parts);
    EXPECT_EQ(cut.front().start, whole.start);
    EXPECT_EQ(cut.back().end, whole.end);
    for (std::size_t i = 0; i < cut.size(); ++i) {
      EXPECT_LT(cut[i].start, cut[i].end);
      EXPECT_EQ(cut[i].start.time_since_epoch() % 1s, 0s);
      EXPECT_EQ(cut[i].start, i > 0 ? cut[i - 1].end : whole.start);
    }
  }
}

TEST(cut_slice, CutsNoSecond) {
  EXPECT_EQ(cut_slice({day_one, day_one + 1s}, 5).size(), 1u);
  EXPECT_EQ(cut_slice({day_one, day_one + 3s}, 5).size(), 3u);
  EXPECT_EQ(cut_slice({day_one, day_one + 500ms}, 5).size(), 1u);
  EXPECT_EQ(cut_slice({day_one, day_one + 10s}, 0).size(), 1u);
  // A hundred years in many parts do not overflow.
  const auto cut = cut_slice(
    {events::timestamp{}, events::timestamp{} + 24h * 36500}, 50'000);
  EXPECT_EQ(cut.size(), 50'000u);
  EXPECT_EQ(cut.back().end, events::timestamp{} + 24h * 36500);
}

TEST(search_text, HasBothEndsInside) {
  EXPECT_EQ(
    search_text(*events::repo_name::parse("a/b"), {day_one, day_one + 24h}),
    "repo:a/b is:pr is:merged merged:2026-10-01T00:00:00Z.."
    "2026-10-01T23:59:59Z sort:created-asc");
}

} // namespace
} // namespace fc::actors
