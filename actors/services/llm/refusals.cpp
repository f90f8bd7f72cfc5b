#include "actors/services/llm/refusals.hpp"

#include "actors/services/llm/utf8.hpp"
#include "events/common/bounded_json.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <ctime>

namespace fc::actors::services {

using events::ec;
using events::timestamp;
using json = nlohmann::json;

namespace {

/// An error as a service words it.
struct refusal_fields {
  std::string message;
  std::string type;
  std::string code; ///< Numbers as text.
};

std::string text_of(const json& x, const char* key) {
  const auto at = x.find(key);
  if (at == x.end())
    return {};
  if (at->is_string())
    return at->get<std::string>();
  if (at->is_number_integer())
    return std::to_string(at->get<std::int64_t>());
  return {};
}

/// The error is an object of the reply, or the reply itself (older vLLM).
refusal_fields read_refusal_fields(const std::string& body) {
  const auto whole = events::common::read_json(body);
  if (!whole.is_object())
    return {};
  const auto inner = whole.find("error");
  if (inner != whole.end() && inner->is_string())
    return {inner->get<std::string>(), {}, {}};
  const auto& x = inner != whole.end() && inner->is_object() ? *inner : whole;
  refusal_fields result{text_of(x, "message"), text_of(x, "type"),
                        text_of(x, "code")};
  // Anthropic's details say more than its type.
  if (const auto details = x.find("details");
      details != x.end() && details->is_object())
    if (auto code = text_of(*details, "error_code"); !code.empty())
      result.code = std::move(code);
  if (result.message.empty())
    result.message = text_of(whole, "detail");
  return result;
}

std::string lower(std::string x) {
  std::ranges::transform(x, x.begin(), [](unsigned char c) {
    return static_cast<char>(std::tolower(c));
  });
  return x;
}

template <std::size_t N>
bool has_any(const std::string& text,
             const std::array<std::string_view, N>& words) {
  return std::ranges::any_of(words, [&](std::string_view each) {
    return text.find(each) != std::string::npos;
  });
}

constexpr std::array<std::string_view, 12> money{"insufficient_quota",
                                                 "credit_balance_exhausted",
                                                 "spend_limit",
                                                 "billing_hard_limit",
                                                 "budget_exceeded",
                                                 "budget has been exceeded",
                                                 "exceededbudget",
                                                 "billing_error",
                                                 "billing_not_active",
                                                 "credit balance is too low",
                                                 "specified api usage limits",
                                                 "payment required"};
constexpr std::array<std::string_view, 9> context{
  "context_length_exceeded", "contextwindowexceeded", "context window",
  "maximum context length",  "prompt is too long",    "input is too long",
  "request_too_large",       "exceed context limit",  "maximum model length"};
constexpr std::array<std::string_view, 5> content{
  "content_filter", "content_policy", "contentpolicyviolation",
  "responsibleaipolicy", "content management policy"};
constexpr std::array<std::string_view, 7> schema{
  "response_format", "json_schema",   "output_config", "structured output",
  "guided",          "output_format", "json schema"};

/// Whether a service that answered so may answer otherwise in a while.
bool is_passing(long status) {
  return status == 408 || status == 409 || status == 429 || status >= 500;
}

ec code_of(long status, const std::string& words) {
  if (status == 402 || has_any(words, money))
    return ec::no_money;
  if (status == 413 || (status < 500 && has_any(words, context)))
    return ec::too_long;
  if (status < 500 && status != 429 && has_any(words, content))
    return ec::declined;
  if (status == 401 || status == 403 || status == 404)
    return ec::no_access;
  if (status == 429)
    return ec::rate_limited;
  if (is_passing(status))
    return ec::unavailable;
  return ec::refused;
}

std::optional<double> number(std::string_view text) {
  double x = 0;
  const auto [end, err]
    = std::from_chars(text.data(), text.data() + text.size(), x);
  if (err != std::errc{} || end != text.data() + text.size()
      || !std::isfinite(x) || x < 0)
    return std::nullopt;
  return x;
}

/// A year at most: what is beyond is a mistake, and must not overflow.
timestamp after(timestamp now, double seconds) {
  return now
         + std::chrono::duration_cast<timestamp::duration>(
           std::chrono::duration<double>{std::min(seconds, 366 * 86400.0)});
}

/// "Wed, 21 Oct 2026 07:28:00 GMT", or a time of RFC 3339.
std::optional<timestamp> date(std::string_view text) {
  const std::string copy{text};
  std::tm parts{};
  const char* end = ::strptime(copy.c_str(), "%a, %d %b %Y %H:%M:%S", &parts);
  if (end == nullptr) {
    parts = {};
    end = ::strptime(copy.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
  }
  if (end == nullptr)
    return std::nullopt;
  // What nanoseconds cannot hold would wrap.
  constexpr std::int64_t last_second = 4'200'000'000;
  const std::int64_t seconds = ::timegm(&parts);
  return timestamp{
    std::chrono::seconds{std::clamp<std::int64_t>(seconds, 0, last_second)}};
}

} // namespace

std::optional<double> read_duration(std::string_view text) {
  double total = 0;
  bool any = false;
  while (!text.empty()) {
    const auto unit = text.find_first_not_of("0123456789.");
    if (unit == 0 || unit == std::string_view::npos)
      return std::nullopt;
    const auto amount = number(text.substr(0, unit));
    text.remove_prefix(unit);
    const auto end = std::min(text.find_first_of("0123456789."), text.size());
    const auto name = text.substr(0, end);
    text.remove_prefix(end);
    const double scale = name == "ms"  ? 1e-3
                         : name == "s" ? 1
                         : name == "m" ? 60
                         : name == "h" ? 3600
                         : name == "d" ? 86400
                                       : 0;
    if (!amount || scale == 0)
      return std::nullopt;
    total += *amount * scale;
    any = true;
  }
  return any ? std::optional{total} : std::nullopt;
}

std::optional<timestamp> wait_of(const http_response& x, timestamp now) {
  if (const auto text = x.header("retry-after-ms"))
    if (const auto ms = number(*text))
      return after(now, *ms / 1000);
  const auto text = x.header("retry-after");
  if (!text)
    return std::nullopt;
  if (const auto s = number(*text))
    return after(now, *s);
  if (const auto s = read_duration(*text))
    return after(now, *s);
  return date(*text);
}

std::optional<timestamp>
exhausted_until(const http_response& x, timestamp now) {
  std::optional<timestamp> latest;
  for (const std::string vendor : {"x-ratelimit-", "anthropic-ratelimit-"})
    for (const std::string what :
         {"requests", "tokens", "input-tokens", "output-tokens"}) {
      const bool first = vendor == "x-ratelimit-";
      const auto name = [&](const char* field) {
        return first ? vendor + field + "-" + what
                     : vendor + what + "-" + field;
      };
      const auto left = x.header(name("remaining"));
      const auto reset = x.header(name("reset"));
      if (!left || !reset || number(*left) != 0.0)
        continue;
      std::optional<timestamp> at;
      if (const auto s = read_duration(*reset))
        at = after(now, *s);
      else if (const auto plain = number(*reset))
        at = after(now, *plain);
      else
        at = date(*reset);
      if (at && (!latest || *at > *latest))
        latest = at;
    }
  return latest;
}

std::string trace_of(const http_response& x) {
  constexpr std::size_t max = 2000;
  std::string text = "HTTP " + std::to_string(x.status) + "\n";
  for (const auto& [name, value] : x.headers)
    if (name.starts_with("x-ratelimit") || name.starts_with("retry-after")
        || name.starts_with("anthropic-ratelimit")
        || name.find("request-id") != std::string::npos
        || name == "x-should-retry" || name == "server"
        || name == "content-type")
      text += name + ": " + value + "\n";
  return text + "\n" + std::string{utf8_prefix(x.body, max)}
         + (x.body.size() > max || x.cut ? "\n[cut here]" : "") + "\n";
}

std::string without(std::string text, const std::string& secret) {
  if (secret.empty())
    return text;
  for (std::size_t at = 0; (at = text.find(secret, at)) != std::string::npos;)
    text.replace(at, secret.size(), "[key]");
  return text;
}

model_refusal read_refusal(const http_response& x, timestamp now) {
  const auto words = read_refusal_fields(x.body);
  const auto all = lower(words.type + " " + words.code + " " + words.message);
  // A reply of 200 may hold an error that names a status of its own.
  auto status = x.status;
  if (status < 400) {
    const auto named = number(words.code);
    status = named && *named >= 400 && *named < 600 ? static_cast<long>(*named)
                                                    : 500;
  }
  model_refusal result;
  result.code = code_of(status, all);
  result.text = "HTTP " + std::to_string(x.status);
  if (!words.type.empty() || !words.code.empty())
    result.text += " " + (words.type.empty() ? words.code : words.type);
  auto message = words.message.empty() ? x.body : words.message;
  if (message.size() > 300)
    message = std::string{utf8_prefix(message, 300)} + "...";
  if (!message.empty())
    result.text += ": " + message;
  // Any part of it may have several lines.
  std::ranges::replace(result.text, '\n', ' ');
  result.again
    = is_passing(status)
      && (result.code == ec::rate_limited || result.code == ec::unavailable);
  if (const auto wish = x.header("x-should-retry");
      wish && result.code != ec::no_money)
    result.again = *wish == "true";
  result.until = wait_of(x, now);
  if (!result.until && result.code == ec::rate_limited)
    result.until = exhausted_until(x, now);
  result.no_schema = result.code == ec::refused && has_any(all, schema);
  return result;
}

} // namespace fc::actors::services
