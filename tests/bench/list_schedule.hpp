#pragma once

#include "events/pull_request_state.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>
#include <queue>
#include <random>
#include <vector>

/// What a scheduler without any cost could reach.
namespace fc::bench {

/// Seconds of every step, by pull request and stage.
using step_plan = std::vector<std::array<double, events::stage_total>>;

/// Steps from 10 ms to 1 s, every order of magnitude as likely; the same seed
/// gives the same.
inline step_plan random_plan(std::size_t count, unsigned seed) {
  std::mt19937_64 dice{seed};
  std::uniform_real_distribution<double> exponent{-2, 0};
  step_plan plan(count);
  for (auto& steps : plan)
    for (auto& each : steps)
      each = std::pow(10, exponent(dice));
  return plan;
}

/// Seconds until all is done when each free slot takes the ready step of the
/// pull request for which `rank` is largest.
/// @param rank Of a pull request and its next step.
inline double
list_schedule(const step_plan& plan, std::size_t slots,
              const std::function<double(std::size_t, std::size_t)>& rank) {
  using ranked = std::pair<double, std::pair<std::size_t, std::size_t>>;
  using event = std::pair<double, std::pair<std::size_t, std::size_t>>;
  std::priority_queue<ranked> ready;
  std::priority_queue<event, std::vector<event>, std::greater<>> running;
  for (std::size_t i = 0; i < plan.size(); ++i)
    ready.push({rank(i, 0), {i, 0}});
  double now = 0;
  while (!ready.empty() || !running.empty()) {
    while (!ready.empty() && running.size() < slots) {
      const auto [which, step] = ready.top().second;
      ready.pop();
      running.push({now + plan[which][step], {which, step}});
    }
    now = running.top().first;
    const auto [which, step] = running.top().second;
    running.pop();
    if (step + 1 < plan[which].size())
      ready.push({rank(which, step + 1), {which, step + 1}});
  }
  return now;
}

/// The shortest of several lists: most work left first, later stages first,
/// in order.
inline double best_list_schedule(const step_plan& plan, std::size_t slots) {
  const auto left = [&](std::size_t which, std::size_t step) {
    return std::accumulate(plan[which].begin()
                             + static_cast<std::ptrdiff_t>(step),
                           plan[which].end(), 0.0);
  };
  return std::min({
    list_schedule(plan, slots, left),
    list_schedule(
      plan, slots,
      [](std::size_t, std::size_t step) { return static_cast<double>(step); }),
    list_schedule(plan, slots,
                  [](std::size_t which, std::size_t) {
                    return -static_cast<double>(which);
                  }),
  });
}

} // namespace fc::bench
