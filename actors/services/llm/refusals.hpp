#pragma once

#include "actors/services/http/client.hpp"
#include "events/ids.hpp"

#include <optional>
#include <string>

namespace fc::actors::services {

/// What a reply that is no answer means, in any of the shapes that services
/// use (OpenAI, LiteLLM, vLLM new and old, Anthropic).
struct model_refusal {
  events::ec code = events::ec::unavailable;
  std::string text;   ///< "HTTP 429 rate_limit_error: message".
  bool again = false; ///< The same call may succeed later.
  /// The service's own wait, from its headers.
  std::optional<events::timestamp> until;
  /// The service does not offer answers by schema.
  bool no_schema = false;
};

/// Reads a reply with another status than 200, or with an error inside.
model_refusal read_refusal(const http_response& x, events::timestamp now);

/// What `retry-after-ms`, `retry-after` (a number or a date) ask for.
std::optional<events::timestamp>
wait_of(const http_response& x, events::timestamp now);

/// How much of the limits of requests and tokens is left, where the reply says
/// it: nothing before this time, or none.
std::optional<events::timestamp>
exhausted_until(const http_response& x, events::timestamp now);

/// Seconds of a duration such as `6m0s`, `1h2m`, `59.5s`, `120ms`; none for
/// anything else.
std::optional<double> read_duration(std::string_view text);

/// Status, headers about limits and ids, and the start of the body.
std::string trace_of(const http_response& x);

/// The text with every occurrence of a secret replaced.
std::string without(std::string text, const std::string& secret);

} // namespace fc::actors::services
