#include "actors/services/github/client.hpp"
#include "tests/actors/services/scripted_http.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fc::actors::services {
namespace {

using namespace std::chrono_literals;
using events::code_of;
using events::describe;
using events::ec;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const std::string good
  = R"({"data":{"rateLimit":{"cost":3,"remaining":9},"a":1}})";
const std::string spent
  = R"({"errors":[{"type":"RATE_LIMITED","message":"exceeded"}]})";
const std::string heavy
  = R"({"data":{},"errors":[{"type":"RESOURCE_LIMITS_EXCEEDED",)"
    R"("message":"too much"}]})";

/// Tokens that can be made anew, or not be had.
class odd_tokens : public token_source {
public:
  std::size_t size() const override {
    return 2;
  }
  std::string name(std::size_t index) const override {
    return "odd-" + std::to_string(index);
  }
  expected<std::string> token(std::size_t index, const stop_flag&) override {
    if (index == refused)
      return events::make_error(ec::refused, "no such installation");
    return "hush-" + std::to_string(index) + "-" + std::to_string(made);
  }
  bool renew(std::size_t) override {
    ++made;
    return renewable;
  }

  std::size_t refused = 99;
  bool renewable = true;
  int made = 0;
};

class github_requests : public testing::Test {
protected:
  github_requests() {
    settings.api = "https://api.test";
    used.on_limit = [this](const events::limit_met& x) {
      met.push_back(x);
    };
    make();
  }

  void make(std::vector<std::string> tokens = {"hush-1"}) {
    make(fixed_tokens(tokens));
  }
  void make(std::shared_ptr<token_source> tokens) {
    client.emplace(settings, http, std::move(tokens), time, [] { return 0.0; });
  }

  expected<graphql_answer> query(bool smallest = false) {
    return client->query("Name a/b", "query Name { a }", {{"x", 1}}, used, stop,
                         smallest);
  }
  expected<http_response>
  rest(const std::string& url, const std::vector<long>& fine = {}) {
    http_request request;
    request.url = url;
    return client->rest(std::move(request), "core", used, stop, fine);
  }
  void expect_good() {
    const auto answer = query();
    ASSERT_TRUE(answer) << describe(answer.error());
    EXPECT_EQ(answer->data.at("a"), 1);
  }
  events::error failure(bool smallest = false) {
    const auto answer = query(smallest);
    EXPECT_FALSE(answer);
    return answer ? events::error{} : answer.error();
  }

  double seconds() {
    return std::chrono::duration<double>(time->now() - begin).count();
  }
  static http_response
  limited(long status, const std::string& body,
          std::vector<std::pair<std::string, std::string>> more) {
    more.emplace_back("content-type", "application/json");
    return scripted_http::reply(status, body, std::move(more));
  }
  std::vector<std::string> tokens_used() {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < http->asked.size(); ++i)
      all.push_back(http->header(i, "Authorization").substr(7));
    return all;
  }

  github_settings settings;
  std::shared_ptr<scripted_http> http = std::make_shared<scripted_http>();
  std::shared_ptr<modelled_clock> time = std::make_shared<modelled_clock>();
  events::timestamp begin = time->now();
  stop_flag stop = std::make_shared<std::atomic<bool>>(false);
  github_usage used;
  std::vector<events::limit_met> met;
  std::optional<github_client> client;
};

TEST_F(github_requests, SendsTheQueryAndCountsWhatItCost) {
  http->then(200, good);
  expect_good();
  ASSERT_EQ(http->asked.size(), 1u);
  const auto& request = http->asked[0];
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.url, "https://api.test/graphql");
  EXPECT_EQ(request.redirects, 0);
  EXPECT_EQ(json::parse(request.body),
            json({{"query", "query Name { a }"}, {"variables", {{"x", 1}}}}));
  EXPECT_EQ(http->header(0, "Authorization"), "Bearer hush-1");
  EXPECT_EQ(used.calls, 1u);
  EXPECT_EQ(used.points, 3u);
}

// Regression: a cost that was no number threw through everybody.
TEST_F(github_requests, CountsNothingWhereTheCostIsNoNumber) {
  for (const auto* cost : {"null", "\"three\"", "-1", "1e300", "{}"}) {
    http->then(200, std::string{R"({"data":{"a":1,"rateLimit":{"cost":)"} + cost
                      + "}}}");
    expect_good();
  }
  EXPECT_EQ(used.points, 0u);
}

