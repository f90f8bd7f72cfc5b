#include "actors/services/bigquery/client.hpp"
#include "tests/actors/services/jwt/keys.hpp"
#include "tests/actors/services/scripted_http.hpp"

#include <nlohmann/json.hpp>

namespace fc::actors::services {
namespace {

using events::code_of;
using events::describe;
using events::ec;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

constexpr auto dry = R"({"jobComplete":true,"totalBytesProcessed":"1500"})";
constexpr auto schema
  = R"("schema":{"fields":[{"name":"repo_name","type":"STRING"}]})";

std::string rows(const std::string& more, const std::string& cells) {
  return R"({"jobComplete":true,"jobReference":{"projectId":"p","jobId":"j 1",
             "location":"EU"},)"
         + std::string{schema} + more + R"(,"rows":[)" + cells + "]}";
}

std::string cell(const std::string& x) {
  return R"({"f":[{"v":")" + x + R"("}]})";
}

std::string failed(int code, const std::string& reason) {
  return R"({"error":{"code":)" + std::to_string(code) + R"(,"message":"about )"
         + reason + R"(","errors":[{"reason":")" + reason + R"("}]}})";
}

struct bigquery : testing::Test {
  bigquery_settings settings_of() {
    bigquery_settings x;
    x.api = "https://bq.test/";
    x.project = "my project";
    x.max_bytes = 2000;
    return x;
  }
  bigquery_client client() {
    return {settings_of(), http, access, time, [] {
              return 0.0;
            }};
  }
  expected<bigquery_result> run() {
    return client().run({"SELECT 1", {{"name", "x"}}, {{"min", 500}}}, {});
  }
  std::string error_of(ec code) {
    const auto result = run();
    EXPECT_FALSE(result);
    if (result)
      return {};
    EXPECT_EQ(code_of(result.error()), code) << describe(result.error());
    EXPECT_THAT(describe(result.error()), Not(HasSubstr("hush")));
    return describe(result.error());
  }

  std::shared_ptr<scripted_http> http = std::make_shared<scripted_http>();
  std::shared_ptr<modelled_clock> time = std::make_shared<modelled_clock>();
  std::shared_ptr<google_access> access = ready_access("hush");
};

} // namespace

TEST_F(bigquery, TriesDryThenRunsWaitsAndReadsAllPages) {
  http->then(200, dry);
  http->then(200, R"({"jobComplete":false,"jobReference":
                      {"projectId":"p","jobId":"j 1","location":"EU"}})");
  http->then(200, R"({"jobComplete":false,"jobReference":{}})");
  http->then(200, rows(R"(,"totalRows":"3","pageToken":"P/2",
                          "totalBytesProcessed":"1500")",
                       cell("a/b") + "," + cell("c/d")));
  http->then(200, rows(R"(,"totalRows":"3")", cell("e/f")));
  const auto result = run();
  ASSERT_TRUE(result) << describe(result.error());
  ASSERT_EQ(result->rows.size(), 3U);
  EXPECT_EQ(result->rows[2]["repo_name"], "e/f");
  EXPECT_EQ(result->bytes, 1500U);
  EXPECT_EQ(result->calls, 5U);
  EXPECT_EQ(http->asked[0].url,
            "https://bq.test/bigquery/v2/projects/my%20project/queries");
  const auto first = json::parse(http->asked[0].body);
  EXPECT_EQ(first["dryRun"], true);
  EXPECT_FALSE(first.contains("requestId"));
  const auto second = json::parse(http->asked[1].body);
  EXPECT_EQ(second["useLegacySql"], false);
  EXPECT_EQ(second["maximumBytesBilled"], "2000");
  EXPECT_EQ(second["formatOptions"]["useInt64Timestamp"], true);
  EXPECT_LE(second["requestId"].get<std::string>().size(), 36U);
  EXPECT_EQ(second["queryParameters"][1]["parameterValue"]["value"], "500");
  EXPECT_THAT(http->asked[2].url,
              HasSubstr("/queries/j%201?location=EU&maxResults=10000"));
  EXPECT_THAT(http->asked[4].url, HasSubstr("&pageToken=P%2F2"));
  EXPECT_EQ(http->header(4, "Authorization"), "Bearer hush");
}

TEST_F(bigquery, HasNoRowsWhereThereAreNone) {
  http->then(200, dry);
  http->then(200, R"({"jobComplete":true,"totalRows":"0","queryId":"q",)"
                    + std::string{schema} + "}");
  const auto result = run();
  ASSERT_TRUE(result) << describe(result.error());
  EXPECT_TRUE(result->rows.empty());
}

