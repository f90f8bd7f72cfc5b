#pragma once

#include "actors/services/http/client.hpp"
#include "actors/services/limits/clock.hpp"

#include <gtest/gtest.h>

#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

namespace fc::actors::services {

/// A clock that moves when somebody waits.
class modelled_clock : public wait_clock {
public:
  explicit modelled_clock(events::timestamp begin
                          = *events::parse_time("2026-11-01"))
    : now_(begin) {}

  events::timestamp now() override {
    const std::lock_guard lock{mutex_};
    return now_;
  }
  bool sleep_until(events::timestamp at, const stop_flag& stop) override {
    const std::lock_guard lock{mutex_};
    now_ = std::max(now_, at);
    return !stop || !stop->load();
  }
  void advance(std::chrono::nanoseconds by) {
    const std::lock_guard lock{mutex_};
    now_ += by;
  }

private:
  std::mutex mutex_;
  events::timestamp now_;
};

/// Answers from a list, in order, or by a function; keeps what it was asked.
class scripted_http : public http_client {
public:
  using answer_function
    = std::function<expected<http_response>(const http_request&)>;

  static http_response
  reply(long status, std::string body,
        std::vector<std::pair<std::string, std::string>> headers
        = {{"content-type", "application/json"}}) {
    http_response x;
    x.status = status;
    x.body = std::move(body);
    x.headers = std::move(headers);
    return x;
  }

  void then(expected<http_response> x) {
    script_.push_back(std::move(x));
  }
  void then(long status, std::string body) {
    then(reply(status, std::move(body)));
  }
  void always(answer_function f) {
    function_ = std::move(f);
  }

  expected<http_response>
  send(const http_request& request, const stop_flag&) override {
    asked.push_back(request);
    if (function_)
      return function_(request);
    if (script_.empty()) {
      ADD_FAILURE() << "not scripted: " << request.method << ' ' << request.url;
      return events::make_error(events::ec::internal, "not scripted");
    }
    auto next = std::move(script_.front());
    script_.pop_front();
    return next;
  }

  /// A header of the `i`th question; empty: it has none.
  std::string header(std::size_t i, std::string_view name) const {
    for (const auto& [key, value] : asked.at(i).headers)
      if (key == name)
        return value;
    return {};
  }

  std::vector<http_request> asked;

private:
  std::deque<expected<http_response>> script_;
  answer_function function_;
};

} // namespace fc::actors::services
