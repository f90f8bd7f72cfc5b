#include "actors/services/llm/refusals.hpp"
#include "actors/services/llm/utf8.hpp"

#include <gmock/gmock.h>

namespace fc::actors::services {
namespace {

using events::ec;
using events::timestamp;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::HasSubstr;

const timestamp now{seconds{1'795'357'095}}; // 2026-11-22T14:18:15Z

http_response
reply(long status, std::string body,
      std::vector<std::pair<std::string, std::string>> headers = {}) {
  http_response x;
  x.status = status;
  x.body = std::move(body);
  x.headers = std::move(headers);
  return x;
}

struct example {
  long status;
  std::string body;
  ec code;
  bool again;
};
const std::vector<example> examples{
  // OpenAI
  {429,
   R"({"error":{"message":"Rate limit reached","type":"requests","param":null,"code":"rate_limit_exceeded"}})",
   ec::rate_limited, true},
  {429,
   R"({"error":{"message":"You exceeded your current quota","type":"insufficient_quota","param":null,"code":"insufficient_quota"}})",
   ec::no_money, false},
  {429,
   R"({"error":{"message":"x","type":"insufficient_quota","param":null,"code":"project_spend_limit_exceeded"}})",
   ec::no_money, false},
  {400,
   R"({"error":{"message":"This model's maximum context length is 8192 tokens","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}})",
   ec::too_long, false},
  {400,
   R"({"error":{"message":"filtered","type":null,"param":"prompt","code":"content_filter"}})",
   ec::declined, false},
  {400,
   R"({"error":{"message":"Unsupported parameter: 'max_tokens'","type":"invalid_request_error","param":"max_tokens","code":"unsupported_parameter"}})",
   ec::refused, false},
  {401,
   R"({"error":{"message":"Incorrect API key provided","type":"invalid_request_error","param":null,"code":"invalid_api_key"}})",
   ec::no_access, false},
  {404,
   R"({"error":{"message":"The model `x` does not exist","type":"invalid_request_error","param":null,"code":"model_not_found"}})",
   ec::no_access, false},
  {500, R"({"error":{"message":"oops","type":"server_error"}})",
   ec::unavailable, true},
  // LiteLLM: the status as a text
  {429,
   R"({"error":{"message":"litellm.RateLimitError: RateLimitError: OpenAIException - slow","type":"throttling_error","param":null,"code":"429"}})",
   ec::rate_limited, true},
  {400,
   R"({"error":{"message":"Budget has been exceeded! Current cost: 1","type":"budget_exceeded","param":null,"code":"400"}})",
   ec::no_money, false},
  {400,
   R"({"error":{"message":"litellm.ContextWindowExceededError: too much","type":null,"param":null,"code":"400"}})",
   ec::too_long, false},
  {400,
   R"({"error":{"message":"litellm.ContentPolicyViolationError: no","type":null,"param":null,"code":"400"}})",
   ec::declined, false},
  // vLLM: a number, and flat
  {400,
   R"({"error":{"message":"This model's maximum context length is 4096 tokens","type":"BadRequestError","param":null,"code":400}})",
   ec::too_long, false},
  {404,
   R"({"object":"error","message":"The model `x` does not exist.","type":"NotFoundError","param":null,"code":404})",
   ec::no_access, false},
  {200,
   R"({"error":{"message":"EngineCore","type":"InternalServerError","param":null,"code":500}})",
   ec::unavailable, true},
  // Anthropic
  {529,
   R"({"type":"error","error":{"type":"overloaded_error","message":"Overloaded"},"request_id":"r"})",
   ec::unavailable, true},
  {402, R"({"type":"error","error":{"type":"billing_error","message":"pay"}})",
   ec::no_money, false},
  {400,
   R"({"type":"error","error":{"type":"invalid_request_error","message":"Your credit balance is too low to access the Anthropic API."}})",
   ec::no_money, false},
  {429,
   R"({"type":"error","error":{"type":"rate_limit_error","message":"cap","details":{"error_code":"enforced_spend_limit_reached"}}})",
   ec::no_money, false},
  {413,
   R"({"type":"error","error":{"type":"request_too_large","message":"big"}})",
   ec::too_long, false},
  {400,
   R"({"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 210000 tokens > 200000 maximum"}})",
   ec::too_long, false},
  // Nobody's
  {503, "<html>down</html>", ec::unavailable, true},
  {502, "", ec::unavailable, true},
  {408, "", ec::unavailable, true},
  {302, "", ec::unavailable, true},
  {418, "{\"error\":\"teapot\"}", ec::refused, false},
  {403, "{\"detail\":\"no\"}", ec::no_access, false},
};

TEST(read_refusal, TellsEveryKindApartInEveryShape) {
  for (const auto& x : examples) {
    const auto read = read_refusal(reply(x.status, x.body), now);
    EXPECT_EQ(events::to_string(read.code), events::to_string(x.code))
      << x.status << " " << x.body;
    EXPECT_EQ(read.again, x.again) << x.status << " " << x.body;
    EXPECT_THAT(read.text, HasSubstr("HTTP " + std::to_string(x.status)));
  }
}

TEST(read_refusal, ObeysWhatTheServiceSaysOfAnotherTry) {
  EXPECT_TRUE(
    read_refusal(reply(400, "{}", {{"x-should-retry", "true"}}), now).again);
  EXPECT_FALSE(
    read_refusal(reply(500, "{}", {{"x-should-retry", "false"}}), now).again);
  EXPECT_FALSE(
    read_refusal(reply(402, "{}", {{"x-should-retry", "true"}}), now).again);
}

TEST(read_refusal, SeesThatNoSchemaIsTaken) {
  EXPECT_TRUE(
    read_refusal(
      reply(400, R"({"error":{"message":"response_format is not supported"}})"),
      now)
      .no_schema);
  EXPECT_FALSE(
    read_refusal(reply(400, R"({"error":{"message":"bad model"}})"), now)
      .no_schema);
}

TEST(read_refusal, KeepsTheMessageShortAndItsLettersWhole) {
  std::string body(299, 'x');
  body += "\xC3\xA9";
  body += std::string(1000, 'y');
  const auto text = read_refusal(reply(400, body), now).text;
  EXPECT_LT(text.size(), 330u);
  EXPECT_THAT(text, ::testing::EndsWith("x..."));
}

// Regression: the type of an error brought line breaks into its one line.
TEST(read_refusal, IsOneLineWhateverPartHasSeveral) {
  const auto text
    = read_refusal(
        reply(400, R"({"error":{"message":"a\nb","type":"x\ny","code":"z"}})"),
        now)
        .text;
  EXPECT_EQ(text, "HTTP 400 x y: a b");
}

TEST(wait_of, ReadsEveryFormOfIt) {
  const auto wait = [](const char* name, const char* value) {
    return wait_of(reply(429, "", {{name, value}}), now);
  };
  EXPECT_EQ(wait("retry-after", "7"), now + seconds{7});
  EXPECT_EQ(wait("retry-after", "0.5"), now + milliseconds{500});
  EXPECT_EQ(wait("retry-after-ms", "1500"), now + milliseconds{1500});
  EXPECT_EQ(wait("retry-after", "6m0s"), now + seconds{360});
  EXPECT_EQ(wait("retry-after", "Sun, 22 Nov 2026 14:18:35 GMT"),
            now + seconds{20});
  for (const auto* bad : {"", "soon", "-1", "nan", "1e999", "inf", "6x"})
    EXPECT_EQ(wait("retry-after", bad), std::nullopt) << bad;
  // Far too much must not overflow: the limiter cuts it.
  EXPECT_GT(wait("retry-after", "99999999999999"), now);
  EXPECT_GT(wait("retry-after", "Fri, 31 Dec 9999 23:59:59 GMT"), now);
}

TEST(read_duration, ReadsWhatServicesWrite) {
  EXPECT_EQ(read_duration("6m0s"), 360);
  EXPECT_EQ(read_duration("1h2m3s"), 3723);
  EXPECT_EQ(read_duration("59.5s"), 59.5);
  EXPECT_EQ(read_duration("120ms"), 0.12);
  for (const auto* bad : {"", "s", "6", "6y", "6m0", "m6", "6m x"})
    EXPECT_EQ(read_duration(bad), std::nullopt) << bad;
}

TEST(exhausted_until, IsTheLatestOfWhatIsUsedUp) {
  EXPECT_EQ(exhausted_until(reply(200, "",
                                  {{"x-ratelimit-remaining-requests", "0"},
                                   {"x-ratelimit-reset-requests", "12s"},
                                   {"x-ratelimit-remaining-tokens", "5"},
                                   {"x-ratelimit-reset-tokens", "6m0s"}}),
                            now),
            now + seconds{12});
  EXPECT_EQ(
    exhausted_until(
      reply(200, "",
            {{"anthropic-ratelimit-tokens-remaining", "0"},
             {"anthropic-ratelimit-tokens-reset", "2026-11-22T14:18:45Z"}}),
      now),
    now + seconds{30});
  EXPECT_EQ(exhausted_until(reply(200, ""), now), std::nullopt);
}

TEST(without, TakesAKeyOutWhereverItStands) {
  EXPECT_EQ(without("a sk-1 b sk-1", "sk-1"), "a [key] b [key]");
  EXPECT_EQ(without("nothing", ""), "nothing");
}

TEST(trace_of, HasLimitsAndNoOtherHeaders) {
  const auto text = trace_of(reply(
    429, "body", {{"retry-after", "3"}, {"set-cookie", "c"}, {"date", "d"}}));
  EXPECT_THAT(text, HasSubstr("retry-after: 3"));
  EXPECT_THAT(text, HasSubstr("body"));
  EXPECT_THAT(text, ::testing::Not(HasSubstr("set-cookie")));
}

TEST(utf8_prefix, EndsNoLetterHalfway) {
  EXPECT_EQ(utf8_prefix("abc", 5), "abc");
  EXPECT_EQ(utf8_prefix("a\xE9\x80\x9F!", 2), "a");
  EXPECT_EQ(utf8_prefix("a\xE9\x80\x9F!", 3), "a");
  EXPECT_EQ(utf8_prefix("a\xE9\x80\x9F!", 4), "a\xE9\x80\x9F");
  EXPECT_EQ(utf8_prefix("\x80\x80\x80\x80\x80\x80", 4).size(), 4u);
  EXPECT_EQ(utf8_prefix("\xC3\xA9", 1), "");
}

} // namespace
} // namespace fc::actors::services
