#pragma once

#include "actors/services/limits/clock.hpp"
#include "events/error.hpp"
#include "events/ids.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace fc::actors::services {

/// What a service allows one token of one resource. 0 is no such limit, except
/// for the two pauses.
struct limit_rules {
  std::uint32_t in_flight = 1;         ///< Requests at the same time.
  double spacing_s = 0;                ///< Between two starts, at least.
  double jitter = 0;                   ///< Up to this share of spacing more.
  std::uint32_t starts_per_minute = 0; ///< Within any 60 s.
  double busy_s_per_minute = 0; ///< Sum of response times within any 60 s.
  double max_pause_s = 3600;    ///< What a service names beyond is clamped.
  double first_pause_s = 60; ///< Where it names none; doubled each time after.
};

/// What an answer said about limits.
struct limit_answer {
  /// The service refused for a limit: wait until `until`, or as the rules say.
  bool refused = false;
  /// Nothing: no answer came, or an outage. Pauses go on doubling.
  bool silent = false;
  std::optional<events::timestamp> until;
  /// The primary budget, where the answer states it.
  std::optional<std::uint64_t> remaining;
  std::optional<events::timestamp> reset;
};

/// The right to ask once.
struct permit {
  std::size_t token = 0; ///< Which token to use.
  std::uint64_t id = 0;
};

/// One limiter for everything that is asked of a service: per token and
/// resource it spaces starts, bounds what is in flight and how long the service
/// was kept busy, and pauses all who share a limit that was met. Waiting
/// blocks: for private threads, never for an actor's. First come, first served.
class rate_limiter {
public:
  /// @param jitter Uniform in [0, 1).
  rate_limiter(std::size_t tokens, std::shared_ptr<wait_clock> time,
               std::function<double()> jitter);
  ~rate_limiter();

  /// Rules of a resource. Without any, it takes one request at a time.
  void set_rules(const std::string& resource, const limit_rules& rules);

  /// Blocks until a request may start; uses the token that is ready first.
  /// @returns `ec::cancelled` when `stop` was set.
  events::expected<permit>
  acquire(const std::string& resource, const stop_flag& stop);

  /// The request of a permit has ended. @returns until when its token and
  /// resource pause, where the answer is a refusal.
  std::optional<events::timestamp>
  release(const std::string& resource, const permit& of, const limit_answer& x);

  /// As a restart finds it in the log.
  void pause(const std::string& resource, std::size_t token,
             events::timestamp until);
  /// No request is made with this token any more: it is not valid.
  void retire(std::size_t token);
  /// Whether any token is left.
  bool usable() const;

  /// For people: how one token stands.
  struct standing {
    std::string resource;
    std::size_t token = 0;
    std::optional<std::uint64_t> remaining;
    events::timestamp paused_until{};
    std::uint32_t in_flight = 0;
  };
  std::vector<standing> standings() const;

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace fc::actors::services
