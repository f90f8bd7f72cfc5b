#pragma once

#include "actors/services/github/reading.hpp"
#include "actors/services/github/tokens.hpp"
#include "events/failures/service.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace fc::actors::services {

/// Where GitHub is and how patient to be.
struct github_settings {
  std::string api = "https://api.github.com";
  std::string graphql; ///< Empty: below `api`.
  double timeout_s = 60;
  std::uint32_t tries = 6;           ///< Of a request that met an outage.
  std::uint32_t max_limits_met = 20; ///< By one request; then it gives up.
  double backoff_s = 1;              ///< Doubled each time, with jitter.
};

/// Called when a limit was met, from the thread that met it.
using limit_listener = std::function<void(const events::limit_met&)>;

/// One piece of work: what was spent on it, and who is told of limits.
struct github_usage {
  std::uint32_t calls = 0; ///< Repeated ones too.
  std::uint32_t points = 0;
  limit_listener on_limit; ///< May be empty.
};

/// A GraphQL answer that can be used, wholly or in part.
struct graphql_answer {
  bool too_heavy = false; ///< Nothing came: ask for less.
  nlohmann::json data;
  std::vector<graphql_error> errors; ///< What is missing in `data`, and why.
};

/// Asks GitHub through a rate limiter: waits where a limit was met, repeats a
/// request after an outage, and stops using a token that is not valid.
/// Thread-safe; blocks.
class github_client {
public:
  github_client(github_settings settings, std::shared_ptr<http_client> http,
                std::shared_ptr<token_source> tokens,
                std::shared_ptr<wait_clock> time,
                std::function<double()> jitter);

  /// @param what Name for errors and events, e.g. "SearchMerged a/b".
  /// @param smallest Less cannot be asked for: what is too heavy is tried again
  /// like an outage, and never returned.
  /// @returns `ec::not_found` for what is gone or private, `ec::refused` where
  /// the tokens may not, `ec::unavailable` when it stays out of order,
  /// `ec::rate_limited` when limits do not end, `ec::internal` for a wrong
  /// query.
  expected<graphql_answer>
  query(const std::string& what, const std::string& text,
        const nlohmann::json& variables, github_usage& used,
        const stop_flag& stop, bool smallest = false);

  /// A REST request. `request.url` is a path below the API or a whole address
  /// of the same host; the token is added, and never sent to another host.
  /// @param resource The limit it counts to: "core", "search", "code_search".
  /// @returns any status below 400 and, when asked for, those listed in `fine`.
  expected<http_response>
  rest(http_request request, const std::string& resource, github_usage& used,
       const stop_flag& stop, const std::vector<long>& fine = {});

  /// As a restart finds them in the log.
  void restore(const events::limit_met& x);

  rate_limiter& limiter() noexcept {
    return limiter_;
  }
  token_source& tokens() noexcept {
    return *tokens_;
  }
  wait_clock& time() noexcept {
    return *time_;
  }
  const github_settings& settings() const noexcept {
    return settings_;
  }

private:
  using reader
    = std::function<github_reading(const http_response&, events::timestamp)>;
  struct exchange;

  expected<http_response>
  ask_once(exchange& x, std::size_t token, const stop_flag& stop);
  /// No error: ask again.
  events::error no_answer(exchange& x, std::size_t token,
                          const events::error& why, const stop_flag& stop);
  /// Nothing: ask again.
  std::optional<events::error>
  after(exchange& x, const permit& used, const stop_flag& stop);
  expected<github_reading>
  run(exchange& x, github_usage& used, const stop_flag& stop);
  void report_limit(const exchange& x, std::size_t token,
                    events::timestamp until, const limit_listener& listener);
  bool wait(exchange& x, const stop_flag& stop);

  github_settings settings_;
  std::shared_ptr<http_client> http_;
  std::shared_ptr<token_source> tokens_;
  std::shared_ptr<wait_clock> time_;
  std::function<double()> jitter_;
  rate_limiter limiter_;
};

} // namespace fc::actors::services
