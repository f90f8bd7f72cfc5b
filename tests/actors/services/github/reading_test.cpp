#include "actors/services/github/reading.hpp"
#include "tests/actors/services/scripted_http.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fc::actors::services {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

using headers = std::vector<std::pair<std::string, std::string>>;

const auto now = *events::parse_time("2026-11-01");

std::string seconds_later(std::int64_t seconds) {
  return std::to_string(
    std::chrono::duration_cast<std::chrono::seconds>(now.time_since_epoch())
      .count()
    + seconds);
}

headers json_with(headers more) {
  more.emplace_back("content-type", "application/json; charset=utf-8");
  return more;
}

headers spent(std::int64_t reset_in) {
  return json_with({{"x-ratelimit-remaining", "0"},
                    {"x-ratelimit-reset", seconds_later(reset_in)}});
}

const std::string secondary
  = R"({"message":"You have exceeded a secondary rate limit. Please wait."})";
const std::string abuse
  = R"({"message":"You have triggered an abuse detection mechanism."})";
const std::string primary
  = R"({"message":"API rate limit exceeded for user ID 1."})";
const std::string plain
  = R"({"message":"Resource not accessible by personal access token"})";
const std::string timed_out
  = R"({"data":null,"errors":[{"message":"Something went wrong while )"
    R"(executing your query. This may be the result of a timeout, or it )"
    R"(could be a GitHub bug. Please include `1:2` when reporting."}]})";
