#include "actors/services/bigquery/client.hpp"

#include "actors/services/bigquery/cells.hpp"
#include "actors/services/bigquery/reading.hpp"
#include "actors/services/python/json.hpp"
#include "events/ids.hpp"

#include <algorithm>
#include <charconv>
#include <set>

namespace fc::actors::services {

using events::ec;
using events::error;
using events::make_error;
using nlohmann::json;

namespace {

/// 64-bit numbers are texts in both directions.
expected<std::uint64_t> whole(const json& body, const char* key) {
  const auto text = json_text(body, key);
  std::uint64_t value = 0;
  const auto [end, err]
    = std::from_chars(text.data(), text.data() + text.size(), value);
  if (err != std::errc{} || end != text.data() + text.size())
    return make_error(ec::malformed, std::string{"BigQuery's answer has no "}
                                       + key + " that is a number");
  return value;
}

/// A name in an address.
std::string escaped(const std::string& x) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string result;
  for (const unsigned char c : x) {
    if (std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.' || c == '~') {
      result += static_cast<char>(c);
    } else {
      result += '%';
      result += digits[c >> 4U];
      result += digits[c & 15U];
    }
  }
  return result;
}

json parameters_of(const bigquery_query& query) {
  auto all = json::array();
  const auto put
    = [&](const std::string& name, const char* type, std::string value) {
        all.push_back({{"name", name},
                       {"parameterType", {{"type", type}}},
                       {"parameterValue", {{"value", std::move(value)}}}});
      };
  for (const auto& [name, value] : query.texts)
    put(name, "STRING", value);
  for (const auto& [name, value] : query.numbers)
    put(name, "INT64", std::to_string(value));
  return all;
}

std::string human_bytes(std::uint64_t x) {
  const auto tenths = x / 100'000'000;
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10)
         + " GB";
}

std::string human_usd(double x) {
  const auto cents = static_cast<std::uint64_t>(x * 100 + 0.5);
  const auto rest = std::to_string(cents % 100);
  return "$" + std::to_string(cents / 100) + "."
         + (rest.size() == 1 ? "0" + rest : rest);
}

} // namespace

/// One query from its first request to its last page.
class bigquery_client::conversation {
public:
  conversation(bigquery_client& client, const bigquery_query& query,
               const stop_flag& stop)
    : on_(client), query_(query), stop_(stop),
      ends_(on_.time_->now()
            + std::chrono::milliseconds{
              static_cast<std::int64_t>(on_.settings_.max_s * 1000)}) {}

  expected<std::uint64_t> dry_run() {
    auto body = ask(question(true));
    if (!body)
      return body.error();
    return whole(*body, "totalBytesProcessed");
  }

  expected<bigquery_result> run() {
    auto body = ask(question(false));
    if (!body)
      return body.error();
    job_ = body->value("jobReference", json::object());
    std::set<std::string> pages;
    for (;;) {
      if (!json_flag(*body, "jobComplete")) {
        if (on_.time_->now() >= ends_)
          return make_error(
            ec::timeout,
            "BigQuery's job did not end within "
              + std::to_string(static_cast<int>(on_.settings_.max_s)) + " s");
        // The server waits itself; where it does not, this does.
        if (!pause(1))
          return make_error(ec::cancelled, "stopped while asking BigQuery");
        body = ask(next({}));
        if (!body)
          return body.error();
        continue;
      }
      if (auto err = take(*body))
        return err;
      const auto token = json_text(*body, "pageToken");
      if (token.empty())
        break;
      if (!pages.insert(token).second)
        return make_error(ec::malformed,
                          "BigQuery names the same page twice; the answer has "
                          "no end");
      body = ask(next(token));
      if (!body)
        return body.error();
    }
    if (counted_ != result_.rows.size())
      return make_error(ec::malformed, "BigQuery counts "
                                         + std::to_string(counted_)
                                         + " rows and sent "
                                         + std::to_string(result_.rows.size()));
    result_.calls = calls_;
    return std::move(result_);
  }

  std::uint32_t calls() const noexcept {
    return calls_;
  }

private:
  http_request question(bool dry) const {
    const auto& set = on_.settings_;
    json x{{"query", query_.sql},
           {"useLegacySql", false}, // the default is true
           {"location", set.location},
           {"maxResults", set.page_rows},
           {"timeoutMs", static_cast<std::int64_t>(set.wait_s * 1000)},
           {"maximumBytesBilled", std::to_string(set.max_bytes)},
           {"dryRun", dry},
           {"useQueryCache", true},
           {"formatOptions", {{"useInt64Timestamp", true}}}};
    // Makes a repeated request the same job.
    if (!dry)
      x["requestId"] = events::event_id::random().hex();
    if (auto all = parameters_of(query_); !all.empty()) {
      x["parameterMode"] = "NAMED";
      x["queryParameters"] = std::move(all);
    }
    http_request request;
    request.method = "POST";
    request.url = base();
    request.headers = {{"Content-Type", "application/json"}};
    request.body = x.dump();
    return request;
  }

