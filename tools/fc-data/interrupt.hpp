#pragma once

#include "actors/services/process/process.hpp"

#include <functional>
#include <mutex>
#include <string_view>
#include <thread>

namespace fc::tools {

/// Turns SIGINT and SIGTERM into a request to end: the first asks, the second
/// leaves at once (nothing recorded is lost either way). So does a program that
/// has not ended some seconds after the first. Create it before any other
/// thread.
class interrupt {
public:
  interrupt();
  ~interrupt();
  interrupt(const interrupt&) = delete;
  interrupt& operator=(const interrupt&) = delete;

  /// Called from another thread at the first signal; at once if it was already
  /// there. An empty function: no longer.
  void on_interrupt(std::function<void()> what);

  /// Set at the first signal.
  const actors::services::stop_flag& flag() const noexcept {
    return flag_;
  }

private:
  void watch();
  [[noreturn]] static void exit_now(std::string_view why);

  actors::services::stop_flag flag_;
  std::mutex mutex_;
  std::function<void()> what_;
  std::atomic<bool> over_{false};
  std::thread watcher_;
};

} // namespace fc::tools