const std::string page = "<!DOCTYPE html>\n<html><body>Unicorn!\n"
                         + std::string(54'000, 'x') + "</body></html>";

/// What an answer says, in one line: meaning, kind, seconds to wait.
std::string summary_of(const github_reading& x) {
  static const char* const names[]{"fine",      "limited",    "outage",
                                   "too heavy", "bad token",  "not allowed",
                                   "gone",      "our mistake"};
  std::string out = names[static_cast<std::size_t>(x.outcome)];
  if (!x.kind.empty())
    out += " " + x.kind;
  EXPECT_EQ(x.limit.refused, x.outcome == github_outcome::limited);
  if (x.limit.until)
    out += " "
           + std::to_string(std::chrono::duration_cast<std::chrono::seconds>(
                              *x.limit.until - now)
                              .count());
  return out;
}

std::string rest(long status, const std::string& body,
                 const headers& with = json_with({})) {
  return summary_of(read_rest(scripted_http::reply(status, body, with), now));
}
std::string graphql(long status, const std::string& body,
                    const headers& with = json_with({})) {
  return summary_of(
    read_graphql(scripted_http::reply(status, body, with), now));
}
github_reading read(const std::string& body) {
  return read_graphql(scripted_http::reply(200, body, json_with({})), now);
}

/// Refusals that both interfaces make in the same way.
TEST(reading, TellsRefusalsApart) {
  for (const auto ask : {rest, graphql})
    for (const long status : {403L, 429L}) {
      SCOPED_TRACE(status);
      EXPECT_EQ(ask(status, secondary, json_with({{"retry-after", "30"}})),
                "limited secondary 30");
      EXPECT_EQ(
        ask(status, secondary,
            json_with({{"retry-after", "Sun, 01 Nov 2026 00:00:45 GMT"}})),
        "limited secondary 45");
      // Often with points left and no time named.
      EXPECT_EQ(ask(status, secondary,
                    json_with({{"x-ratelimit-remaining", "4000"},
                               {"x-ratelimit-reset", seconds_later(900)}})),
                "limited secondary");
      EXPECT_EQ(ask(status, secondary, spent(900)), "limited secondary 901");
      EXPECT_EQ(ask(status, abuse, json_with({{"retry-after", "60"}})),
                "limited abuse 60");
      EXPECT_EQ(ask(status, abuse, json_with({})), "limited abuse");
      EXPECT_EQ(ask(status, primary, spent(600)), "limited primary 601");
      EXPECT_EQ(ask(status, primary, json_with({})), "limited primary");
      EXPECT_EQ(ask(status, "{}", spent(600)), "limited primary 601");
      EXPECT_EQ(ask(status, "{}", json_with({{"retry-after", "5"}})),
                "limited secondary 5");
      EXPECT_EQ(
        ask(status, "{}",
            json_with({{"gh-limited-by", "search-elapsed-time-shared"}})),
        "limited secondary");
    }
}

TEST(reading, WaitsForNothingWhereThePermissionIsMissing) {
  const auto left = json_with({{"x-ratelimit-remaining", "4999"}});
  for (const auto ask : {rest, graphql}) {
    EXPECT_EQ(ask(403, plain, left), "not allowed");
    EXPECT_EQ(ask(403, plain, json_with({})), "not allowed");
    EXPECT_EQ(ask(403, page, {{"content-type", "text/html"}}), "not allowed");
    EXPECT_EQ(ask(429, plain, left), "limited secondary");
  }
}

TEST(reading, KnowsABadToken) {
  for (const auto ask : {rest, graphql})
    EXPECT_EQ(ask(401, R"({"message":"Bad credentials"})", json_with({})),
              "bad token");
}

TEST(reading, TakesAResetBeyondItsWindowForNone) {
  for (const auto ask : {rest, graphql}) {
    EXPECT_EQ(ask(403, primary, spent(3600)), "limited primary 3601");
    EXPECT_EQ(ask(403, primary, spent(3660)), "limited primary 3661");
    EXPECT_EQ(ask(403, primary, spent(3661)), "limited primary");
    for (const auto* reset : {"4102444800", "9223372036854775807",
                              "92233720368547758070", "-1", "soon", ""})
      EXPECT_EQ(ask(403, primary,
                    json_with({{"x-ratelimit-remaining", "0"},
                               {"x-ratelimit-reset", reset}})),
                "limited primary")
        << reset;
  }
}

TEST(reading, ReadsTimesThatAreHardToBelieve) {
  const auto after = [](const std::string& value) {
    return rest(403, secondary, json_with({{"retry-after", value}}));
  };
  EXPECT_EQ(after("0"), "limited secondary 0");
  EXPECT_EQ(after("999999999999"), "limited secondary 86400"); // limiters clamp
  EXPECT_EQ(after("-5"), "limited secondary");
  EXPECT_EQ(after("1.5"), "limited secondary");
  EXPECT_EQ(after("tomorrow"), "limited secondary");
  EXPECT_EQ(after(""), "limited secondary");
  EXPECT_EQ(after("Fri, 31 Dec 9999 23:59:59 GMT"), "limited secondary");
  EXPECT_EQ(after("Thu, 01 Jan 1600 00:00:00 GMT"), "limited secondary");
}

TEST(reading, CorrectsTimesByTheServicesClock) {
  const auto ask = [](const std::string& date, headers more) {
    more.emplace_back("date", date);
    return rest(403, secondary, json_with(std::move(more)));
  };
  const headers none_left{{"x-ratelimit-remaining", "0"},
                          {"x-ratelimit-reset", seconds_later(300)}};
  const headers dated{{"retry-after", "Sun, 01 Nov 2026 00:05:00 GMT"}};
  // Its clock is two minutes ahead of ours: it means 180 s from now.
  EXPECT_EQ(ask("Sun, 01 Nov 2026 00:02:00 GMT", none_left),
            "limited secondary 181");
  EXPECT_EQ(ask("Sun, 01 Nov 2026 00:02:00 GMT", dated),
            "limited secondary 180");
  EXPECT_EQ(ask("Sat, 31 Oct 2026 23:58:00 GMT", none_left),
            "limited secondary 421");
  EXPECT_EQ(ask("Sun, 01 Nov 2026 00:02:00 GMT", {{"retry-after", "30"}}),
            "limited secondary 30");
  // No clock at all.
  EXPECT_EQ(ask("Thu, 01 Jan 1970 00:00:00 GMT", none_left),
            "limited secondary");
  EXPECT_EQ(ask("Fri, 31 Dec 9999 23:59:59 GMT", none_left),
            "limited secondary 301");
  EXPECT_EQ(ask("yesterday", none_left), "limited secondary 301");
}

TEST(reading, KnowsWhatIsLeftOfAGoodAnswer) {
  const auto x = read_rest(
    scripted_http::reply(200, "[]",
                         json_with({{"x-ratelimit-remaining", "17"},
                                    {"x-ratelimit-reset", seconds_later(60)}})),
    now);
  EXPECT_EQ(summary_of(x), "fine");
  EXPECT_EQ(x.limit.remaining, 17u);
  EXPECT_EQ(x.limit.reset, now + 60s);
  EXPECT_FALSE(x.limit.until);
}

TEST(rest_reading, ReadsEachStatus) {
  EXPECT_EQ(rest(200, "anything"), "fine");
  EXPECT_EQ(rest(301, "{}"), "fine"); // who asked follows it
  EXPECT_EQ(rest(304, ""), "fine");
  EXPECT_EQ(rest(400, "{}"), "our mistake");
  EXPECT_EQ(rest(404, R"({"message":"Not Found"})"), "gone");
  EXPECT_EQ(rest(410, "{}"), "gone");
  EXPECT_EQ(rest(451, "{}"), "gone");
  EXPECT_EQ(rest(406, "{}"), "our mistake");
  EXPECT_EQ(rest(408, ""), "outage");
  EXPECT_EQ(rest(422, "{}"), "our mistake");
  EXPECT_EQ(rest(500, ""), "outage");
  EXPECT_EQ(rest(502, R"({"error": "Server Error"})"), "outage");
  EXPECT_EQ(rest(503, page, {{"content-type", "text/html"}}), "outage");
  EXPECT_EQ(rest(504, ""), "outage");
}

/// Both spellings, which come with status 200.
TEST(graphql_reading, KnowsTheEndOfThePoints) {
  for (const auto* errors :
       {R"([{"type":"RATE_LIMITED","message":"API rate limit exceeded"}])",
        R"([{"type":"RATE_LIMIT","code":"graphql_rate_limit","message":"m"}])",
        R"([{"code":"graphql_rate_limit","message":"m"}])",
        R"([{"extensions":{"code":"RATE_LIMITED"},"message":"m"}])",
        R"([{"message":"other"},{"type":"RATE_LIMITED","message":"m"}])"})
    for (const auto* data : {"", R"("data":null,)", R"("data":{"a":1},)"}) {
      const auto body = "{" + std::string{data} + "\"errors\":" + errors + "}";
      EXPECT_EQ(graphql(200, body, spent(600)), "limited primary 601") << body;
      EXPECT_EQ(graphql(200, body), "limited primary") << body;
    }
}

TEST(graphql_reading, KnowsWhatIsTooHeavy) {
  EXPECT_EQ(graphql(502, timed_out), "too heavy");
  EXPECT_EQ(graphql(200, timed_out), "too heavy");
  EXPECT_EQ(graphql(504, R"({"message":"We couldn't respond in time."})"),
            "too heavy");
  EXPECT_EQ(graphql(504, page, {{"content-type", "text/html"}}), "too heavy");
  // Nulls beside it are no data.
  EXPECT_EQ(graphql(200, R"({"data":{"nodes":[{"id":"1"},null]},"errors":[)"
                         R"({"type":"RESOURCE_LIMITS_EXCEEDED",)"
                         R"("message":"Resource limits exceeded."}]})"),
            "too heavy");
  EXPECT_EQ(graphql(200, R"({"errors":[{"type":"MAX_NODE_LIMIT_EXCEEDED",)"
                         R"("message":"too many"}]})"),
            "too heavy");
}

TEST(graphql_reading, TakesNoRepositoryForATimeout) {
  const auto x
    = read(R"({"data":{"r0":null},"errors":[{"type":"NOT_FOUND",)"
           R"("path":["r0"],"message":"Could not resolve to a Repository )"
           R"(with the name 'a/timeout-decorator'."}]})");
  EXPECT_EQ(summary_of(x), "fine");
}

