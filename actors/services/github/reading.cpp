#include "actors/services/github/reading.hpp"

#include "actors/services/git/text.hpp"
#include "events/common/bounded_json.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <ctime>

namespace fc::actors::services {

using events::timestamp;
using nlohmann::json;

namespace {

std::optional<std::int64_t> number_in(std::optional<std::string_view> text) {
  std::int64_t x = 0;
  if (!text)
    return std::nullopt;
  const auto* end = text->data() + text->size();
  const auto [stop, err] = std::from_chars(text->data(), end, x);
  return err == std::errc{} && stop == end ? std::optional{x} : std::nullopt;
}

/// In the year 2103: far enough, and differences of two fit nanoseconds.
constexpr std::int64_t last_second = 4'200'000'000;

/// Seconds since 1970 as a time.
std::optional<timestamp> epoch(std::optional<std::int64_t> seconds) {
  if (!seconds || *seconds < 0)
    return std::nullopt;
  return timestamp{std::chrono::seconds{std::min(*seconds, last_second)}};
}

std::string lower(std::string_view x) {
  std::string out{x};
  std::ranges::transform(out, out.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return out;
}

bool has(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

/// How far the service's clock is ahead of ours.
timestamp::duration skew(const http_response& answer, timestamp now) {
  const auto date = answer.header("date");
  const auto at = date ? parse_http_date(*date) : std::nullopt;
  return at ? *at - now : timestamp::duration{};
}

/// Budget and reset as the headers state them, by our clock.
limit_answer budget_of(const http_response& answer, timestamp now) {
  using namespace std::chrono_literals;
  limit_answer x;
  if (const auto left = number_in(answer.header("x-ratelimit-remaining"));
      left && *left >= 0)
    x.remaining = static_cast<std::uint64_t>(*left);
  // Windows are an hour long: what lies further is a mistake of the service,
  // and believed it would stop everything.
  if (const auto reset = epoch(number_in(answer.header("x-ratelimit-reset"))))
    if (const auto at = *reset - skew(answer, now); at <= now + 61min)
      x.reset = at;
  return x;
}

/// When the service wants to be asked again: `retry-after`, in seconds or as a
/// date, else the reset where nothing is left, else unknown.
std::optional<timestamp>
named_time(const http_response& answer, timestamp now, const limit_answer& x) {
  using namespace std::chrono_literals;
  if (const auto text = answer.header("retry-after")) {
    if (const auto seconds = number_in(text); seconds && *seconds >= 0)
      return now
             + std::chrono::seconds{std::min<std::int64_t>(*seconds, 86400)};
    if (const auto at = parse_http_date(*text))
      return *at - skew(answer, now);
  }
  if (x.remaining == 0 && x.reset)
    return *x.reset + 1s;
  return std::nullopt;
}

void limited(github_reading& x, std::string kind, const http_response& answer,
             timestamp now) {
  x.outcome = github_outcome::limited;
  x.kind = std::move(kind);
  x.limit.refused = true;
  x.limit.until = named_time(answer, now, x.limit);
}

/// 403 and 429: a limit, and which, or a door that stays closed.
void read_refusal(github_reading& x, const http_response& answer,
                  timestamp now) {
  const auto words = lower(x.text);
  if (has(words, "secondary rate"))
    return limited(x, "secondary", answer, now);
  if (has(words, "abuse"))
    return limited(x, "abuse", answer, now);
  if (has(words, "rate limit") || x.limit.remaining == 0)
    return limited(x, "primary", answer, now);
  if (answer.status == 429 || answer.header("retry-after")
      || answer.header("gh-limited-by"))
    return limited(x, "secondary", answer, now);
  x.outcome = github_outcome::not_allowed;
}

json parsed(const http_response& answer) {
  const auto type = lower(answer.header("content-type").value_or(""));
  if (!has(type, "json"))
    return json(json::value_t::discarded);
  // Some titles hold bytes that are no UTF-8; they are replaced, not lost.
  return events::common::read_json(answer.body);
}

std::string message_of(const json& body, const http_response& answer) {
  if (body.is_object() && body.contains("message")
      && body["message"].is_string())
    return excerpt_of(body["message"].get<std::string>());
  return excerpt_of(answer.body);
}

/// What the status alone says; used by both interfaces.
void read_status(github_reading& x, const http_response& answer,
                 timestamp now) {
  switch (answer.status) {
  case 401:
    x.outcome = github_outcome::bad_token;
    return;
  case 403:
  case 429:
    return read_refusal(x, answer, now);
  case 404:
  case 410:
  case 451:
    x.outcome = github_outcome::gone;
    return;
  case 408:
    x.outcome = github_outcome::outage;
    return;
  default:
    x.outcome = answer.status >= 500 ? github_outcome::outage
                                     : github_outcome::our_mistake;
  }
}

std::string text_at(const json& x, const char* key) {
  const auto at = x.find(key);
  return at != x.end() && at->is_string() ? at->get<std::string>()
                                          : std::string{};
}

graphql_error error_of(const json& x) {
  graphql_error out;
  if (!x.is_object())
    return out;
  out.type = text_at(x, "type");
  if (out.type.empty() && x.contains("extensions")
      && x["extensions"].is_object())
    out.type = text_at(x["extensions"], "code");
  if (text_at(x, "code") == "graphql_rate_limit")
    out.type = "RATE_LIMITED";
  out.message = text_at(x, "message");
  if (const auto path = x.find("path"); path != x.end() && path->is_array())
    for (const auto& part : *path)
      out.path += (out.path.empty() ? "" : ".")
                  + (part.is_string() ? part.get<std::string>() : part.dump());
  return out;
}

bool any_type(const std::vector<graphql_error>& all,
              std::initializer_list<std::string_view> types) {
  return std::ranges::any_of(all, [&](const auto& each) {
    return std::ranges::find(types, each.type) != types.end();
  });
}

/// Such an error has no type; others may name a repository "timeout-x".
bool timed_out(const std::vector<graphql_error>& all) {
  return std::ranges::any_of(all, [](const auto& each) {
    return each.type.empty()
           && (each.message.starts_with(
                 "Something went wrong while executing your query")
               || has(each.message, "timeout"));
  });
}

/// Errors of a GraphQL answer that has no usable data, or must not be used.
void read_errors(github_reading& x, const http_response& answer,
                 timestamp now) {
  x.text = x.errors.front().message;
  if (any_type(x.errors, {"RATE_LIMITED", "RATE_LIMIT"}))
    return limited(x, "primary", answer, now);
  if (any_type(x.errors,
               {"RESOURCE_LIMITS_EXCEEDED", "MAX_NODE_LIMIT_EXCEEDED"})
      || timed_out(x.errors)) {
    x.outcome = github_outcome::too_heavy;
    return;
  }
  const auto& data = x.body["data"];
  if (data.is_object() && !data.empty())
    return; // partial: the caller sees which paths are missing
  if (any_type(x.errors, {"NOT_FOUND"}))
    x.outcome = github_outcome::gone;
  else if (any_type(x.errors, {"FORBIDDEN", "INSUFFICIENT_SCOPES"}))
    x.outcome = github_outcome::not_allowed;
  else
    x.outcome = github_outcome::our_mistake;
}

} // namespace

std::optional<timestamp> parse_http_date(std::string_view text) {
  std::tm parts{};
  const std::string copy{text};
  const char* end = ::strptime(copy.c_str(), "%a, %d %b %Y %H:%M:%S", &parts);
  if (end == nullptr || std::string_view{end} != " GMT")
    return std::nullopt;
  const std::int64_t seconds = ::timegm(&parts);
  if (seconds < 0 || seconds > last_second)
    return std::nullopt;
  return timestamp{std::chrono::seconds{seconds}};
}

std::string excerpt_of(const std::string& body, std::size_t max) {
  bool repaired = false;
  auto text = repair_utf8(body.substr(0, max), repaired);
  for (auto& c : text)
    if (static_cast<unsigned char>(c) < 0x20)
      c = ' ';
  return text;
}

std::vector<std::string> limit_headers(const http_response& answer) {
  std::vector<std::string> out;
  for (const auto& [name, value] : answer.headers)
    if (name.starts_with("x-ratelimit-") || name == "retry-after"
        || name == "gh-limited-by" || name == "date"
        || name == "x-github-request-id")
      out.push_back(name + ": " + value);
  return out;
}

github_reading read_rest(const http_response& answer, timestamp now) {
  github_reading x;
  x.limit = budget_of(answer, now);
  if (answer.status >= 200 && answer.status < 400)
    return x;
  x.body = parsed(answer);
  x.text = message_of(x.body, answer);
  read_status(x, answer, now);
  return x;
}

github_reading read_graphql(const http_response& answer, timestamp now) {
  github_reading x;
  x.limit = budget_of(answer, now);
  x.body = parsed(answer);
  if (answer.cut || x.body.is_discarded() || !x.body.is_object()
      || !(x.body.contains("data") || x.body.contains("errors"))) {
    x.text = message_of(x.body, answer);
    if (answer.status == 200)
      x.outcome = github_outcome::outage; // no GraphQL answer at all
    else
      read_status(x, answer, now);
    if (answer.status == 504)
      x.outcome = github_outcome::too_heavy;
    return x;
  }
  if (const auto errors = x.body.find("errors");
      errors != x.body.end() && errors->is_array())
    for (const auto& each : *errors)
      x.errors.push_back(error_of(each));
  if (!x.errors.empty())
    read_errors(x, answer, now);
  else if (answer.status != 200)
    read_status(x, answer, now);
  else if (!x.body["data"].is_object())
    x.outcome = github_outcome::outage; // neither data nor a reason
  return x;
}

} // namespace fc::actors::services
