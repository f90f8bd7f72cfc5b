#include "actors/services/llm/fallback.hpp"
#include "tests/actors/services/llm/fakes.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <thread>

namespace fc::actors::services {
namespace {

using events::ec;
using json = nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string schema
  = R"({"type":"object","properties":{"label":{"type":"string"}},)"
    R"("required":["label"],"additionalProperties":false})";
const model_question question{"Judge it.", "is it faster?", schema, "verdict",
                              500};

ec code(const model_reply& x) {
  return events::code_of(x.failure);
}

TEST(a_chat_model, IsAskedAsTheUserSet) {
  model_bench bench;
  bench.settings.temperature = 0;
  bench.settings.cap_field = "max_completion_tokens";
  bench.http->then(200, chat_reply("YES"));
  const auto reply = bench.model()->ask(question, nullptr);
  ASSERT_FALSE(reply.failure) << events::describe(reply.failure);
  EXPECT_EQ(reply.answer.text, "YES");
  EXPECT_EQ(reply.answer.model, "some-model");
  EXPECT_EQ(reply.answer.served_by, "some-model-07");
  EXPECT_EQ(reply.answer.finish, model_finish::whole);
  EXPECT_EQ(reply.answer.tokens_in, 1000u);
  EXPECT_EQ(reply.answer.tokens_out, 100u);
  EXPECT_DOUBLE_EQ(reply.cost.usd, (1000 * 2 + 100 * 10) / 1e6);
  EXPECT_EQ(reply.cost.calls, 1u);
  const auto& sent = bench.http->asked.front();
  EXPECT_EQ(sent.url, "http://models.example/v1/chat/completions");
  EXPECT_EQ(sent.redirects, 0);
  const auto body = json::parse(sent.body);
  EXPECT_EQ(body["max_completion_tokens"], 500);
  EXPECT_FALSE(body.contains("max_tokens"));
  EXPECT_EQ(body["temperature"], 0);
  EXPECT_EQ(body["messages"][0]["role"], "system");
  EXPECT_TRUE(body["response_format"]["json_schema"]["strict"]);
}

TEST(a_chat_model, GetsTextThatIsNoUtf8Repaired) {
  model_bench bench;
  bench.http->then(200, chat_reply("YES"));
  auto odd = question;
  odd.user = "bad \xFF byte";
  EXPECT_FALSE(bench.model()->ask(odd, nullptr).failure);
  EXPECT_EQ(
    json::parse(bench.http->asked.front().body)["messages"][1]["content"],
    "bad \xEF\xBF\xBD byte");
}

TEST(a_chat_model, NeedsNoUsage) {
  model_bench bench;
  bench.http->then(200, chat_reply("YES", "stop", false));
  const auto reply = bench.model()->ask(question, nullptr);
  EXPECT_FALSE(reply.answer.tokens_named);
  EXPECT_GT(reply.answer.tokens_in, 0u);
  EXPECT_GT(reply.cost.usd, 0);
}

TEST(a_chat_model, TellsHowAnAnswerEnded) {
  const std::pair<std::string, model_finish> all[]{
    {"stop", model_finish::whole},
    {"length", model_finish::cut},
    {"content_filter", model_finish::declined},
    {"tool_calls", model_finish::other},
    {"never heard of", model_finish::other}};
  for (const auto& [word, finish] : all) {
    model_bench bench;
    bench.http->then(200, chat_reply("x", word));
    EXPECT_EQ(bench.model()->ask(question, nullptr).answer.finish, finish);
  }
  model_bench bench;
  bench.http->then(
    200, R"({"choices":[{"message":{"content":null,"refusal":"I will not"},)"
         R"("finish_reason":"stop"}]})");
  const auto reply = bench.model()->ask(question, nullptr);
  EXPECT_EQ(reply.answer.finish, model_finish::declined);
  EXPECT_EQ(reply.answer.text, "I will not");
}

TEST(a_chat_model, RefusesRepliesThatAreNone) {
  for (const auto* body :
       {"", "not json", "[]", "{}", R"({"choices":[]})", R"({"choices":[1]})",
        R"({"choices":[{}]})", "<html></html>", "\xFF\xFE"}) {
    model_bench bench;
    bench.http->then(200, body);
    const auto reply = bench.model()->ask(question, nullptr);
    EXPECT_EQ(code(reply), ec::malformed) << body;
    EXPECT_TRUE(reply.maybe_paid) << body;
    EXPECT_EQ(bench.http->asked.size(), 1u);
  }
}

TEST(a_model, RemembersThatASchemaIsRefused) {
  model_bench bench;
  bench.http
    ->then(400,
           R"({"error":{"message":"response_format: unknown","code":400}})")
    .then(200, chat_reply("YES"));
  const auto model = bench.model();
  const auto first = model->ask(question, nullptr);
  ASSERT_FALSE(first.failure);
  EXPECT_EQ(first.cost.calls, 2u);
  EXPECT_EQ(model->ask(question, nullptr).cost.calls, 1u);
  EXPECT_THAT(bench.http->asked[0].body, HasSubstr("response_format"));
  EXPECT_THAT(bench.http->asked[1].body, Not(HasSubstr("response_format")));
  EXPECT_THAT(bench.http->asked[2].body, Not(HasSubstr("response_format")));
}

TEST(a_model, WaitsAsLongAsALimitSays) {
  model_bench bench;
  bench.http
    ->then(429, R"({"error":{"message":"slow","code":"rate_limit_exceeded"}})",
           {{"retry-after", "30"}})
    .then(200, chat_reply("YES"));
  const auto reply = bench.model()->ask(question, nullptr);
  EXPECT_FALSE(reply.failure);
  EXPECT_NEAR(bench.time->passed(), 30, 0.01);
}

TEST(a_model, WaitsForALimitInsideAReplyOf200) {
  model_bench bench;
  const std::string overloaded
    = R"({"error":{"message":"overloaded","code":503}})";
  bench.http->then(200, R"({"error":{"message":"slow","code":429}})")
    .then(200, overloaded, {{"retry-after", "30"}})
    .then(200, chat_reply("YES"));
  const auto reply = bench.model()->ask(question, nullptr);
  EXPECT_FALSE(reply.failure) << events::describe(reply.failure);
  EXPECT_EQ(reply.cost.calls, 3u);
  EXPECT_NEAR(bench.time->passed(), 1 + 30, 0.01);
}

TEST(a_model, CutsAnAbsurdWait) {
  model_bench bench;
  bench.settings.max_pause_s = 60;
  bench.http->then(429, "{}", {{"retry-after", "86400"}})
    .then(200, chat_reply("YES"));
  EXPECT_FALSE(bench.model()->ask(question, nullptr).failure);
  EXPECT_NEAR(bench.time->passed(), 60, 0.01);
}

TEST(a_model, GivesUpOnALimitAfterItsTries) {
  model_bench bench;
  bench.settings.limit_tries = 3;
  bench.http->then(429, "{}", {{"retry-after", "5"}});
  const auto reply = bench.model()->ask(question, nullptr);
  EXPECT_EQ(code(reply), ec::rate_limited);
  EXPECT_EQ(reply.cost.calls, 3u);
  EXPECT_EQ(reply.cost.usd, 0);
}

TEST(a_model, HoldsUpAllWhoAskItAtALimit) {
  model_bench bench;
  bench.settings.limit_tries = 1;
  bench.http->then(429, "{}", {{"retry-after", "30"}})
    .then(200, chat_reply("YES"));
  const auto model = bench.model();
  EXPECT_EQ(code(model->ask(question, nullptr)), ec::rate_limited);
  EXPECT_EQ(bench.time->passed(), 0);
  // Another question, which met no limit itself.
  EXPECT_FALSE(model->ask(question, nullptr).failure);
  EXPECT_NEAR(bench.time->passed(), 30, 0.01);
}

TEST(a_model, RestsWhenNothingIsLeftBeforeItIsRefused) {
  model_bench bench;
  bench.http->then(200, chat_reply("YES"),
                   {{"x-ratelimit-remaining-tokens", "0"},
                    {"x-ratelimit-reset-tokens", "1m0s"}});
  const auto model = bench.model();
  EXPECT_FALSE(model->ask(question, nullptr).failure);
  EXPECT_FALSE(model->ask(question, nullptr).failure);
  EXPECT_NEAR(bench.time->passed(), 61, 0.01);
}

TEST(a_model, NeverWaitsForMoney) {
  model_bench bench;
  bench.http->then(429,
                   R"({"error":{"message":"x","type":"insufficient_quota"}})",
                   {{"retry-after", "5"}});
  const auto reply = bench.model()->ask(question, nullptr);
  EXPECT_EQ(code(reply), ec::no_money);
  EXPECT_EQ(bench.http->asked.size(), 1u);
  EXPECT_EQ(bench.time->passed(), 0);
}

TEST(a_model, TriesAgainWhatPassesByItself) {
  model_bench bench;
  bench.http->then(503, "<html>")
    .then(ec::unavailable, "models.example: refused")
    .then(200, chat_reply("YES"));
  const auto reply = bench.model()->ask(question, nullptr);
  EXPECT_FALSE(reply.failure);
  EXPECT_EQ(reply.cost.calls, 3u);
  EXPECT_NEAR(bench.time->passed(), 0.5 + 1, 0.01);
}

TEST(a_model, SaysWhatWasSaidWhenItGivesUp) {
  model_bench bench;
  bench.http->then(503, R"({"error":{"message":"down for hush-hush"}})",
                   {{"x-request-id", "r-1"}});
  const auto reply = bench.model()->ask(question, nullptr);
  EXPECT_EQ(code(reply), ec::unavailable);
  EXPECT_EQ(bench.http->asked.size(), 3u);
  EXPECT_THAT(events::describe(reply.failure),
              HasSubstr("down for [key] (3 times)"));
  EXPECT_THAT(reply.trace, HasSubstr("x-request-id: r-1"));
  EXPECT_THAT(reply.trace, Not(HasSubstr("hush-hush")));
}

TEST(a_model, LetsNoAnswerGoOnForEver) {
  model_bench bench;
  bench.http->then([](const http_request&) {
    http_response x;
    x.status = 200;
    x.body = std::string(100, ' ');
    x.cut = true;
    return x;
  });
  const auto endless = bench.model()->ask(question, nullptr);
  EXPECT_EQ(code(endless), ec::endless);
  EXPECT_TRUE(endless.maybe_paid);
  model_bench slow;
  slow.http->then(ec::timeout, "models.example: timeout");
  const auto late = slow.model()->ask(question, nullptr);
  EXPECT_EQ(code(late), ec::timeout);
  EXPECT_TRUE(late.maybe_paid);
  EXPECT_EQ(slow.http->asked.size(), 1u);
}

TEST(a_model, IsStopped) {
  model_bench bench;
  bench.http->then(200, chat_reply("YES"));
  const auto stop = std::make_shared<std::atomic<bool>>(true);
  EXPECT_EQ(code(bench.model()->ask(question, stop)), ec::cancelled);
  EXPECT_TRUE(bench.http->asked.empty());
}

TEST(a_model, AsksNoMoreAtOnceThanAllowed) {
  model_bench bench;
  bench.settings.in_flight = 3;
  std::atomic<int> now{0};
  std::atomic<int> max{0};
  struct counting : http_client {
    std::atomic<int>* now;
    std::atomic<int>* max;
    expected<http_response>
    send(const http_request&, const stop_flag&) override {
      const auto here = ++*now;
      for (auto seen = max->load();
           here > seen && !max->compare_exchange_weak(seen, here);) {
      }
      std::this_thread::sleep_for(std::chrono::milliseconds{2});
      --*now;
      http_response x;
      x.status = 200;
      x.body = chat_reply("YES");
      return x;
    }
  };
  auto http = std::make_shared<counting>();
  http->now = &now;
  http->max = &max;
  auto through
    = connect_model(bench.settings, http, system_clock(), [] { return 0.0; });
  const auto model = make_http_model(bench.settings, through);
  std::vector<std::thread> all;
  for (int i = 0; i < 12; ++i)
    all.emplace_back([&] {
      for (int n = 0; n < 5; ++n)
        EXPECT_FALSE(model->ask(question, nullptr).failure);
    });
  for (auto& each : all)
    each.join();
  EXPECT_LE(max, 3);
  EXPECT_GE(max, 2);
}

TEST(a_messages_model, IsAskedAsTheUserSet) {
  model_bench bench;
  bench.settings.api = model_api::anthropic;
  bench.settings.version = "2026-10-21";
  bench.settings.temperature = 0; // must not be sent
  bench.http->then(
    200,
    R"({"type":"message","model":"m-1","content":[{"type":"thinking",)"
    R"("thinking":"hm"},{"type":"text","text":"Y"},{"type":"new"},{"type":)"
    R"("text","text":"ES"}],"stop_reason":"end_turn","usage":{"input_tokens":)"
    R"(10,"cache_creation_input_tokens":5,"cache_read_input_tokens":null,)"
    R"("output_tokens":7}})");
  const auto reply = bench.model()->ask(question, nullptr);
  ASSERT_FALSE(reply.failure) << events::describe(reply.failure);
  EXPECT_EQ(reply.answer.text, "YES");
  EXPECT_EQ(reply.answer.tokens_in, 15u);
  const auto& sent = bench.http->asked.front();
  EXPECT_EQ(sent.url, "http://models.example/v1/messages");
  const auto body = json::parse(sent.body);
  EXPECT_EQ(body["max_tokens"], 500);
  EXPECT_FALSE(body.contains("temperature"));
  EXPECT_EQ(body["output_config"]["format"]["type"], "json_schema");
  const std::pair<std::string, std::string> version{"anthropic-version",
                                                    "2026-10-21"};
  EXPECT_THAT(sent.headers, ::testing::Contains(version));
}

TEST(a_messages_model, TellsHowAnAnswerEnded) {
  const std::pair<std::string, model_finish> all[]{
    {"end_turn", model_finish::whole},
    {"stop_sequence", model_finish::whole},
    {"max_tokens", model_finish::cut},
    {"refusal", model_finish::declined},
    {"model_context_window_exceeded", model_finish::too_long},
    {"pause_turn", model_finish::other}};
  for (const auto& [word, finish] : all) {
    model_bench bench;
    bench.settings.api = model_api::anthropic;
    bench.http->then(200, R"({"content":[],"stop_reason":")" + word + "\"}");
    EXPECT_EQ(bench.model()->ask(question, nullptr).answer.finish, finish)
      << word;
  }
}

TEST(a_fallback, IsAskedWhereTheFirstCannotBe) {
  model_bench first;
  model_bench second;
  second.settings.model = "other-model";
  first.http->then(529, "{}");
  second.http->then(200, chat_reply("YES"));
  const auto both = make_fallback_model(first.model(), second.model(),
                                        {ec::unavailable, ec::rate_limited});
  const auto reply = both->ask(question, nullptr);
  EXPECT_FALSE(reply.failure);
  EXPECT_EQ(reply.answer.model, "other-model");
  EXPECT_EQ(reply.cost.calls, 4u);
}

TEST(a_fallback, IsNotAskedForAnotherOpinion) {
  for (const auto& [status, body] :
       {std::pair{400L, R"({"error":{"code":"content_filter"}})"},
        std::pair{200L, "prose that is no completion"},
        std::pair{401L, "{}"}}) {
    model_bench first;
    model_bench second;
    first.http->then(status, body);
    second.http->then(200, chat_reply("YES"));
    const auto both = make_fallback_model(first.model(), second.model(),
                                          {ec::unavailable, ec::rate_limited});
    EXPECT_TRUE(both->ask(question, nullptr).failure);
    EXPECT_TRUE(second.http->asked.empty());
  }
}

TEST(a_fallback, SaysBothWhenBothFail) {
  model_bench first;
  model_bench second;
  first.http->then(503, "{}");
  second.http->then(402, "{}");
  const auto reply
    = make_fallback_model(first.model(), second.model(), {ec::unavailable})
        ->ask(question, nullptr);
  EXPECT_EQ(code(reply), ec::no_money);
  EXPECT_THAT(events::describe(reply.failure), HasSubstr("before that"));
}

} // namespace
} // namespace fc::actors::services