TEST_F(github_requests, IsFoundWhereTheSettingsSay) {
  settings.api = "https://ghe.test/api/v3//";
  settings.graphql = "https://ghe.test/api/graphql";
  make();
  http->then(200, good);
  http->then(200, "[]");
  expect_good();
  EXPECT_TRUE(rest("/x"));
  EXPECT_EQ(http->asked[0].url, "https://ghe.test/api/graphql");
  EXPECT_EQ(http->asked[1].url, "https://ghe.test/api/v3/x");
}

TEST_F(github_requests, RepeatsAfterOutages) {
  http->then(502, R"({"error": "Server Error"})");
  http->then(scripted_http::reply(503, "<html>", {{"content-type", "text"}}));
  http->then(events::make_error(ec::unavailable, "api.test: cut off"));
  http->then(events::make_error(ec::timeout, "api.test: too slow"));
  http->then(200, R"({"data":)");
  http->then(200, good);
  expect_good();
  EXPECT_EQ(used.calls, 6u);
  EXPECT_EQ(seconds(), 2 + 4 + 8 + 16 + 32); // doubled
  EXPECT_THAT(met, IsEmpty());
}

TEST_F(github_requests, GivesUpWhatStaysOutOfOrder) {
  http->always([](const http_request&) {
    return scripted_http::reply(502, R"({"message":"Server Error"})");
  });
  const auto err = failure();
  EXPECT_EQ(code_of(err), ec::unavailable);
  EXPECT_EQ(used.calls, settings.tries);
  EXPECT_THAT(describe(err), HasSubstr("Name a/b: GitHub answers 502 'Server "
                                       "Error', 6 times; try later"));
  http->always([](const http_request&) -> expected<http_response> {
    return events::make_error(ec::timeout, "https://api.test: too slow");
  });
  EXPECT_EQ(code_of(failure()), ec::timeout);
  EXPECT_EQ(used.calls, 2 * settings.tries);
}

