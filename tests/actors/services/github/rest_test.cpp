#include "actors/services/github/app_tokens.hpp"
#include "actors/services/github/rest.hpp"
#include "tests/actors/services/jwt/keys.hpp"
#include "tests/actors/services/scripted_http.hpp"
#include "tests/support/files.hpp"

#include <nlohmann/json.hpp>

namespace fc::actors::services {
namespace {

using events::code_of;
using events::describe;
using events::ec;
using nlohmann::json;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

using headers = std::vector<std::pair<std::string, std::string>>;

http_response
with_tag(const std::string& body, const std::string& tag, headers more = {}) {
  more.emplace_back("etag", tag);
  return scripted_http::reply(200, body, std::move(more));
}

struct github_rest_reader : testing::Test {
  static github_settings settings_of() {
    github_settings x;
    x.api = "https://api.test";
    return x;
  }
  expected<rest_answer>
  get(const std::string& url, const std::string& accept = "a/json") {
    rest_question question;
    question.url = url;
    question.accept = accept;
    return rest.get(question, used, {});
  }
  std::string
  body_of(const std::string& url, const std::string& accept = "a/json") {
    const auto answer = get(url, accept);
    EXPECT_TRUE(answer) << (answer ? "" : describe(answer.error()));
    return answer ? answer->response.body : "";
  }

  support::temp_dir folder;
  std::shared_ptr<scripted_http> http = std::make_shared<scripted_http>();
  github_client client{settings_of(), http, fixed_tokens({"hush"}),
                       std::make_shared<modelled_clock>(), [] {
                         return 0.0;
                       }};
  github_rest rest{client, folder / "cache"};
  github_usage used;
};

} // namespace

TEST_F(github_rest_reader, AsksWhetherWhatItHasStillHolds) {
  http->then(with_tag("one", "W/\"abc\""));
  EXPECT_EQ(body_of("/x"), "one");
  EXPECT_EQ(http->header(0, "If-None-Match"), "");
  // A recorded pair: 200 with a weak tag, 304 with the strong one.
  http->then(scripted_http::reply(304, "", {{"etag", "\"abc\""}}));
  const auto again = get("/x");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->response.body, "one");
  EXPECT_EQ(again->response.status, 200);
  EXPECT_TRUE(again->revalidated);
  EXPECT_EQ(http->header(1, "If-None-Match"), "W/\"abc\"");
  http->then(with_tag("two", "\"def\""));
  EXPECT_EQ(body_of("/x"), "two");
  EXPECT_EQ(used.calls, 3U);
}

TEST_F(github_rest_reader, KeepsEachMediaTypeApart) {
  http->then(with_tag("json", "\"1\""));
  http->then(with_tag("diff", "\"2\""));
  EXPECT_EQ(body_of("/x", "a/json"), "json");
  EXPECT_EQ(body_of("/x", "a/diff"), "diff");
  EXPECT_EQ(http->header(1, "If-None-Match"), "");
}

TEST_F(github_rest_reader, IgnoresWhatIsDamagedInTheCache) {
  std::string body(1000, 'x');
  body += std::string("\0\xFF\n", 3);
  http->then(with_tag(body, "\"1\""));
  EXPECT_EQ(body_of("/x"), body);
  std::filesystem::path file;
  for (const auto& each : std::filesystem::directory_iterator{folder / "cache"})
    file = each.path();
  const auto whole = support::read_file(file);
  for (const auto& spoilt :
       {whole.substr(0, whole.size() - 1), whole.substr(0, 10), std::string{},
        whole + "x", "{}\n" + body, "no json\n" + body}) {
    support::write_file(file, spoilt);
    http->asked.clear();
    http->then(with_tag(body, "\"1\""));
    EXPECT_EQ(body_of("/x"), body);
    EXPECT_EQ(http->header(0, "If-None-Match"), "");
  }
  http->asked.clear();
  http->then(scripted_http::reply(304, "", {}));
  EXPECT_EQ(body_of("/x"), body); // kept again, and sound
}

TEST_F(github_rest_reader, AsksAnewWhereTheTagIsOfAnotherAnswer) {
  http->then(with_tag("one", "\"1\""));
  http->then(scripted_http::reply(304, "", {{"etag", "\"9\""}}));
  http->then(with_tag("two", "\"9\""));
  EXPECT_EQ(body_of("/x"), "one");
  EXPECT_EQ(body_of("/x"), "two");
  EXPECT_EQ(http->header(2, "If-None-Match"), "");
}

