#include "actors/services/limits/rate_limiter.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>

namespace fc::actors::services {

using events::ec;
using events::expected;
using events::make_error;
using events::timestamp;

namespace {

using namespace std::chrono_literals;

timestamp::duration seconds(double x) {
  return std::chrono::duration_cast<timestamp::duration>(
    std::chrono::duration<double>{x});
}

/// One token of one resource.
struct lane {
  std::uint32_t in_flight = 0;
  timestamp next{};         ///< Spacing allows no earlier start.
  timestamp paused_until{}; ///< A limit was met.
  std::optional<std::uint64_t> remaining;
  std::uint32_t strikes = 0; ///< Refusals without a time, one after another.
  std::uint64_t struck = 0;  ///< The newest ticket at the last of them.
  std::deque<timestamp> starts;
  /// When requests ended and how long they took.
  std::deque<std::pair<timestamp, timestamp::duration>> busy;
  std::map<std::uint64_t, timestamp> running; ///< By permit, since when.

  void forget(timestamp now) {
    while (!starts.empty() && starts.front() <= now - 60s)
      starts.pop_front();
    while (!busy.empty() && busy.front().first <= now - 60s)
      busy.pop_front();
  }

  /// When the rules allow the next start, whatever is in flight.
  timestamp ready(const limit_rules& rules, timestamp now) {
    forget(now);
    auto at = std::max({now, next, paused_until});
    if (rules.starts_per_minute > 0 && starts.size() >= rules.starts_per_minute)
      at = std::max(at, starts[starts.size() - rules.starts_per_minute] + 60s);
    if (rules.busy_s_per_minute > 0)
      at = std::max(at, idle_enough(seconds(rules.busy_s_per_minute), now));
    return at;
  }

  /// When the service was busy for us for less than `max` in the minute
  /// before. Of a request only what lies within that minute counts.
  timestamp idle_enough(timestamp::duration max, timestamp now) const {
    auto over = -max;
    for (const auto& [ended, took] : busy)
      over += std::min(took, ended + 60s - now);
    auto at = now;
    for (const auto& [ended, took] : busy) {
      if (over <= 0ns)
        break;
      // A request passes out of the minute over as long as it took.
      const auto leaves = std::max(at, ended - took + 60s);
      const auto share = std::min(over, std::min(took, ended + 60s - now));
      at = leaves + share;
      over -= share;
    }
    return at;
  }
};

/// A resource: its rules, one lane for each token, and who waits.
struct resource_lanes {
  limit_rules rules;
  std::vector<lane> lanes;
  std::deque<std::uint64_t> waiting; ///< Tickets; the first is served next.
};

} // namespace

struct rate_limiter::state {
  std::size_t tokens = 0;
  std::shared_ptr<wait_clock> time;
  std::function<double()> jitter;
  mutable std::mutex mutex;
  std::condition_variable changed;
  std::map<std::string, resource_lanes> resources;
  std::vector<bool> retired;
  std::uint64_t tickets = 0;

  resource_lanes& of(const std::string& name) {
    auto& x = resources[name];
    if (x.lanes.empty())
      x.lanes.resize(tokens);
    return x;
  }

  bool any_token() const {
    return std::ranges::find(retired, false) != retired.end();
  }

  /// The token that may start soonest; none while all are full.
  std::optional<std::pair<std::size_t, timestamp>>
  soonest(resource_lanes& x, timestamp now) {
    std::optional<std::pair<std::size_t, timestamp>> best;
    for (std::size_t i = 0; i < tokens; ++i) {
      auto& each = x.lanes[i];
      if (retired[i]
          || (x.rules.in_flight > 0 && each.in_flight >= x.rules.in_flight))
        continue;
      const auto at = each.ready(x.rules, now);
      if (!best || at < best->second)
        best = {i, at};
    }
    return best;
  }

