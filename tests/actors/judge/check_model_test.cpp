#include "actors/judge/check_model.hpp"
#include "tests/actors/services/llm/fakes.hpp"
#include "tests/events/policy/samples.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

namespace fc::actors {
namespace {

using events::ec;
using services::chat_reply;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr auto listing = R"({"data":[{"id":"some-model"},{"id":"b"}]})";
constexpr auto other = R"({"data":[{"id":"a"},{"id":"b"}]})";

events::expected<model_facts> check(services::model_bench& bench, bool ask,
                                    const judge_settings& settings = {}) {
  return check_model(bench.settings, settings,
                     events::policy::samples::shipped(), bench.connection(),
                     nullptr, ask);
}

std::string refusal(services::model_bench& bench, ec code) {
  const auto x = check(bench, true);
  EXPECT_FALSE(x);
  if (x)
    return {};
  EXPECT_EQ(events::to_string(events::code_of(x.error())),
            events::to_string(code));
  EXPECT_THAT(events::describe(x.error()), Not(HasSubstr("hush-hush")));
  return events::describe(x.error());
}

TEST(check_model, NeedsNoQuestionWhereTheModelIsListed) {
  services::model_bench bench;
  bench.http->then(200, listing);
  const auto x = check(bench, false);
  ASSERT_TRUE(x) << events::describe(x.error());
  EXPECT_EQ(x->listed, true);
  EXPECT_FALSE(x->asked);
  EXPECT_EQ(x->cost.calls, 0u);
  EXPECT_EQ(bench.http->asked.size(), 1u);
  EXPECT_EQ(bench.http->asked[0].url, "http://models.example/v1/models");
  EXPECT_EQ(x->tokens_at_most, 32768u);
  EXPECT_NEAR(*x->usd_at_most, (26624 * 2 + 6144 * 10) / 1e6, 1e-9);
}

TEST(check_model, AsksOneTinyQuestion) {
  services::model_bench bench;
  bench.http->then(200, listing).then(200, chat_reply("YES", "length"));
  const auto x = check(bench, true);
  ASSERT_TRUE(x) << events::describe(x.error());
  EXPECT_TRUE(x->asked);
  EXPECT_EQ(x->served_by, "some-model-07");
  EXPECT_GT(x->cost.usd, 0);
  const auto body = nlohmann::json::parse(bench.http->asked[1].body);
  EXPECT_LE(body["max_tokens"], 64);
}

TEST(check_model, AsksWhereTheListLeavesItOpen) {
  for (const auto& [status, body] :
       {std::pair{404L, "{}"}, std::pair{200L, "<html>"},
        std::pair{200L, other}}) {
    services::model_bench bench;
    bench.http->then(status, body).then(200, chat_reply("YES"));
    const auto x = check(bench, false);
    ASSERT_TRUE(x) << events::describe(x.error());
    EXPECT_TRUE(x->asked);
  }
}

TEST(check_model, SaysThatThereIsNoSuchModel) {
  services::model_bench bench;
  bench.http->then(200, other)
    .then(400, R"({"error":{"message":"Invalid model name","code":"400"}})");
  EXPECT_THAT(refusal(bench, ec::not_found),
              HasSubstr("has no model \"some-model\"; it lists a, b"));
  services::model_bench unlisted;
  unlisted.http->then(405, "").then(
    404, R"({"object":"error","message":"The model does not exist"})");
  EXPECT_THAT(refusal(unlisted, ec::not_found), HasSubstr("model not found"));
}

TEST(check_model, SaysWhatElseIsWrong) {
  services::model_bench key;
  key.http->then(401, R"({"error":{"message":"bad key hush-hush"}})");
  EXPECT_THAT(refusal(key, ec::no_access), HasSubstr("refuses the key"));
  services::model_bench away;
  away.http->then(ec::unavailable, "http://models.example: refused");
  EXPECT_THAT(refusal(away, ec::unavailable), HasSubstr("does not answer"));
  services::model_bench poor;
  poor.http->then(200, listing).then(402, "{}");
  refusal(poor, ec::no_money);
}

TEST(check_model, KnowsThatAContextIsTooSmall) {
  services::model_bench bench;
  judge_settings tiny;
  tiny.context_tokens = 7000;
  const auto x = check(bench, true, tiny);
  ASSERT_FALSE(x);
  EXPECT_EQ(events::code_of(x.error()), ec::invalid_argument);
  EXPECT_THAT(events::describe(x.error()), HasSubstr("too small"));
  EXPECT_TRUE(bench.http->asked.empty());
}

} // namespace
} // namespace fc::actors