TEST_F(bigquery, RefusesWhatWouldReadTooMuchBeforeItCosts) {
  http->then(200, R"({"jobComplete":true,
                      "totalBytesProcessed":"1500000000000"})");
  EXPECT_EQ(error_of(ec::refused),
            "refused: the query would read 1500.0 GB ($8.53), allowed are 0.0 "
            "GB; raise --bigquery-max-bytes to 1500000000000 to allow it");
  EXPECT_EQ(http->asked.size(), 1U);
}

TEST_F(bigquery, RepeatsTheSameJobWhereThatMayHelp) {
  for (const auto* reason : {"rateLimitExceeded", "backendError"}) {
    http->asked.clear();
    http->then(200, dry);
    http->then(403, failed(403, reason));
    http->then(events::make_error(ec::unavailable, "cut"));
    http->then(503, "<html>hush</html>");
    http->then(200, rows(R"(,"totalRows":"1")", cell("a/b")));
    const auto begun = time->now();
    const auto result = run();
    ASSERT_TRUE(result) << describe(result.error());
    const auto id = [&](std::size_t i) {
      return json::parse(http->asked[i].body)["requestId"];
    };
    EXPECT_EQ(id(1), id(4));
    EXPECT_GE(time->now() - begun, std::chrono::seconds{7}); // 1 + 2 + 4
  }
}

TEST_F(bigquery, GivesUpAfterSomeTries) {
  for (int i = 0; i < 5; ++i)
    http->then(500, failed(500, "internalError"));
  EXPECT_THAT(error_of(ec::unavailable), HasSubstr("500 internalError"));
  EXPECT_EQ(http->asked.size(), 5U);
}

TEST_F(bigquery, StopsWhereAskingAgainDoesNotHelp) {
  const auto with = [&](long status, const std::string& body, ec code) {
    http->asked.clear();
    http->then(status, body);
    const auto words = error_of(code);
    EXPECT_EQ(http->asked.size(), 1U) << body;
    return words;
  };
  EXPECT_THAT(with(403, failed(403, "quotaExceeded"), ec::refused),
              HasSubstr("come back tomorrow"));
  EXPECT_THAT(with(400, failed(400, "bytesBilledLimitExceeded"), ec::refused),
              HasSubstr("--bigquery-max-bytes"));
  EXPECT_THAT(with(403, failed(403, "accessDenied"), ec::refused),
              HasSubstr("BigQuery Job User"));
  EXPECT_THAT(with(400, failed(400, "invalidQuery"), ec::internal),
              HasSubstr("about invalidQuery"));
  EXPECT_THAT(with(404, failed(404, "notFound"), ec::not_found),
              HasSubstr("notFound"));
  // Without the wrapper, and beside a status of 200.
  EXPECT_THAT(with(403, R"({"code":403,"message":"no",
                            "errors":[{"reason":"accessDenied"}]})",
                   ec::refused),
              HasSubstr("no; the account"));
  EXPECT_THAT(with(200, R"({"jobComplete":true,
                            "errors":[{"reason":"invalidQuery",
                                       "message":"bad\nline"}]})",
                   ec::internal),
              HasSubstr("bad line"));
  EXPECT_THAT(with(200, "<html><body>Sign in</body></html>", ec::malformed),
              HasSubstr("is a proxy in between?"));
  EXPECT_THAT(with(418, "{}", ec::refused), HasSubstr("418"));
}

TEST_F(bigquery, SaysThatATokenIsNotValid) {
  http->then(401, "{}");
  EXPECT_THAT(error_of(ec::refused), HasSubstr("token is not valid"));
}

TEST_F(bigquery, RefusesAnswersThatAreNotWhole) {
  const auto with = [&](const std::string& body) {
    http->then(200, dry);
    http->then(200, body);
    return error_of(ec::malformed);
  };
  EXPECT_THAT(with(rows(R"(,"totalRows":"2")", cell("a/b"))),
              HasSubstr("counts 2 rows and sent 1"));
  EXPECT_THAT(with(rows("", cell("a/b"))), HasSubstr("no totalRows"));
  EXPECT_THAT(with(R"({"jobComplete":false})"), HasSubstr("names no job"));
  http->then(200, dry);
  const auto page = rows(R"(,"totalRows":"9","pageToken":"P")", cell("a/b"));
  http->then(200, page);
  http->then(200, page);
  EXPECT_THAT(error_of(ec::malformed), HasSubstr("same page twice"));
  http->then(200, "{}");
  EXPECT_THAT(error_of(ec::malformed), HasSubstr("no totalBytesProcessed"));
}

TEST_F(bigquery, DoesNotWaitForEver) {
  http->always([](const http_request& x) {
    return x.body.find("\"dryRun\":true") != std::string::npos
             ? scripted_http::reply(200, dry)
             : scripted_http::reply(200, R"({"jobComplete":false,
                 "jobReference":{"jobId":"j"}})");
  });
  EXPECT_THAT(error_of(ec::timeout), HasSubstr("within 900 s"));
}