TEST_F(github_requests, RepeatsNothingThatIsWrong) {
  http->then(200, R"({"errors":[{"message":"Field 'b' doesn't exist"}]})");
  const auto err = failure();
  EXPECT_EQ(code_of(err), ec::internal);
  EXPECT_THAT(describe(err), HasSubstr("Field 'b' doesn't exist"));
  http->then(events::make_error(ec::invalid_argument, "no address"));
  EXPECT_EQ(code_of(failure()), ec::invalid_argument);
  http->then(200, R"({"data":null,"errors":[{"type":"NOT_FOUND"}]})");
  EXPECT_EQ(code_of(failure()), ec::not_found);
  EXPECT_EQ(used.calls, 3u);
}

TEST_F(github_requests, LeavesWhatIsTooHeavyToWhoAsked) {
  http->then(200, heavy);
  const auto answer = query();
  ASSERT_TRUE(answer);
  EXPECT_TRUE(answer->too_heavy);
  EXPECT_TRUE(answer->data.is_null());
  EXPECT_EQ(used.calls, 1u);
}

TEST_F(github_requests, RepeatsWhatIsTooHeavyAndCannotBeLess) {
  http->then(200, heavy);
  http->then(504, "");
  http->then(200, good);
  const auto answer = query(true);
  ASSERT_TRUE(answer) << describe(answer.error());
  EXPECT_FALSE(answer->too_heavy);
  http->always(
    [](const http_request&) { return scripted_http::reply(200, heavy); });
  EXPECT_EQ(code_of(failure(true)), ec::unavailable);
}

TEST_F(github_requests, WaitsWhereALimitWasMetAndTellsOfIt) {
  http->then(limited(200, spent,
                     {{"x-ratelimit-remaining", "0"},
                      {"x-ratelimit-reset", "1793491500"}, // 00:05:00
                      {"set-cookie", "hush"}}));
  http->then(200, good);
  expect_good();
  EXPECT_EQ(seconds(), 301);
  ASSERT_EQ(met.size(), 1u);
  const auto& x = met[0];
  EXPECT_EQ(x.service, "github");
  EXPECT_EQ(x.resource, "graphql");
  EXPECT_EQ(x.kind, "primary");
  EXPECT_EQ(x.status, 200u);
  EXPECT_EQ(x.request, "Name a/b");
  EXPECT_EQ(x.until, begin + 301s);
  EXPECT_EQ(x.token, name_of_secret("hush-1"));
  EXPECT_EQ(x.excerpt, spent);
  EXPECT_THAT(x.headers, ElementsAre("x-ratelimit-remaining: 0",
                                     "x-ratelimit-reset: 1793491500"));
  EXPECT_THAT(x.token, Not(HasSubstr("hush")));
}

TEST_F(github_requests, DoublesPausesThatNobodyNames) {
  const std::string body
    = R"({"message":"You have exceeded a secondary rate limit."})";
  for (int i = 0; i < 3; ++i)
    http->then(403, body);
  http->then(200, good);
  expect_good();
  EXPECT_EQ(seconds(), 60 + 120 + 240);
  ASSERT_EQ(met.size(), 3u);
  EXPECT_EQ(met[2].kind, "secondary");
  EXPECT_EQ(met[2].status, 403u);
  EXPECT_EQ(met[2].until, begin + 420s);
}

TEST_F(github_requests, GoOnDoublingPausesAfterAnOutage) {
  const std::string limit
    = R"({"message":"You have exceeded a secondary rate limit."})";
  http->then(403, limit);
  http->then(502, "<html>");
  http->then(403, limit);
  http->then(events::make_error(ec::unavailable, "connection lost"));
  http->then(403, limit);
  http->then(200, good);
  expect_good();
  ASSERT_EQ(met.size(), 3u);
  EXPECT_EQ(seconds(), 60 + 2 + 120 + 4 + 240);
}

TEST_F(github_requests, LosesNoHourToAnAbsurdReset) {
  http->then(limited(
    403, R"({"message":"API rate limit exceeded"})",
    {{"x-ratelimit-remaining", "0"}, {"x-ratelimit-reset", "4102444800"}}));
  http->then(200, good);
  expect_good();
  EXPECT_EQ(seconds(), 60);
}

TEST_F(github_requests, GivesUpWhereLimitsDoNotEnd) {
  settings.max_limits_met = 3;
  make();
  http->always([](const http_request&) {
    return scripted_http::reply(429, R"({"message":"secondary rate limit"})");
  });
  const auto err = failure();
  EXPECT_EQ(code_of(err), ec::rate_limited);
  EXPECT_EQ(used.calls, 3u);
  EXPECT_EQ(met.size(), 3u);
}

TEST_F(github_requests, PausesOneTokenAndGoesOnWithAnother) {
  make({"hush-1", "hush-2"});
  http->then(limited(403, R"({"message":"secondary rate limit"})",
                     {{"retry-after", "600"}}));
  http->then(200, good);
  expect_good();
  EXPECT_EQ(seconds(), 0);
  EXPECT_THAT(tokens_used(), ElementsAre("hush-1", "hush-2"));
}

TEST_F(github_requests, UsesABadTokenNeverAgain) {
  make({"hush-1", "hush-2"});
  http->always([](const http_request& x) {
    const bool bad = x.headers.back().second == "Bearer hush-1";
    return bad ? scripted_http::reply(401, R"({"message":"Bad credentials"})")
               : scripted_http::reply(200, good);
  });
  expect_good();
  expect_good();
  EXPECT_THAT(tokens_used(), ElementsAre("hush-1", "hush-2", "hush-2"));
  http->always([](const http_request&) {
    return scripted_http::reply(401, R"({"message":"Bad credentials"})");
  });
  const auto err = failure();
  EXPECT_EQ(code_of(err), ec::refused);
  EXPECT_THAT(describe(err), HasSubstr("set GH_TOKENS"));
  EXPECT_THAT(describe(err), HasSubstr(name_of_secret("hush-2")));
  EXPECT_THAT(describe(err), Not(HasSubstr("hush")));
  const auto asked = http->asked.size();
  EXPECT_EQ(code_of(failure()), ec::refused);
  EXPECT_EQ(http->asked.size(), asked);
}

TEST_F(github_requests, RenewsEachTokenOnce) {
  const auto tokens = std::make_shared<odd_tokens>();
  make(tokens);
  // Both ended while nobody asked.
  http->always([](const http_request& x) {
    const bool old = !x.headers.back().second.ends_with("-2");
    return scripted_http::reply(old ? 401 : 200, old ? "{}" : good);
  });
  expect_good();
  EXPECT_THAT(tokens_used(), ElementsAre("hush-0-0", "hush-1-1", "hush-0-2"));
  http->asked.clear();
  http->always(
    [](const http_request&) { return scripted_http::reply(401, "{}"); });
  EXPECT_EQ(code_of(failure()), ec::refused);
  EXPECT_EQ(http->asked.size(), 4u);
  EXPECT_FALSE(client->limiter().usable());
}

TEST_F(github_requests, LeavesOutATokenThatCannotBeMade) {
  const auto tokens = std::make_shared<odd_tokens>();
  make(tokens);
  tokens->refused = 0;
  http->always(
    [](const http_request&) { return scripted_http::reply(200, good); });
  expect_good();
  EXPECT_THAT(tokens_used(), ElementsAre("hush-1-0"));
  tokens->refused = 1;
  const auto err = failure();
  EXPECT_EQ(code_of(err), ec::refused);
  EXPECT_THAT(describe(err), HasSubstr("no such installation"));
}

TEST_F(github_requests, WaitsForNothingThatATokenMayNot) {
  http->then(403, R"({"message":"Resource not accessible"})");
  const auto err = failure();
  EXPECT_EQ(code_of(err), ec::refused);
  EXPECT_THAT(describe(err), HasSubstr("may not read it"));
  EXPECT_EQ(seconds(), 0);
  EXPECT_THAT(met, IsEmpty());
}

TEST_F(github_requests, NeedsAToken) {
  make({"", ""});
  const auto err = failure();
  EXPECT_EQ(code_of(err), ec::refused);
  EXPECT_THAT(describe(err), HasSubstr("set GH_TOKENS"));
  EXPECT_THAT(http->asked, IsEmpty());
}

TEST_F(github_requests, GoesOnWaitingAfterARestart) {
  events::limit_met before;
  before.resource = "graphql";
  before.token = name_of_secret("hush-1");
  before.until = begin + 100s;
  client->restore(before);
  before.until = begin + 900s;
  before.resource = "core";
  client->restore(before);
  before.resource = "graphql";
  before.token = name_of_secret("hush-9"); // not set any more
  client->restore(before);
  before.token = name_of_secret("hush-1");
  before.until = begin - 900s;
  client->restore(before);
  http->then(200, good);
  expect_good();
  EXPECT_EQ(seconds(), 100);
}

TEST_F(github_requests, SendsItsTokenToNoOtherHost) {
  for (const auto* url :
       {"https://evil.test/x", "http://api.test/x", "https://api.test.evil/x",
        "https://api.test@evil.test/x", "https://api.test:8443/x",
        "https://api.test\\@evil.test/x", "https://api.test?/x", "api.test/x",
        "file:///x", ""}) {
    const auto answer = rest(url);
    ASSERT_FALSE(answer) << url;
    EXPECT_EQ(code_of(answer.error()), ec::refused) << url;
  }
  EXPECT_THAT(http->asked, IsEmpty());
  http->then(200, "{}");
  EXPECT_TRUE(rest("https://api.test/repositories/1"));
  EXPECT_EQ(http->asked[0].url, "https://api.test/repositories/1");
}

TEST_F(github_requests, GivesRestAnswersThatWereAskedFor) {
  http->then(scripted_http::reply(
    406, R"({"message":"the diff exceeded the maximum"})"));
  const auto answer = rest("/repos/a/b/pulls/1", {406});
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 406);
  EXPECT_EQ(http->header(0, "X-GitHub-Api-Version"), "2022-11-28");
  http->then(406, "{}");
  EXPECT_EQ(code_of(rest("/x").error()), ec::internal);
  http->then(404, R"({"message":"Not Found"})");
  const auto gone = rest("/y");
  EXPECT_EQ(code_of(gone.error()), ec::not_found);
  EXPECT_THAT(describe(gone.error()), HasSubstr("GET /y"));
}

