#include "actors/services/llm/http_model.hpp"
#include "tests/actors/services/llm/fakes.hpp"
#include "tests/actors/services/llm/peer.hpp"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include <map>
#include <thread>

namespace fc::actors::services {
namespace {

using events::ec;
using json = nlohmann::json;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

const std::string schema
  = R"({"type":"object","properties":{"label":{"type":"string"}},)"
    R"("required":["label"],"additionalProperties":false})";

model_question asking(const std::string& what) {
  return {"Judge it.", what, schema, "verdict", 64};
}

ec code(const model_reply& x) {
  return events::code_of(x.failure);
}

/// A model of a peer, over the real client.
std::shared_ptr<model_port>
model_at(const std::string& url, const std::string& name,
         model_api api = model_api::openai,
         const std::function<void(model_settings&)>& more = {}) {
  model_settings settings;
  settings.api = api;
  settings.url = url + "/v1";
  settings.model = name;
  settings.key = "good-key";
  settings.timeout_s = 10;
  settings.tries = 2;
  settings.limit_tries = 3;
  if (more)
    more(settings);
  // Waiting is modelled, the network is not.
  return make_http_model(settings,
                         connect_model(settings, make_http_client(),
                                       std::make_shared<turned_clock>(),
                                       [] { return 0.0; }));
}

struct model_peers : testing::Test {
  void SetUp() override {
    if (const auto why = peers_missing(); !why.empty())
      GTEST_SKIP() << why;
  }
};

constexpr auto fixtures = R"({"fixtures":[
 {"match":{"userMessage":"rate me","sequenceIndex":0},"response":{"error":{"message":"Rate limit reached","type":"rate_limit_error","code":"rate_limit_exceeded"},"status":429,"retryAfter":2}},
 {"match":{"userMessage":"rate me"},"response":{"content":"after the limit"}},
 {"match":{"userMessage":"classify"},"response":{"content":"{\"label\":\"YES\"}","finishReason":"stop","usage":{"prompt_tokens":321,"completion_tokens":17,"total_tokens":338,"input_tokens":321,"output_tokens":17}}},
 {"match":{"userMessage":"truncate"},"response":{"content":"{\"lab","finishReason":"length"}},
 {"match":{"userMessage":"too long"},"response":{"error":{"message":"maximum context length","type":"invalid_request_error","code":"context_length_exceeded"},"status":400}},
 {"match":{"userMessage":"busy"},"response":{"error":{"message":"Overloaded","type":"overloaded_error"},"status":529}},
 {"match":{"userMessage":"broken"},"response":{"content":"x"},"chaos":{"malformedRate":1}},
 {"match":{"userMessage":"hang up"},"response":{"content":"x"},"chaos":{"disconnectRate":1}}]})";

struct aimock : model_peers {
  void SetUp() override {
    model_peers::SetUp();
    if (IsSkipped() || HasFailure())
      return;
    support::write_file(folder / "fixtures.json", fixtures);
    peer = std::make_unique<running_peer>(std::vector<std::string>{
      FC_MODEL_PEERS "/serve.mjs", folder / "fixtures.json", "good-key"});
  }

  support::temp_dir folder;
  std::unique_ptr<running_peer> peer;
};

TEST_F(aimock, AnswersBothApis) {
  for (const auto api : {model_api::openai, model_api::anthropic}) {
    const auto reply
      = model_at(peer->url(), "some-model", api)->ask(asking("classify"), {});
    ASSERT_FALSE(reply.failure) << events::describe(reply.failure);
    EXPECT_EQ(reply.answer.text, R"({"label":"YES"})");
    EXPECT_EQ(reply.answer.finish, model_finish::whole);
    EXPECT_EQ(reply.answer.tokens_in, 321u);
    EXPECT_EQ(reply.answer.tokens_out, 17u);
    EXPECT_TRUE(reply.answer.tokens_named);
  }
}

TEST_F(aimock, SeesTheRequestsThatWereMeant) {
  const auto api = model_api::anthropic;
  model_at(peer->url(), "some-model", api)->ask(asking("classify"), {});
  const auto seen = peer->get("/__aimock/journal", "good-key");
  const auto& entry = seen.is_array() ? seen.at(0) : seen.at("entries").at(0);
  EXPECT_EQ(entry.at("path"), "/v1/messages");
  EXPECT_EQ(entry.at("headers").at("anthropic-version"), "2023-06-01");
}

TEST_F(aimock, IsWaitedForAtALimit) {
  const auto reply
    = model_at(peer->url(), "some-model")->ask(asking("rate me"), {});
  ASSERT_FALSE(reply.failure) << events::describe(reply.failure);
  EXPECT_EQ(reply.answer.text, "after the limit");
  EXPECT_EQ(reply.cost.calls, 2u);
}

