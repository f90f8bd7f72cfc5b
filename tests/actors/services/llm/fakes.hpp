#pragma once

#include "actors/services/llm/http_model.hpp"

#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

/// Doubles for what a model is asked through.
namespace fc::actors::services {

/// Time that only passes while somebody waits for it.
class turned_clock : public wait_clock {
public:
  events::timestamp now() override {
    const std::lock_guard lock{mutex_};
    return now_;
  }

  bool sleep_until(events::timestamp at, const stop_flag& stop) override {
    const std::lock_guard lock{mutex_};
    if (stop && stop->load())
      return false;
    now_ = std::max(now_, at);
    return true;
  }

  /// Seconds since the test began.
  double passed() {
    return std::chrono::duration<double>(now() - begin_).count();
  }

private:
  static constexpr events::timestamp begin_{
    std::chrono::seconds{1'795'357'095}};
  std::mutex mutex_;
  events::timestamp now_ = begin_;
};

/// Answers from a script, the last of it for ever, and keeps what was asked.
class scripted_http : public http_client {
public:
  using answer = std::function<expected<http_response>(const http_request&)>;

  expected<http_response>
  send(const http_request& request, const stop_flag& stop) override {
    const std::lock_guard lock{mutex};
    asked.push_back(request);
    if (stop && stop->load())
      return events::make_error(events::ec::cancelled, "stopped");
    const auto next = script.front();
    if (script.size() > 1)
      script.pop_front();
    return next(request);
  }

  scripted_http& then(answer x) {
    script.push_back(std::move(x));
    return *this;
  }
  scripted_http&
  then(long status, std::string body,
       std::vector<std::pair<std::string, std::string>> headers = {}) {
    return then([=](const http_request&) {
      http_response x;
      x.status = status;
      x.body = body;
      x.headers = headers;
      x.seconds = 0.5;
      return x;
    });
  }
  scripted_http& then(events::ec code, std::string text) {
    return then([=](const http_request&) -> expected<http_response> {
      return events::make_error(code, text);
    });
  }

  std::deque<answer> script;
  std::vector<http_request> asked;
  std::mutex mutex;
};

/// A model, its script and its clock.
struct model_bench {
  model_settings settings;
  std::shared_ptr<scripted_http> http = std::make_shared<scripted_http>();
  std::shared_ptr<turned_clock> time = std::make_shared<turned_clock>();

  model_bench() {
    settings.url = "http://models.example/v1";
    settings.model = "some-model";
    settings.key = "hush-hush";
    settings.price_in = 2;
    settings.price_out = 10;
  }

  model_connection connection() const {
    return connect_model(settings, http, time, [] { return 0.0; });
  }
  std::shared_ptr<model_port> model() const {
    return make_http_model(settings, connection());
  }
};

/// A chat completion; `finish` in the service's words.
inline std::string
chat_reply(const std::string& text, const std::string& finish = "stop",
           bool usage = true) {
  return R"({"id":"c","object":"chat.completion","model":"some-model-07",)"
         R"("choices":[{"index":0,"message":{"role":"assistant","content":")"
         + text + R"("},"finish_reason":")" + finish + R"("}])"
         + (usage ? R"(,"usage":{"prompt_tokens":1000,"completion_tokens":100,)"
                    R"("total_tokens":1100}})"
                  : "}");
}

} // namespace fc::actors::services
