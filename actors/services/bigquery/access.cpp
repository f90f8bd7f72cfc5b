#include "actors/services/bigquery/access.hpp"

#include "actors/services/jwt/jwt.hpp"
#include "actors/services/python/json.hpp"
#include "events/common/bounded_json.hpp"

#include <algorithm>
#include <mutex>

namespace fc::actors::services {

using events::ec;
using events::make_error;
using nlohmann::json;

namespace {

constexpr const char* scope = "https://www.googleapis.com/auth/bigquery";
constexpr int valid_s = 3600; ///< What is asked for; the most there is.
constexpr int margin_s = 120; ///< Renewed so long before it expires.

class ready_token : public google_access {
public:
  explicit ready_token(std::string token) : token_(std::move(token)) {}

  expected<std::string> token(const stop_flag&) override {
    return token_;
  }
  bool renew() override {
    return false;
  }
  std::string account() const override {
    return {};
  }
  std::string project() const override {
    return {};
  }

private:
  std::string token_;
};

/// What a key file states.
struct account_file {
  std::string email;
  std::string project;
  std::string token_uri;
};

class signed_access : public google_access {
public:
  signed_access(account_file file, signing_key key,
                std::shared_ptr<http_client> http,
                std::shared_ptr<wait_clock> time)
    : file_(std::move(file)), key_(std::move(key)), http_(std::move(http)),
      time_(std::move(time)) {}

  expected<std::string> token(const stop_flag& stop) override {
    const std::lock_guard lock{mutex_};
    if (!token_.empty() && time_->now() < renew_at_)
      return token_;
    if (auto err = fetch(stop))
      return err;
    return token_;
  }
  bool renew() override {
    const std::lock_guard lock{mutex_};
    token_.clear();
    return true;
  }
  std::string account() const override {
    return file_.email;
  }
  std::string project() const override {
    return file_.project;
  }

private:
  events::error fetch(const stop_flag& stop) {
    const auto now = unix_seconds(time_->now());
    const json claims{{"iss", file_.email},
                      {"scope", scope},
                      {"aud", file_.token_uri},
                      {"iat", now},
                      {"exp", now + valid_s}};
    auto assertion = key_.jwt(claims.dump());
    if (!assertion)
      return assertion.error();
    http_request request;
    request.method = "POST";
    request.url = file_.token_uri;
    request.headers = {{"Content-Type", "application/x-www-form-urlencoded"}};
    request.body
      = "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Ajwt-bearer"
        "&assertion="
        + *assertion;
    request.max_bytes = 1 << 20;
    auto answer = http_->send(request, stop);
    if (!answer)
      return answer.error();
    return take(*answer);
  }

  /// A refusal says why, e.g. `invalid_grant: Invalid JWT signature.`
  events::error take(const http_response& answer) {
    const auto body = events::common::read_json(answer.body);
    const auto text = [&](const char* key) {
      return body.is_object() ? json_text(body, key) : std::string{};
    };
    const auto status = "Google answers " + std::to_string(answer.status);
    if (answer.status >= 500)
      return make_error(ec::unavailable,
                        status + " where tokens are made; try later");
    if (answer.status != 200)
      return make_error(ec::refused, status + " to the service account "
                                       + file_.email + ": " + text("error")
                                       + " " + text("error_description"));
    token_ = text("access_token");
    if (token_.empty())
      return make_error(ec::malformed, status + " without an access_token");
    const auto lives = body.find("expires_in");
    const auto seconds = lives != body.end() && lives->is_number_integer()
                           ? lives->get<std::int64_t>()
                           : valid_s;
    // Clamped first: what the service names may be any number.
    renew_at_ = time_->now()
                + std::chrono::seconds{std::clamp<std::int64_t>(
                                         seconds, margin_s, valid_s + margin_s)
                                       - margin_s};
    return {};
  }

  account_file file_;
  signing_key key_;
  std::shared_ptr<http_client> http_;
  std::shared_ptr<wait_clock> time_;
  std::mutex mutex_;
  std::string token_;
  events::timestamp renew_at_{};
};

} // namespace

std::shared_ptr<google_access> ready_access(std::string token) {
  return std::make_shared<ready_token>(std::move(token));
}

expected<std::shared_ptr<google_access>>
service_account(std::string_view text, std::string_view origin,
                std::shared_ptr<http_client> http,
                std::shared_ptr<wait_clock> time) {
  const auto object = events::common::read_json(text);
  const auto field = [&](const char* key) {
    return object.is_object() ? json_text(object, key) : std::string{};
  };
  if (field("type") != "service_account")
    return make_error(ec::invalid_argument,
                      std::string{origin}
                        + " is not a key file of a Google service account");
  account_file file{field("client_email"), field("project_id"),
                    field("token_uri")};
  if (file.email.empty() || file.token_uri.empty())
    return make_error(ec::invalid_argument,
                      std::string{origin}
                        + " lacks client_email or token_uri; download the key "
                          "file again");
  auto key = signing_key::read(field("private_key"),
                               std::string{origin} + " (private_key)");
  if (!key)
    return key.error();
  return std::shared_ptr<google_access>{std::make_shared<signed_access>(
    std::move(file), std::move(*key), std::move(http), std::move(time))};
}

} // namespace fc::actors::services