TEST_F(aimock, FailsInEveryWayItKnows) {
  const std::pair<const char*, ec> all[]{{"too long", ec::too_long},
                                         {"busy", ec::unavailable},
                                         {"hang up", ec::unavailable},
                                         {"broken", ec::malformed},
                                         {"no such fixture", ec::unavailable}};
  for (const auto& [what, expected] : all) {
    const auto reply
      = model_at(peer->url(), "some-model")->ask(asking(what), {});
    EXPECT_EQ(events::to_string(code(reply)), events::to_string(expected))
      << what << ": " << events::describe(reply.failure);
  }
  EXPECT_EQ(model_at(peer->url(), "some-model")
              ->ask(asking("truncate"), {})
              .answer.finish,
            model_finish::cut);
  const auto wrong
    = model_at(peer->url(), "some-model", model_api::openai, [](auto& x) {
        x.key = "bad-key";
      })->ask(asking("classify"), {});
  EXPECT_EQ(code(wrong), ec::no_access);
  EXPECT_THAT(events::describe(wrong.failure), Not(HasSubstr("bad-key")));
}

/// Ours, for what no package serves; first, whether it is one of them.
struct model_fake : model_peers {
  void SetUp() override {
    model_peers::SetUp();
    if (IsSkipped() || HasFailure())
      return;
    peer = std::make_unique<running_peer>(
      std::vector<std::string>{FC_MODEL_PEERS "/fake.mjs"});
  }

  /// What the client of the vendor sees of each model.
  json official(const std::string& api, std::vector<std::string> models) const {
    models.insert(models.begin(),
                  {FC_MODEL_PEERS "/ask.mjs", api, peer->url()});
    return node(std::move(models));
  }

  std::unique_ptr<running_peer> peer;
};

TEST_F(model_fake, IsUnderstoodByTheOfficialClients) {
  for (const auto* api : {"openai", "anthropic-2023", "anthropic-2026"}) {
    const auto seen = official(api, {"some-model"}).at(0);
    EXPECT_THAT(seen.value("text", ""), HasSubstr("YES")) << seen;
    EXPECT_EQ(seen.at("tokens"), 338);
  }
  const auto errors = [&](const char* api, std::vector<std::string> models) {
    std::vector<std::string> names;
    for (const auto& each : official(api, std::move(models)))
      names.push_back(each.value("error", ""));
    return names;
  };
  EXPECT_THAT(errors("openai", {"litellm-pace", "litellm-money",
                                "litellm-context", "litellm-key", "vllm-number",
                                "vllm-flat", "openai-money"}),
              ElementsAre("RateLimitError", "BadRequestError",
                          "BadRequestError", "AuthenticationError",
                          "BadRequestError", "NotFoundError",
                          "RateLimitError"));
  EXPECT_THAT(errors("anthropic-2026", {"anthropic-busy", "anthropic-cap"}),
              ElementsAre("OverloadedError", "EnforcedSpendLimitReachedError"));
}

TEST_F(model_fake, RepliesAsTheTypesAllow) {
  support::temp_dir folder;
  const auto http = make_http_client();
  for (const auto& [path, kind] :
       {std::pair{"/v1/chat/completions", "openai-reply"},
        std::pair{"/v1/messages", "anthropic-2023-reply"},
        std::pair{"/v1/messages", "anthropic-2026-reply"}}) {
    http_request request;
    request.method = "POST";
    request.url = peer->url() + path;
    request.body = R"({"model":"some-model"})";
    const auto reply = http->send(request, nullptr);
    ASSERT_TRUE(reply);
    support::write_file(folder / "reply.json", reply->body);
    EXPECT_EQ(objections(kind, folder / "reply.json"), json::array()) << kind;
  }
}

TEST_F(model_fake, IsToldApartByOurs) {
  const std::tuple<const char*, model_api, ec> all[]{
    {"litellm-pace", model_api::openai, ec::rate_limited},
    {"litellm-money", model_api::openai, ec::no_money},
    {"litellm-context", model_api::openai, ec::too_long},
    {"litellm-unknown", model_api::openai, ec::refused},
    {"litellm-key", model_api::openai, ec::no_access},
    {"vllm-number", model_api::openai, ec::too_long},
    {"vllm-flat", model_api::openai, ec::no_access},
    {"vllm-inside", model_api::openai, ec::unavailable},
    {"openai-money", model_api::openai, ec::no_money},
    {"anthropic-busy", model_api::anthropic, ec::unavailable},
    {"anthropic-cap", model_api::anthropic, ec::no_money}};
  for (const auto& [model, api, expected] : all) {
    const auto reply = model_at(peer->url(), model, api)->ask(asking("x"), {});
    EXPECT_EQ(events::to_string(code(reply)), events::to_string(expected))
      << model << ": " << events::describe(reply.failure);
    EXPECT_THAT(events::describe(reply.failure) + reply.trace,
                Not(HasSubstr("good-key")));
  }
}