TEST_F(github_requests, IsStoppedWhileItWaits) {
  http->always([this](const http_request&) {
    *stop = true;
    return scripted_http::reply(502, "");
  });
  EXPECT_EQ(code_of(failure()), ec::cancelled);
  EXPECT_EQ(used.calls, 1u);
  *stop = false;
  http->always([this](const http_request&) {
    *stop = true;
    return scripted_http::reply(429, "");
  });
  EXPECT_EQ(code_of(failure()), ec::cancelled);
  EXPECT_EQ(used.calls, 2u);
  EXPECT_EQ(met.size(), 1u);
}

TEST_F(github_requests, SpacesWhatItAsks) {
  http->always(
    [](const http_request&) { return scripted_http::reply(200, good); });
  for (int i = 0; i < 5; ++i)
    expect_good();
  EXPECT_EQ(seconds(), 4 * 0.5);
}

TEST(fixed_tokens, LeavesOutEmptyAndRepeatedOnes) {
  const auto all = fixed_tokens({"a", "", "b", "a"});
  ASSERT_EQ(all->size(), 2u);
  EXPECT_EQ(*all->token(1, {}), "b");
  EXPECT_NE(all->name(0), all->name(1));
  EXPECT_EQ(all->name(0).size(), 12u);
  EXPECT_FALSE(all->renew(0));
}

} // namespace
} // namespace fc::actors::services
