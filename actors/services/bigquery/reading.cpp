#include "actors/services/bigquery/reading.hpp"

#include "actors/services/python/json.hpp"
#include "events/common/bounded_json.hpp"

#include <algorithm>
#include <array>

namespace fc::actors::services {

using events::ec;
using events::make_error;
using nlohmann::json;

namespace {

/// Source: cloud.google.com/bigquery/docs/error-messages.
constexpr std::array<std::string_view, 7> passing_reasons{
  "rateLimitExceeded", "jobRateLimitExceeded", "backendError",
  "internalError",     "jobBackendError",      "jobInternalError",
  "tableUnavailable"};

/// The start of a text as one printable line.
std::string line_of(const std::string& text) {
  constexpr std::size_t max = 300;
  std::string line = text.substr(0, max);
  for (auto& c : line)
    if (static_cast<unsigned char>(c) < ' ')
      c = ' ';
  return line;
}

/// What an answer says about its failure.
struct complaint {
  std::string reason;
  std::string message;
};

complaint complaint_of(const json& body) {
  if (!body.is_object())
    return {};
  // Wrapped, or bare.
  const auto wrapped = body.find("error");
  const auto& x
    = wrapped != body.end() && wrapped->is_object() ? *wrapped : body;
  complaint result{{}, json_text(x, "message")};
  for (const auto& each : json_objects(x, "errors")) {
    result.reason = json_text(each, "reason");
    if (result.message.empty())
      result.message = json_text(each, "message");
    break;
  }
  return result;
}

events::error failure_of(const complaint& x, const http_response& answer) {
  const auto about = "BigQuery answers " + std::to_string(answer.status)
                     + (x.reason.empty() ? "" : " " + x.reason)
                     + (x.message.empty() ? "" : ": " + line_of(x.message));
  if (x.reason == "quotaExceeded")
    return make_error(ec::refused, about
                                     + "; the quota is used up for a longer "
                                       "time, raise it or come back tomorrow");
  if (x.reason == "bytesBilledLimitExceeded")
    return make_error(ec::refused,
                      about + "; raise --bigquery-max-bytes to allow it");
  if (x.reason == "invalidQuery" || x.reason == "invalid")
    return make_error(ec::internal, about);
  if (x.reason == "notFound")
    return make_error(ec::not_found, about);
  if (x.reason == "accessDenied" || answer.status == 403)
    return make_error(ec::refused,
                      about
                        + "; the account needs the role BigQuery Job User "
                          "in the project");
  return make_error(ec::refused, about);
}

} // namespace

bigquery_reading read_bigquery(const http_response& answer) {
  bigquery_reading x;
  x.body = answer.cut ? json{} : events::common::read_json(answer.body);
  const bool is_json = x.body.is_object();
  const auto complaint = complaint_of(x.body);
  x.reason = complaint.reason;
  if (answer.status == 200 && is_json && complaint.reason.empty())
    return x;
  const bool passes = std::ranges::find(passing_reasons, complaint.reason)
                      != passing_reasons.end();
  if (answer.status == 401) {
    x.outcome = bigquery_outcome::bad_token;
    x.failure
      = make_error(ec::refused, "BigQuery answers 401: the access token is not "
                                "valid"
                                  + (complaint.message.empty()
                                       ? std::string{}
                                       : ": " + line_of(complaint.message)));
  } else if (passes || answer.status >= 500 || answer.status == 429) {
    x.outcome = bigquery_outcome::again;
    x.failure
      = make_error(ec::unavailable,
                   "BigQuery answers " + std::to_string(answer.status)
                     + (complaint.reason.empty() ? "" : " " + complaint.reason)
                     + (is_json ? "" : ", no JSON"));
  } else if (!is_json) {
    x.outcome = bigquery_outcome::stop;
    x.failure = make_error(ec::malformed,
                           "what answers " + std::to_string(answer.status)
                             + " for BigQuery sends no JSON but '"
                             + line_of(answer.body).substr(0, 80)
                             + "'; is a proxy in between?");
  } else {
    x.outcome = bigquery_outcome::stop;
    x.failure = failure_of(complaint, answer);
  }
  return x;
}

} // namespace fc::actors::services
