#pragma once

#include "actors/services/limits/clock.hpp"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <set>

namespace fc::actors::services {

/// A clock that stands until a test moves it, for several threads.
class held_clock : public wait_clock {
public:
  events::timestamp now() override {
    const std::lock_guard lock{mutex_};
    askers_.insert(this_thread());
    changed_.notify_all();
    return now_;
  }

  bool sleep_until(events::timestamp at, const stop_flag& stop) override {
    std::unique_lock lock{mutex_};
    const auto stopped = [&] {
      return stop && stop->load();
    };
    ++sleepers_;
    changed_.notify_all();
    changed_.wait(lock, [&] { return now_ >= at || stopped(); });
    --sleepers_;
    return !stopped();
  }

  void advance(std::chrono::nanoseconds by) {
    const std::lock_guard lock{mutex_};
    now_ += by;
    changed_.notify_all();
  }

  /// After a stop flag was set.
  void wake() {
    const std::lock_guard lock{mutex_};
    changed_.notify_all();
  }

  /// Blocks until so many threads have ever looked at the clock.
  void await_askers(std::size_t count) {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return askers_.size() >= count; });
  }
  void await_sleepers(std::size_t count) {
    std::unique_lock lock{mutex_};
    changed_.wait(lock, [&] { return sleepers_ >= count; });
  }

private:
  /// The system's own names of threads come again.
  static std::uint64_t this_thread() {
    static std::atomic<std::uint64_t> next{0};
    thread_local const auto mine = next++;
    return mine;
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  events::timestamp now_ = *events::parse_time("2026-11-01");
  std::set<std::uint64_t> askers_;
  std::size_t sleepers_ = 0;
};

} // namespace fc::actors::services