TEST_F(bigquery, NeedsAProject) {
  auto settings = settings_of();
  settings.project.clear();
  bigquery_client x{settings, http, access, time, [] {
                      return 0.0;
                    }};
  const auto result = x.run({"SELECT 1", {}, {}}, {});
  EXPECT_THAT(describe(result.error()), HasSubstr("--bigquery-project"));
  EXPECT_TRUE(http->asked.empty());
}

namespace {

struct account : testing::Test {
  std::string file(const std::string& uri = "https://token.test/token") const {
    return json{{"type", "service_account"},
                {"client_email", "bot@p.iam"},
                {"project_id", "p"},
                {"private_key", keys.private_pem()},
                {"token_uri", uri}}
      .dump();
  }
  std::shared_ptr<google_access> open() {
    auto made = service_account(file(), "key.json", http, time);
    EXPECT_TRUE(made) << (made ? "" : describe(made.error()));
    return *made;
  }

  key_pair keys;
  std::shared_ptr<scripted_http> http = std::make_shared<scripted_http>();
  std::shared_ptr<modelled_clock> time = std::make_shared<modelled_clock>();
};

constexpr auto granted
  = R"({"access_token":"first","expires_in":3599,"token_type":"Bearer"})";

} // namespace

TEST_F(account, SignsForATokenAndKeepsItUntilShortlyBeforeItsEnd) {
  const auto x = open();
  EXPECT_EQ(x->project(), "p");
  http->then(200, granted);
  EXPECT_EQ(*x->token({}), "first");
  EXPECT_EQ(*x->token({}), "first");
  ASSERT_EQ(http->asked.size(), 1U);
  EXPECT_EQ(http->asked[0].url, "https://token.test/token");
  const auto& body = http->asked[0].body;
  EXPECT_THAT(body, HasSubstr("grant_type=urn%3Aietf%3Aparams%3Aoauth%3A"));
  const auto jwt = body.substr(body.find("assertion=") + 10);
  EXPECT_TRUE(keys.signed_by(jwt));
  const auto claims = json::parse(claims_of(jwt));
  EXPECT_EQ(claims["iss"], "bot@p.iam");
  EXPECT_EQ(claims["aud"], "https://token.test/token");
  EXPECT_EQ(claims["exp"].get<int>() - claims["iat"].get<int>(), 3600);
  time->advance(std::chrono::seconds{3500});
  http->then(200, R"({"access_token":"second","expires_in":3599})");
  EXPECT_EQ(*x->token({}), "second");
}

// Regression: the smallest number there is was subtracted from.
TEST_F(account, RenewsAtOnceATokenThatNeverLived) {
  const auto x = open();
  http->then(200,
             R"({"access_token":"first","expires_in":-9223372036854775808})");
  EXPECT_EQ(*x->token({}), "first");
  http->then(200,
             R"({"access_token":"second","expires_in":9223372036854775807})");
  EXPECT_EQ(*x->token({}), "second");
  EXPECT_EQ(*x->token({}), "second");
}

TEST_F(account, MakesANewOneWhereTheServiceRefusedIt) {
  const auto x = open();
  http->then(200, granted);
  EXPECT_TRUE(x->token({}));
  EXPECT_TRUE(x->renew());
  http->then(200, R"({"access_token":"second"})");
  EXPECT_EQ(*x->token({}), "second");
}

TEST_F(account, SaysWhyThereIsNoToken) {
  const auto x = open();
  http->then(400, R"({"error":"invalid_grant",
                      "error_description":"Invalid JWT Signature."})");
  auto token = x->token({});
  EXPECT_EQ(code_of(token.error()), ec::refused);
  EXPECT_THAT(describe(token.error()),
              HasSubstr("bot@p.iam: invalid_grant Invalid JWT Signature."));
  http->then(503, "<html>");
  EXPECT_EQ(code_of(x->token({}).error()), ec::unavailable);
  http->then(200, "<html>");
  EXPECT_EQ(code_of(x->token({}).error()), ec::malformed);
}

TEST_F(account, RefusesWhatIsNoKeyFile) {
  const auto error_of = [&](const std::string& text) {
    const auto made = service_account(text, "key.json", http, time);
    EXPECT_FALSE(made);
    return made ? std::string{} : describe(made.error());
  };
  EXPECT_THAT(error_of("hush"), HasSubstr("key.json is not a key file"));
  EXPECT_THAT(error_of(R"({"type":"authorized_user"})"),
              HasSubstr("is not a key file"));
  EXPECT_THAT(error_of(R"({"type":"service_account"})"),
              HasSubstr("lacks client_email or token_uri"));
  EXPECT_THAT(error_of(R"({"type":"service_account","client_email":"a",
                           "token_uri":"b","private_key":"hush"})"),
              testing::AllOf(HasSubstr("key.json (private_key) holds no"),
                             Not(HasSubstr("hush"))));
}

} // namespace fc::actors::services