TEST(graphql_reading, KeepsWhatIsThereBesideErrors) {
  const auto x = read(
    R"({"data":{"r0":null,"r1":{"id":"1"}},"errors":[)"
    R"({"type":"NOT_FOUND","path":["r0"],"message":"Could not resolve"},)"
    R"({"type":"FORBIDDEN","path":["r1","pullRequests","nodes",3,"files"],)"
    R"("message":"Resource protected by organization SAML enforcement."}]})");
  EXPECT_EQ(summary_of(x), "fine");
  ASSERT_EQ(x.errors.size(), 2u);
  EXPECT_EQ(x.errors[0].type, "NOT_FOUND");
  EXPECT_EQ(x.errors[0].path, "r0");
  EXPECT_EQ(x.errors[1].path, "r1.pullRequests.nodes.3.files");
  EXPECT_EQ(x.body["data"]["r1"]["id"], "1");
}

TEST(graphql_reading, KnowsErrorsWithoutData) {
  const auto with = [](const std::string& error) {
    return graphql(200, R"({"data":null,"errors":[)" + error + "]}");
  };
  EXPECT_EQ(with(R"({"type":"NOT_FOUND","message":"Could not resolve"})"),
            "gone");
  EXPECT_EQ(with(R"({"type":"FORBIDDEN","message":"SAML"})"), "not allowed");
  EXPECT_EQ(with(R"({"type":"INSUFFICIENT_SCOPES","message":"m"})"),
            "not allowed");
  EXPECT_EQ(with(R"({"message":"Field 'x' doesn't exist","path":["x"]})"),
            "our mistake");
  EXPECT_EQ(with("7"), "our mistake");
  EXPECT_EQ(with(R"({"type":7,"message":null,"path":7})"), "our mistake");
  EXPECT_EQ(graphql(400, R"({"message":"Problems parsing JSON"})"),
            "our mistake");
  EXPECT_EQ(graphql(404, R"({"message":"Not Found"})"), "gone");
}

TEST(graphql_reading, TakesWhatIsNoAnswerForAnOutage) {
  const headers html{{"content-type", "text/html"}};
  EXPECT_EQ(graphql(502, R"({"error": "Server Error"})"), "outage");
  EXPECT_EQ(graphql(503, page, html), "outage");
  EXPECT_EQ(graphql(200, page, html), "outage");
  EXPECT_EQ(graphql(200, ""), "outage");
  EXPECT_EQ(graphql(200, R"({"data":{"a":)"), "outage");
  EXPECT_EQ(graphql(200, R"({"data":{"a":1}})", {}), "outage");
  EXPECT_EQ(graphql(200, "[]"), "outage");
  EXPECT_EQ(graphql(200, "{}"), "outage");
  EXPECT_EQ(graphql(200, R"({"data":null})"), "outage");
  EXPECT_EQ(graphql(200, R"({"data":null,"errors":[]})"), "outage");
  EXPECT_EQ(graphql(200, R"({"errors":"no list"})"), "outage");
  EXPECT_EQ(graphql(200, R"({"data":[]})"), "outage");
  auto cut = scripted_http::reply(200, R"({"data":{"a":1}})");
  cut.cut = true;
  EXPECT_EQ(summary_of(read_graphql(cut, now)), "outage");
}

TEST(graphql_reading, ReadsLimitsOfAnOutageToo) {
  auto with = spent(600);
  with.back().second = "text/html; charset=utf-8";
  const auto x = read_graphql(scripted_http::reply(503, page, with), now);
  EXPECT_EQ(summary_of(x), "outage");
  EXPECT_EQ(x.limit.remaining, 0u);
  EXPECT_EQ(x.limit.reset, now + 600s);
  EXPECT_LE(x.text.size(), 300u);
  EXPECT_THAT(x.text, Not(HasSubstr("\n")));
}

TEST(graphql_reading, ReplacesWhatIsNoText) {
  EXPECT_EQ(read("{\"data\":{\"t\":\"caf\xe9 \xc3\xa9\"}}").body["data"]["t"],
            "caf\xef\xbf\xbd \xc3\xa9");
  const auto half = [](const std::string& text) {
    return read(R"({"data":{"t":")" + text + R"("}})")
      .body["data"]["t"]
      .get<std::string>();
  };
  const std::string lost = "\xef\xbf\xbd";
  EXPECT_EQ(half(R"(a\ud83db)"), "a" + lost + "b");
  EXPECT_EQ(half(R"(a\uDE00b)"), "a" + lost + "b");
  EXPECT_EQ(half(R"(\ud83d\ud83d\ude00)"), lost + "\xf0\x9f\x98\x80");
  EXPECT_EQ(half(R"(\ude00\ud83d)"), lost + lost);
  EXPECT_EQ(half(R"(\ud83d)"), lost);
  // A backslash that is text, and one half elsewhere.
  EXPECT_EQ(half(R"(\\ud83d \ud83d)"), "\\ud83d " + lost);
  EXPECT_EQ(half(R"(\ud7ff\ue000 \ud83d)"), "\xed\x9f\xbf\xee\x80\x80 " + lost);
}

TEST(reading, ShowsBodiesInOneShortLine) {
  EXPECT_EQ(excerpt_of("a\r\nb\tc\x01"), "a  b c ");
  EXPECT_EQ(excerpt_of("caf\xc3\xa9", 4), "caf\xef\xbf\xbd");
  EXPECT_EQ(excerpt_of(page).size(), 300u);
  EXPECT_EQ(excerpt_of(""), "");
}

TEST(reading, KeepsHeadersThatTellOfLimitsAlone) {
  const auto answer = scripted_http::reply(403, "",
                                           {{"x-ratelimit-remaining", "0"},
                                            {"set-cookie", "hush"},
                                            {"retry-after", "3"},
                                            {"gh-limited-by", "x"},
                                            {"authorization", "hush"},
                                            {"date", "d"},
                                            {"x-github-request-id", "1:2"}});
  EXPECT_THAT(limit_headers(answer),
              ElementsAre("x-ratelimit-remaining: 0", "retry-after: 3",
                          "gh-limited-by: x", "date: d",
                          "x-github-request-id: 1:2"));
}

TEST(parse_http_date, ReadsItsOneForm) {
  EXPECT_EQ(parse_http_date("Sun, 01 Nov 2026 00:00:00 GMT"), now);
  for (const auto* text :
       {"", "Sun, 01 Nov 2026 00:00:00", "Sun, 01 Nov 2026 00:00:00 CET",
        "Sunday, 01-Nov-26 00:00:00 GMT", "2026-11-01T00:00:00Z",
        "Sun, 41 Nov 2026 00:00:00 GMT", "Sun, 01 Nov 2026 00:00:00 GMT x"})
    EXPECT_FALSE(parse_http_date(text)) << text;
}

} // namespace
} // namespace fc::actors::services
