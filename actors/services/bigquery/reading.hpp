#pragma once

#include "actors/services/http/client.hpp"

#include <nlohmann/json.hpp>

namespace fc::actors::services {

/// What to do about an answer of BigQuery.
enum class bigquery_outcome : std::uint8_t {
  fine,
  again,     ///< Out of order or too fast: ask again soon.
  bad_token, ///< 401
  stop,      ///< Asking again will not help.
};

/// An answer and its meaning.
struct bigquery_reading {
  bigquery_outcome outcome = bigquery_outcome::fine;
  nlohmann::json body;   ///< Where it is JSON.
  events::error failure; ///< Set unless `fine`.
  std::string reason;    ///< As BigQuery names it; empty where it does not.
};

/// Reads an answer: its reasons decide, not the status, where there are any.
/// Errors come wrapped in `error` or bare, beside a status of 200, or as a
/// page of a proxy.
bigquery_reading read_bigquery(const http_response& answer);

} // namespace fc::actors::services
