#pragma once

#include "actors/judge/ask_model.hpp"
#include "actors/judge/metered_model.hpp"
#include "events/catalog.hpp"
#include "tests/events/policy/samples.hpp"
#include "tests/support/samples.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

/// A model that answers from a script, and a pull request for it to judge.
namespace fc::actors {

/// The raw reply of a chat completion with this text.
std::string as_reply(const std::string& text, const std::string& finish);

/// Answers from a script, the last of it for ever.
class scripted_model : public services::model_port {
public:
  services::model_reply
  ask(const services::model_question& x, const services::stop_flag&) override {
    asked.push_back(x);
    const auto next = script.front();
    if (script.size() > 1)
      script.pop_front();
    return next();
  }

  /// An answer of 1,000 and 100 tokens that cost a cent.
  scripted_model& says(std::string text, std::string finish = "stop") {
    script.push_back([=] {
      services::model_reply reply;
      auto& x = reply.answer;
      x.text = text;
      x.raw = as_reply(text, finish);
      x.model = "some-model";
      x.served_by = "some-model-07";
      x.api = "openai";
      x.finish_reason = finish;
      x.finish = finish == "stop"     ? services::model_finish::whole
                 : finish == "length" ? services::model_finish::cut
                                      : services::model_finish::declined;
      x.tokens_in = 1000;
      x.tokens_out = 100;
      x.tokens_named = true;
      x.cost_usd = 0.01;
      x.seconds = 0.5;
      reply.cost = {1, 1100, 0.01};
      return reply;
    });
    return *this;
  }

  scripted_model& fails(events::ec code, std::string text) {
    script.push_back([=] {
      services::model_reply reply;
      reply.failure = events::make_error(code, text);
      reply.cost.calls = 1;
      reply.trace = "HTTP 500\n" + text;
      return reply;
    });
    return *this;
  }

  std::deque<std::function<services::model_reply()>> script;
  std::vector<services::model_question> asked;
};

inline std::string
as_reply(const std::string& text, const std::string& finish) {
  std::string quoted;
  for (const char c : text)
    quoted += c == '"' || c == '\\' ? std::string{'\\', c} : std::string{c};
  return R"({"model":"some-model-07","choices":[{"message":{"content":")"
         + quoted + R"("},"finish_reason":")" + finish
         + R"("}],"usage":{"prompt_tokens":1000,"completion_tokens":100}})";
}

inline const std::string yes = R"({"reasoning": "it caches", "label": "YES"})";
inline const std::string no = R"({"reasoning": "docs", "label": "NO"})";
inline const std::string cached
  = R"({"category": "cache_and_reuse", "difficulty": "easy", )"
    R"("reasoning": "a dict"})";

} // namespace fc::actors
