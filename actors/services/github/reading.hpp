#pragma once

#include "actors/services/http/client.hpp"
#include "actors/services/limits/rate_limiter.hpp"
#include "events/ids.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace fc::actors::services {

/// What an answer of GitHub means, and so what to do.
enum class github_outcome : std::uint8_t {
  fine,        ///< Use it.
  limited,     ///< A limit was met: wait, then ask again.
  outage,      ///< Nobody's fault: ask again soon.
  too_heavy,   ///< More than it can do in 10 s: ask for less.
  bad_token,   ///< 401: never again with this token.
  not_allowed, ///< The token may not, and waiting will not help.
  gone,        ///< Not there, or private.
  our_mistake, ///< The request is wrong.
};

/// An error inside a GraphQL answer.
struct graphql_error {
  std::string type;
  std::string message;
  std::string path; ///< Parts joined by dots.
};

/// An answer and its meaning.
struct github_reading {
  github_outcome outcome = github_outcome::fine;
  std::string kind; ///< Of a limit: "primary", "secondary", "abuse".
  limit_answer limit;
  std::string text;                  ///< What GitHub said, in one short line.
  nlohmann::json body;               ///< Where it is JSON.
  std::vector<graphql_error> errors; ///< GraphQL only.
};

/// Reads an answer of the REST interface. Times named by the service are
/// corrected by its own clock. @param now By our clock.
/// Source: docs.github.com, "Best practices for using the REST API" and "Rate
/// limits for the REST API".
github_reading read_rest(const http_response& answer, events::timestamp now);

/// The same for GraphQL, whose errors mostly come with status 200. Where data
/// and errors come together, it is `fine` and `errors` says what is missing.
github_reading read_graphql(const http_response& answer, events::timestamp now);

/// `name: value` of the headers that tell about limits.
std::vector<std::string> limit_headers(const http_response& answer);

/// The start of a body, in one line of printable text.
std::string excerpt_of(const std::string& body, std::size_t max = 300);

/// `Sun, 06 Nov 1994 08:49:37 GMT`, as HTTP writes dates; nothing for others
/// and for those before 1970 or after 2102.
std::optional<events::timestamp> parse_http_date(std::string_view text);

} // namespace fc::actors::services
