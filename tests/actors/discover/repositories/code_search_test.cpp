#include "actors/discover/repositories/code_search.hpp"
#include "tests/actors/services/scripted_http.hpp"

#include <nlohmann/json.hpp>

namespace fc::actors {
namespace {

using events::describe;
using nlohmann::json;
using services::http_request;
using services::scripted_http;
using testing::ElementsAre;
using testing::HasSubstr;

std::uint64_t number_after(const std::string& url, const std::string& key) {
  return std::stoull(url.substr(url.find(key) + key.size()));
}

services::github_settings settings_of() {
  services::github_settings x;
  x.api = "https://api.test";
  return x;
}

/// A GitHub that knows files by size, one repository each.
struct code_search_peer : testing::Test {
  code_search_peer() {
    http->always([this](const http_request& x) { return answer(x.url); });
  }

  services::http_response answer(const std::string& url) {
    const auto low = number_after(url, "size:");
    const auto high = number_after(url, "..");
    const auto page = number_after(url, "&page=");
    auto items = json::array();
    std::uint64_t counted = 0;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      if (sizes[i] < low || sizes[i] > high)
        continue;
      ++counted;
      const auto place = counted - 1;
      if (place < 1000 && place / 100 == page - 1)
        items.push_back(
          {{"repository",
            {{"full_name", "o/r" + std::to_string(i)}, {"fork", false}}}});
    }
    bool incomplete = false;
    if (high - low + 1 > complete_width)
      incomplete = true;
    if (hiccups > 0) {
      --hiccups;
      incomplete = true;
    }
    if (extra.is_object())
      items.push_back(extra);
    return scripted_http::reply(
      200, json{{"total_count", counted + (extra.is_object() ? 1 : 0)},
                {"incomplete_results", incomplete},
                {"items", items}}
             .dump());
  }

  events::expected<repository_listing> list() {
    return code_search(rest, settings)->list({});
  }

  std::vector<std::uint64_t> sizes;
  std::uint64_t complete_width = UINT64_MAX;
  int hiccups = 0;
  json extra;
  code_search_settings settings;
  std::shared_ptr<scripted_http> http = std::make_shared<scripted_http>();
  std::shared_ptr<services::modelled_clock> time
    = std::make_shared<services::modelled_clock>();
  services::github_client github{settings_of(), http,
                                 services::fixed_tokens({"secret"}), time, [] {
                                   return 0.0;
                                 }};
  services::github_rest rest{github, {}};
};

} // namespace

TEST_F(code_search_peer, OneSliceIsEnoughForAFew) {
  sizes = {10, 20, 30'000};
  const auto found = list();
  ASSERT_TRUE(found) << describe(found.error());
  EXPECT_EQ(found->found.size(), 3U);
  EXPECT_EQ(found->calls, 1U);
  EXPECT_EQ(found->cut, "");
  EXPECT_THAT(http->asked[0].url,
              HasSubstr("/search/code?q=filename:asv.conf.json+size:0..393216"
                        "&per_page=100&page=1"));
}

TEST_F(code_search_peer, SlicesUntilNothingIsCut) {
  for (std::uint64_t i = 0; i < 3500; ++i)
    sizes.push_back(3000 + i * 7 % 6000);
  const auto found = list();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->found.size(), 3500U);
  EXPECT_EQ(found->cut, "");
  EXPECT_LT(found->calls, 80U);
}

TEST_F(code_search_peer, AsksAgainWhereGitHubGaveUp) {
  sizes = {10};
  hiccups = 1;
  const auto found = list();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->calls, 2U);
  EXPECT_EQ(found->found.size(), 1U);
  EXPECT_EQ(found->cut, "");
}

TEST_F(code_search_peer, SplitsWhereItGivesUpEachTime) {
  sizes = {10, 5000};
  complete_width = 100'000;
  const auto found = list();
  ASSERT_TRUE(found);
  EXPECT_EQ(found->found.size(), 2U);
  EXPECT_EQ(found->cut, "");
}

TEST_F(code_search_peer, SaysWhereOneSizeAloneIsTooMuch) {
  sizes.assign(1200, 4096);
  settings.largest = 8192;
  const auto found = list();
  ASSERT_TRUE(found);
  EXPECT_THAT(found->cut, HasSubstr("of files of 4096 bytes"));
  EXPECT_THAT(found->cut, HasSubstr("of 1200 were listed"));
  EXPECT_FALSE(found->found.empty());
}

TEST_F(code_search_peer, SaysWhereItStoppedAsking) {
  sizes.assign(1200, 4096);
  settings.max_calls = 2;
  const auto found = list();
  ASSERT_TRUE(found);
  EXPECT_THAT(found->cut, HasSubstr("after "));
}

TEST_F(code_search_peer, PassesOverForksAndAsvItself) {
  sizes = {10};
  extra = {{"repository", {{"full_name", "me/fork"}, {"fork", true}}}};
  auto found = list();
  ASSERT_TRUE(found);
  EXPECT_THAT(found->passed_over, ElementsAre(left_out{"me/fork", "a fork"}));
  extra = {{"repository", {{"full_name", "airspeed-velocity/asv"}}}};
  found = list();
  EXPECT_THAT(found->passed_over,
              ElementsAre(left_out{"airspeed-velocity/asv", "ASV itself"}));
  extra = json::object();
  found = list();
  EXPECT_THAT(found->passed_over,
              ElementsAre(left_out{"''", "is not owner/name"}));
}

TEST_F(code_search_peer, RefusesAnAnswerThatIsNone) {
  http->always([](const http_request&) {
    return scripted_http::reply(200, "{\"items\": []}");
  });
  EXPECT_THAT(describe(list().error()), HasSubstr("without total_count"));
}

TEST_F(code_search_peer, PassesOnThatATokenMayNot) {
  http->always([](const http_request&) {
    return scripted_http::reply(
      403,
      R"({"message": "Resource not accessible by personal access token"})");
  });
  EXPECT_EQ(events::code_of(list().error()), events::ec::refused);
}

} // namespace fc::actors