TEST_F(github_rest_reader, DoesNotNeedItsCache) {
  support::write_file(folder / "file", "no folder");
  github_rest spoilt{client, folder / "file"};
  http->then(with_tag("one", "\"1\""));
  rest_question question;
  question.url = "/x";
  EXPECT_EQ(spoilt.get(question, used, {})->response.body, "one");
}

TEST_F(github_rest_reader, KeepsNothingThatWasCutOff) {
  auto cut = with_tag("on", "\"1\"");
  cut.cut = true;
  http->then(cut);
  http->then(with_tag("one", "\"1\""));
  body_of("/x");
  body_of("/x");
  EXPECT_EQ(http->header(1, "If-None-Match"), "");
}

TEST_F(github_rest_reader, FollowsANewNameOnItsOwnHost) {
  http->then(scripted_http::reply(
    301, "{}", {{"location", "https://api.test/repositories/7"}}));
  http->then(200, "moved");
  const auto answer = get("/repos/old/name");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->response.body, "moved");
  EXPECT_EQ(answer->url, "https://api.test/repositories/7");
}

TEST_F(github_rest_reader, NeverFollowsToAnotherHost) {
  for (const auto* to : {"https://evil.test/repositories/7",
                         "https://api.test.evil/x", "http://api.test/x"}) {
    http->asked.clear();
    http->then(scripted_http::reply(301, "{}", {{"location", to}}));
    http->always({});
    const auto answer = get("/x");
    ASSERT_FALSE(answer) << to;
    for (const auto& each : http->asked)
      EXPECT_TRUE(each.url.starts_with("https://api.test/")) << each.url;
    EXPECT_THAT(describe(answer.error()), Not(HasSubstr("hush")));
  }
}

TEST_F(github_rest_reader, EndsRedirectsThatDoNot) {
  http->always([](const http_request&) {
    return scripted_http::reply(301, "", {{"location", "https://api.test/x"}});
  });
  EXPECT_THAT(describe(get("/x").error()), HasSubstr("without an end"));
  http->always(
    [](const http_request&) { return scripted_http::reply(302, "", {}); });
  EXPECT_THAT(describe(get("/x").error()), HasSubstr("to nowhere"));
}

TEST_F(github_rest_reader, ReadsAllPages) {
  http->then(scripted_http::reply(
    200, "1",
    {{"link", "<https://api.test/repositories/9/x?page=2>; rel=\"next\", "
              "<https://api.test/repositories/9/x?page=3>; rel=\"last\""}}));
  http->then(scripted_http::reply(
    200, "2",
    {{"link", "<https://api.test/x?page=1>; rel=\"prev\", "
              "<https://api.test/x?page=3>; rel=\"next\""}}));
  http->then(scripted_http::reply(
    200, "3", {{"link", "<https://api.test/x?page=1>; rel=\"first\""}}));
  std::vector<std::string> bodies;
  rest_question question;
  question.url = "/repos/a/b/x";
  const auto err = rest.pages(question,
                              [&](const rest_answer& x) {
                                bodies.push_back(x.response.body);
                                return events::error{};
                              },
                              30, used, {});
  EXPECT_FALSE(err) << describe(err);
  EXPECT_THAT(bodies, ElementsAre("1", "2", "3"));
}

TEST_F(github_rest_reader, EndsPagesThatDoNot) {
  const auto read = [&](std::size_t max) {
    rest_question question;
    question.url = "https://api.test/x?page=1";
    return describe(
      rest.pages(question, [](const rest_answer&) { return events::error{}; },
                 max, used, {}));
  };
  http->always([](const http_request&) {
    return scripted_http::reply(
      200, "", {{"link", "<https://api.test/x?page=1>; rel=\"next\""}});
  });
  EXPECT_THAT(read(30), HasSubstr("lead back to"));
  http->always([](const http_request& x) {
    return scripted_http::reply(200, "",
                                {{"link", "<" + x.url + "1>; rel=\"next\""}});
  });
  EXPECT_THAT(read(3), HasSubstr("more than 3 pages"));
  http->always([](const http_request&) {
    return scripted_http::reply(
      200, "", {{"link", "<https://evil.test/x>; rel=\"next\""}});
  });
  EXPECT_THAT(read(30), HasSubstr("another host"));
}

TEST(next_page, ReadsLinkHeaders) {
  EXPECT_EQ(next_page(""), "");
  EXPECT_EQ(next_page("<u>"), "");
  EXPECT_EQ(next_page("<u"), "");
  EXPECT_EQ(next_page("<u>; rel=\"next\""), "u");
  EXPECT_EQ(next_page("<a,b>; rel=\"prev\", <c?d=1,2>; rel=\"next\""),
            "c?d=1,2");
  EXPECT_EQ(next_page(", , ,"), "");
}