  /// The same job again: whether it is done, or its next page.
  http_request next(const std::string& page) const {
    const auto& set = on_.settings_;
    const auto location = json_text(job_, "location");
    http_request request;
    request.url
      = base() + "/" + escaped(json_text(job_, "jobId"))
        + "?location=" + escaped(location.empty() ? set.location : location)
        + "&maxResults=" + std::to_string(set.page_rows) + "&timeoutMs="
        + std::to_string(static_cast<std::int64_t>(set.wait_s * 1000))
        + "&formatOptions.useInt64Timestamp=true";
    if (!page.empty())
      request.url += "&pageToken=" + escaped(page);
    return request;
  }

  std::string base() const {
    return on_.settings_.api + "/bigquery/v2/projects/"
           + escaped(on_.settings_.project) + "/queries";
  }

  error take(const json& body) {
    const auto rows = body.find("rows");
    auto decoded = decode_rows(body.value("schema", json{}),
                               rows == body.end() ? json{} : *rows);
    if (!decoded)
      return decoded.error();
    auto total = whole(body, "totalRows");
    if (!total)
      return total.error();
    counted_ = *total;
    if (auto bytes = whole(body, "totalBytesProcessed"))
      result_.bytes = std::max(result_.bytes, *bytes);
    result_.rows.insert(result_.rows.end(),
                        std::make_move_iterator(decoded->begin()),
                        std::make_move_iterator(decoded->end()));
    return {};
  }

  /// One request, repeated where that may help.
  expected<json> ask(http_request request) {
    request.timeout_s = on_.settings_.wait_s + 60;
    if (request.method == "GET" && json_text(job_, "jobId").empty())
      return make_error(ec::malformed,
                        "BigQuery's answer is incomplete and names no job to "
                        "ask for the rest");
    bool renewed = false;
    for (std::uint32_t tried = 1;; ++tried) {
      auto token = on_.access_->token(stop_);
      error failure = token ? error{} : token.error();
      bool again = !token && events::is_transient(failure);
      if (token) {
        auto attempt = request;
        attempt.headers.emplace_back("Authorization", "Bearer " + *token);
        ++calls_;
        auto answer = on_.http_->send(attempt, stop_);
        if (!answer) {
          failure = answer.error();
          again = events::is_transient(failure);
        } else {
          auto reading = read_bigquery(*answer);
          if (reading.outcome == bigquery_outcome::fine)
            return std::move(reading.body);
          failure = reading.failure;
          again = reading.outcome == bigquery_outcome::again;
          if (reading.outcome == bigquery_outcome::bad_token && !renewed
              && on_.access_->renew()) {
            renewed = true;
            continue;
          }
        }
      }
      if (!again || tried >= on_.settings_.tries)
        return failure;
      if (!pause(tried))
        return make_error(ec::cancelled, "stopped while asking BigQuery");
    }
  }

  bool pause(std::uint32_t tried) const {
    const std::chrono::duration<double> wait{
      on_.settings_.backoff_s
      * static_cast<double>(1U << std::min(tried - 1, 6U))
      * (1 + 0.5 * on_.jitter_())};
    return on_.time_->sleep_until(
      on_.time_->now()
        + std::chrono::duration_cast<events::timestamp::duration>(wait),
      stop_);
  }

  bigquery_client& on_;
  const bigquery_query& query_;
  const stop_flag& stop_;
  events::timestamp ends_;
  json job_ = json::object();
  bigquery_result result_;
  std::uint64_t counted_ = 0;
  std::uint32_t calls_ = 0;
};

double bigquery_cost_usd(std::uint64_t bytes) {
  return static_cast<double>(bytes) / 1'099'511'627'776.0
         * bigquery_usd_per_tib;
}

bigquery_client::bigquery_client(bigquery_settings settings,
                                 std::shared_ptr<http_client> http,
                                 std::shared_ptr<google_access> access,
                                 std::shared_ptr<wait_clock> time,
                                 std::function<double()> jitter)
  : settings_(std::move(settings)), http_(std::move(http)),
    access_(std::move(access)), time_(std::move(time)),
    jitter_(std::move(jitter)) {
  if (settings_.project.empty())
    settings_.project = access_->project();
  while (settings_.api.ends_with('/'))
    settings_.api.pop_back();
}

bigquery_client::~bigquery_client() = default;

expected<std::uint64_t>
bigquery_client::dry_run(const bigquery_query& query, const stop_flag& stop) {
  if (settings_.project.empty())
    return make_error(ec::invalid_argument,
                      "BigQuery needs a project that is billed; name it with "
                      "--bigquery-project");
  return conversation{*this, query, stop}.dry_run();
}

expected<bigquery_result>
bigquery_client::run(const bigquery_query& query, const stop_flag& stop) {
  const auto price = dry_run(query, stop);
  if (!price)
    return price.error();
  if (*price > settings_.max_bytes)
    return make_error(ec::refused,
                      "the query would read " + human_bytes(*price) + " ("
                        + human_usd(bigquery_cost_usd(*price))
                        + "), allowed are " + human_bytes(settings_.max_bytes)
                        + "; raise --bigquery-max-bytes to "
                        + std::to_string(*price) + " to allow it");
  auto result = conversation{*this, query, stop}.run();
  if (result)
    ++result->calls; // the dry one
  return result;
}

} // namespace fc::actors::services
