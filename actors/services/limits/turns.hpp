#pragma once

#include "actors/services/process/process.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>

namespace fc::actors::services {

/// A number of places that private threads wait for.
class turns {
public:
  explicit turns(std::size_t places) : free_(places) {}

  /// A place, given back when this goes.
  class turn {
  public:
    explicit turn(turns& of) : of_(&of) {}
    turn(turn&& other) noexcept : of_(std::exchange(other.of_, nullptr)) {}
    turn(const turn&) = delete;
    turn& operator=(const turn&) = delete;
    turn& operator=(turn&&) = delete;
    ~turn() {
      if (of_ != nullptr)
        of_->give_back();
    }

  private:
    turns* of_;
  };

  /// Blocks. @returns `ec::cancelled` when `stop` was set.
  events::expected<turn> take(const stop_flag& stop) {
    std::unique_lock lock{mutex_};
    while (free_ == 0) {
      if (stop && stop->load())
        return events::make_error(events::ec::cancelled,
                                  "stopped while waiting for a place");
      freed_.wait_for(lock, std::chrono::milliseconds{200});
    }
    --free_;
    return turn{*this};
  }

private:
  void give_back() {
    const std::lock_guard lock{mutex_};
    ++free_;
    freed_.notify_one();
  }

  std::mutex mutex_;
  std::condition_variable freed_;
  std::size_t free_;
};

} // namespace fc::actors::services