  permit start(resource_lanes& x, std::size_t token, timestamp now) {
    auto& at = x.lanes[token];
    const permit given{token, ++tickets};
    ++at.in_flight;
    at.starts.push_back(now);
    at.running.emplace(given.id, now);
    at.next
      = now + seconds(x.rules.spacing_s * (1 + x.rules.jitter * jitter()));
    return given;
  }
};

rate_limiter::rate_limiter(std::size_t tokens, std::shared_ptr<wait_clock> time,
                           std::function<double()> jitter)
  : state_(std::make_unique<state>()) {
  state_->tokens = tokens;
  state_->retired.resize(tokens);
  state_->time = std::move(time);
  state_->jitter = std::move(jitter);
}

rate_limiter::~rate_limiter() = default;

void rate_limiter::set_rules(const std::string& resource,
                             const limit_rules& rules) {
  const std::lock_guard lock{state_->mutex};
  state_->of(resource).rules = rules;
}

expected<permit>
rate_limiter::acquire(const std::string& resource, const stop_flag& stop) {
  auto& s = *state_;
  std::unique_lock lock{s.mutex};
  auto& x = s.of(resource);
  const auto ticket = ++s.tickets;
  x.waiting.push_back(ticket);
  const auto give_up = [&](ec code, const char* why) {
    std::erase(x.waiting, ticket);
    s.changed.notify_all();
    return make_error(code, resource + ": " + why);
  };
  for (;;) {
    if (stop && stop->load())
      return give_up(ec::cancelled, "stopped while waiting for a rate limit");
    if (!s.any_token())
      return give_up(ec::refused, "no valid token is left; see the earlier "
                                  "refusals and set another");
    const auto now = s.time->now();
    const auto best
      = x.waiting.front() == ticket ? s.soonest(x, now) : std::nullopt;
    if (best && best->second <= now) {
      x.waiting.pop_front();
      s.changed.notify_all();
      return s.start(x, best->first, now);
    }
    if (!best) {
      s.changed.wait_for(lock, 200ms);
      continue;
    }
    // Slices: somebody else may have met a limit, or a token have been freed.
    const auto until = std::min(best->second, now + 5s);
    lock.unlock();
    s.time->sleep_until(until, stop);
    lock.lock();
  }
}

std::optional<timestamp>
rate_limiter::release(const std::string& resource, const permit& of,
                      const limit_answer& answer) {
  auto& s = *state_;
  const std::lock_guard lock{s.mutex};
  auto& x = s.of(resource);
  auto& at = x.lanes[of.token];
  const auto now = s.time->now();
  if (const auto begun = at.running.extract(of.id)) {
    --at.in_flight;
    at.busy.emplace_back(now, now - begun.mapped());
  }
  s.changed.notify_all();
  if (answer.remaining)
    at.remaining = answer.remaining;
  const auto clamp = [&](timestamp until) {
    return std::min(until, now + seconds(x.rules.max_pause_s));
  };
  if (!answer.refused) {
    if (!answer.silent)
      at.strikes = 0;
    // Nothing is left: waiting is cheaper than being refused.
    if (answer.remaining == 0 && answer.reset && *answer.reset > now)
      at.paused_until = std::max(at.paused_until, clamp(*answer.reset + 1s));
    return std::nullopt;
  }
  auto until = now;
  // A time in the past counts as none: asking at once would be refused again.
  if (answer.until && *answer.until > now) {
    at.strikes = 0;
    until = clamp(*answer.until);
  } else if (of.id > at.struck) { // others in flight met the same limit
    at.struck = s.tickets;
    const auto doubled = x.rules.first_pause_s
                         * static_cast<double>(1u << std::min(at.strikes, 10u));
    ++at.strikes;
    until = clamp(now + seconds(doubled * (1 + 0.1 * s.jitter())));
  }
  at.paused_until = std::max(at.paused_until, until);
  return at.paused_until;
}

void rate_limiter::pause(const std::string& resource, std::size_t token,
                         timestamp until) {
  const std::lock_guard lock{state_->mutex};
  auto& x = state_->of(resource);
  if (token >= x.lanes.size())
    return;
  const auto latest = state_->time->now() + seconds(x.rules.max_pause_s);
  auto& at = x.lanes[token].paused_until;
  at = std::max(at, std::min(until, latest));
}

void rate_limiter::retire(std::size_t token) {
  const std::lock_guard lock{state_->mutex};
  state_->retired[token] = true;
  state_->changed.notify_all();
}

bool rate_limiter::usable() const {
  const std::lock_guard lock{state_->mutex};
  return state_->any_token();
}

std::vector<rate_limiter::standing> rate_limiter::standings() const {
  const std::lock_guard lock{state_->mutex};
  std::vector<standing> all;
  for (const auto& [name, x] : state_->resources)
    for (std::size_t i = 0; i < x.lanes.size(); ++i)
      all.push_back({name, i, x.lanes[i].remaining, x.lanes[i].paused_until,
                     x.lanes[i].in_flight});
  return all;
}

} // namespace fc::actors::services