namespace {

struct installation : testing::Test {
  std::shared_ptr<token_source> open() {
    github_app app;
    app.api = "https://api.test";
    app.id = "77";
    app.installations = {"1001", "1002"};
    return app_tokens(app, *signing_key::read(keys.private_pem(), "app.pem"),
                      http, time);
  }
  static std::string granted(const std::string& token) {
    return json{{"token", token}, {"expires_at", "2026-11-01T01:00:00Z"}}
      .dump();
  }
  json claims(std::size_t i) {
    const auto proof = http->header(i, "Authorization").substr(7);
    EXPECT_TRUE(keys.signed_by(proof));
    return json::parse(claims_of(proof));
  }

  key_pair keys;
  std::shared_ptr<scripted_http> http = std::make_shared<scripted_http>();
  std::shared_ptr<modelled_clock> time = std::make_shared<modelled_clock>();
};

} // namespace

TEST_F(installation, HasATokenOfAnyLengthUntilShortlyBeforeItsEnd) {
  const auto x = open();
  EXPECT_EQ(x->size(), 2U);
  EXPECT_EQ(x->name(1), "app-77-1002");
  const std::string large = "ghs_77_" + std::string(300, 'x');
  http->then(201, granted(large));
  EXPECT_EQ(*x->token(0, {}), large);
  EXPECT_EQ(*x->token(0, {}), large);
  ASSERT_EQ(http->asked.size(), 1U);
  EXPECT_EQ(http->asked[0].method, "POST");
  EXPECT_EQ(http->asked[0].url,
            "https://api.test/app/installations/1001/access_tokens");
  const auto payload = claims(0);
  EXPECT_EQ(payload["iss"], "77");
  const auto now = unix_seconds(time->now());
  EXPECT_EQ(payload["iat"], now - 60);
  EXPECT_LE(payload["exp"].get<std::int64_t>()
              - payload["iat"].get<std::int64_t>(),
            600);
  time->advance(std::chrono::minutes{56});
  http->then(201, granted("next"));
  EXPECT_EQ(*x->token(0, {}), "next");
}

TEST_F(installation, MakesANewOneAfterARefusal) {
  const auto x = open();
  http->then(201, granted("first"));
  EXPECT_TRUE(x->token(1, {}));
  EXPECT_TRUE(x->renew(1));
  http->then(201, granted("second"));
  EXPECT_EQ(*x->token(1, {}), "second");
}

TEST_F(installation, TakesGitHubsTimeWhereTheClockIsWrong) {
  const auto x = open();
  http->then(scripted_http::reply(
    401, R"({"message": "'Issued at' claim ('iat') must be an Integer"})",
    {{"date", "Sun, 01 Nov 2026 02:00:00 GMT"}}));
  http->then(201, granted("first"));
  EXPECT_EQ(*x->token(0, {}), "first");
  EXPECT_EQ(claims(1)["iat"],
            unix_seconds(*events::parse_time("2026-11-01T01:59:00Z")));
}

TEST_F(installation, SaysWhyThereIsNoToken) {
  const auto x = open();
  const auto error_of = [&](ec code) {
    const auto token = x->token(0, {});
    EXPECT_FALSE(token);
    EXPECT_EQ(code_of(token.error()), code);
    return describe(token.error());
  };
  http->then(401, R"({"message": "A JSON web token could not be decoded"})");
  EXPECT_THAT(error_of(ec::refused),
              HasSubstr("the private key is not this app's"));
  http->then(404, "{}");
  EXPECT_THAT(error_of(ec::refused), HasSubstr("no such installation"));
  http->then(403, R"({"message": "suspended"})");
  EXPECT_THAT(error_of(ec::refused), HasSubstr("suspended"));
  http->then(503, "<html>");
  EXPECT_THAT(error_of(ec::unavailable), HasSubstr("try later"));
  http->then(201, "{}");
  EXPECT_THAT(error_of(ec::malformed), HasSubstr("without token"));
  http->then(events::make_error(ec::unavailable, "nobody answers"));
  EXPECT_THAT(error_of(ec::unavailable), HasSubstr("nobody answers"));
}

TEST_F(installation, StandsBesidePersonalTokens) {
  const auto all = joined_tokens({fixed_tokens({"a", "b"}), open()});
  EXPECT_EQ(all->size(), 4U);
  EXPECT_EQ(*all->token(1, {}), "b");
  EXPECT_EQ(all->name(3), "app-77-1002");
  EXPECT_FALSE(all->renew(0));
  EXPECT_TRUE(all->renew(2));
}

} // namespace fc::actors::services