TEST_F(model_fake, IsAskedWithoutASchemaWhereItTakesNone) {
  const auto model = model_at(peer->url(), "plain");
  EXPECT_EQ(model->ask(asking("x"), {}).cost.calls, 2u);
  EXPECT_EQ(model->ask(asking("x"), {}).cost.calls, 1u);
}

TEST_F(model_fake, DoesNotKeepUsForEver) {
  const auto quick = [](model_settings& x) {
    x.timeout_s = 0.5;
    x.max_bytes = 8 << 20;
  };
  for (const auto* name : {"drip", "hang"}) {
    const auto reply = model_at(peer->url(), name, model_api::openai, quick)
                         ->ask(asking("x"), {});
    EXPECT_EQ(events::to_string(code(reply)), "timeout") << name;
    EXPECT_TRUE(reply.maybe_paid);
  }
  const auto endless
    = model_at(peer->url(), "endless", model_api::openai,
               [](model_settings& x) { x.max_bytes = 4 << 20; })
        ->ask(asking("x"), {});
  EXPECT_EQ(events::to_string(code(endless)), "endless");
}

TEST_F(model_fake, IsLeftAtOnceWhenStopped) {
  const auto stop = std::make_shared<std::atomic<bool>>(false);
  const auto model = model_at(peer->url(), "hang");
  std::thread other{[&] {
    std::this_thread::sleep_for(std::chrono::milliseconds{200});
    stop->store(true);
  }};
  const auto begun = std::chrono::steady_clock::now();
  EXPECT_EQ(code(model->ask(asking("x"), stop)), ec::cancelled);
  other.join();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{3});
}

struct sdk_types : model_peers {
  /// Keeps the request that a question becomes, to be checked.
  void make(const std::string& kind, model_settings settings,
            const std::string& made_of_schema) {
    const auto http = std::make_shared<scripted_http>();
    http->then(500, "{}");
    settings.tries = 1;
    auto question = asking("bad \xFF byte");
    question.schema = made_of_schema;
    make_http_model(settings, connect_model(settings, http,
                                            std::make_shared<turned_clock>(),
                                            [] { return 0.0; }))
      ->ask(question, {});
    keep(kind, http->asked.at(0).body);
  }

  void keep(const std::string& kind, const std::string& body) {
    auto& files = made[kind];
    files.push_back(folder / (kind + std::to_string(files.size())));
    support::write_file(files.back(), body);
  }

  support::temp_dir folder;
  std::map<std::string, std::vector<std::string>> made; ///< By kind.
};

TEST_F(sdk_types, AllowEveryRequestThatIsMade) {
  for (const auto* cap : {"max_tokens", "max_completion_tokens"})
    for (const bool warm : {false, true})
      for (const auto& form : {schema, std::string{}}) {
        model_settings x;
        x.model = "some-model";
        x.cap_field = cap;
        if (warm)
          x.temperature = 0;
        make("openai-request", x, form);
        x.api = model_api::anthropic;
        make("anthropic-2023-request", x, form);
        x.version = "2026-10-21";
        make("anthropic-2026-request", x, form);
      }
  for (const auto& [kind, files] : made) {
    const auto all = objections(kind, files);
    for (const auto& [file, wrong] : all.items())
      EXPECT_EQ(wrong, json::array()) << support::read_file(file);
  }
}

TEST_F(sdk_types, CatchRequestsThatAreWrong) {
  keep("openai-request", R"({"messages":[{"role":"user","content":"x"}]})");
  keep("openai-request",
       R"({"model":"m","messages":[{"role":"boss","content":"x"}]})");
  keep(
    "openai-request",
    R"({"model":"m","messages":[],"response_format":{"type":"json_schema"}})");
  keep("openai-request", R"({"model":"m","messages":[],"max_token":5})");
  keep("anthropic-2023-request",
       R"({"model":"m","messages":[{"role":"user","content":"x"}]})");
  keep("anthropic-2026-request",
       R"({"model":"m","max_tokens":5,"messages":[],"temperature":0})");
  for (const auto& [kind, files] : made) {
    const auto all = objections(kind, files);
    for (const auto& [file, wrong] : all.items())
      EXPECT_NE(wrong, json::array()) << support::read_file(file);
  }
}

} // namespace
} // namespace fc::actors::services
