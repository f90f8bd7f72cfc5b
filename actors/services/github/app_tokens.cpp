#include "actors/services/github/app_tokens.hpp"

#include "actors/services/github/reading.hpp"
#include "actors/services/python/json.hpp"
#include "events/common/bounded_json.hpp"

#include <deque>
#include <mutex>

namespace fc::actors::services {

using events::ec;
using events::error;
using events::make_error;
using events::timestamp;
using nlohmann::json;

namespace {

using std::chrono::minutes;
using std::chrono::seconds;

/// GitHub refuses a token that says it was made in the future, and one that
/// lives longer than 10 minutes.
constexpr seconds back_dated{60};
constexpr minutes lives{9};
constexpr minutes margin{5}; ///< Made anew so long before it expires.

class installation_tokens : public token_source {
public:
  installation_tokens(github_app app, signing_key key,
                      std::shared_ptr<http_client> http,
                      std::shared_ptr<wait_clock> time)
    : app_(std::move(app)), key_(std::move(key)), http_(std::move(http)),
      time_(std::move(time)) {
    while (app_.api.ends_with('/'))
      app_.api.pop_back();
    for (std::size_t i = 0; i < app_.installations.size(); ++i)
      held_.emplace_back();
  }

  std::size_t size() const override {
    return app_.installations.size();
  }

  std::string name(std::size_t index) const override {
    return "app-" + app_.id + "-" + app_.installations.at(index);
  }

  expected<std::string>
  token(std::size_t index, const stop_flag& stop) override {
    auto& held = held_.at(index);
    const std::lock_guard lock{held.mutex};
    if (!held.text.empty() && time_->now() < held.renew_at)
      return held.text;
    if (auto err = fetch(index, held, stop))
      return err;
    return held.text;
  }

  bool renew(std::size_t index) override {
    auto& held = held_.at(index);
    const std::lock_guard lock{held.mutex};
    held.text.clear();
    return true;
  }

private:
  struct held_token {
    std::mutex mutex;
    std::string text;
    timestamp renew_at{};
  };

  error fetch(std::size_t index, held_token& to, const stop_flag& stop) {
    auto answer = ask(index, time_->now(), stop);
    if (answer && answer->status == 401) {
      // A clock that is wrong makes wrong tokens; GitHub tells the time.
      const auto date = answer->header("date");
      const auto theirs
        = date ? parse_http_date(*date) : std::optional<timestamp>{};
      if (theirs)
        answer = ask(index, *theirs, stop);
    }
    if (!answer)
      return answer.error();
    return take(index, *answer, to);
  }

  expected<http_response>
  ask(std::size_t index, timestamp now, const stop_flag& stop) {
    const json claims{{"iss", app_.id},
                      {"iat", unix_seconds(now - back_dated)},
                      {"exp", unix_seconds(now + lives)}};
    auto proof = key_.jwt(claims.dump());
    if (!proof)
      return proof.error();
    http_request request;
    request.method = "POST";
    request.url = app_.api + "/app/installations/" + app_.installations[index]
                  + "/access_tokens";
    request.headers = {{"Authorization", "Bearer " + *proof},
                       {"Accept", "application/vnd.github+json"},
                       {"X-GitHub-Api-Version", "2022-11-28"}};
    request.max_bytes = 1 << 20;
    return http_->send(request, stop);
  }

  error take(std::size_t index, const http_response& answer, held_token& to) {
    const auto body = events::common::read_json(answer.body);
    const auto text = [&](const char* key) {
      return body.is_object() ? json_text(body, key) : std::string{};
    };
    const auto about = "installation " + app_.installations[index] + " of app "
                       + app_.id + ": GitHub answers "
                       + std::to_string(answer.status);
    if (answer.status >= 500 || answer.status == 429)
      return make_error(ec::unavailable, about + "; try later");
    if (answer.status == 401)
      return make_error(ec::refused,
                        about + " '" + text("message")
                          + "': the private key is not this app's");
    if (answer.status == 404)
      return make_error(ec::refused, about + ": there is no such installation");
    if (answer.status != 201)
      return make_error(ec::refused, about + " '" + text("message") + "'");
    const auto expires = events::parse_time(text("expires_at"));
    if (text("token").empty() || !expires)
      return make_error(ec::malformed, about + " without token or expires_at");
    to.text = text("token");
    to.renew_at = *expires - margin;
    return {};
  }

  github_app app_;
  signing_key key_;
  std::shared_ptr<http_client> http_;
  std::shared_ptr<wait_clock> time_;
  std::deque<held_token> held_; ///< Never moved: has mutexes.
};

class all_tokens : public token_source {
public:
  explicit all_tokens(std::vector<std::shared_ptr<token_source>> all)
    : all_(std::move(all)) {}

  std::size_t size() const override {
    std::size_t sum = 0;
    for (const auto& each : all_)
      sum += each->size();
    return sum;
  }
  std::string name(std::size_t index) const override {
    const auto [at, inner] = find(index);
    return at->name(inner);
  }
  expected<std::string>
  token(std::size_t index, const stop_flag& stop) override {
    const auto [at, inner] = find(index);
    return at->token(inner, stop);
  }
  bool renew(std::size_t index) override {
    const auto [at, inner] = find(index);
    return at->renew(inner);
  }

private:
  std::pair<token_source*, std::size_t> find(std::size_t index) const {
    std::size_t at = 0;
    while (index >= all_.at(at)->size())
      index -= all_[at++]->size();
    return {all_[at].get(), index};
  }

  std::vector<std::shared_ptr<token_source>> all_;
};

} // namespace

std::shared_ptr<token_source>
app_tokens(github_app app, signing_key key, std::shared_ptr<http_client> http,
           std::shared_ptr<wait_clock> time) {
  return std::make_shared<installation_tokens>(
    std::move(app), std::move(key), std::move(http), std::move(time));
}

std::shared_ptr<token_source>
joined_tokens(std::vector<std::shared_ptr<token_source>> all) {
  return std::make_shared<all_tokens>(std::move(all));
}

} // namespace fc::actors::services
