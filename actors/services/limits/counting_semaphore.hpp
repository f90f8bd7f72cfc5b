#pragma once

#include "actors/services/process/process.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>

namespace fc::actors::services {

/// A bound on how many at once; private threads wait for a slot.
class counting_semaphore {
public:
  explicit counting_semaphore(std::size_t slots) : free_(slots) {}

  /// A slot, released when this goes.
  class slot {
  public:
    explicit slot(counting_semaphore& of) : of_(&of) {}
    slot(slot&& other) noexcept : of_(std::exchange(other.of_, nullptr)) {}
    slot(const slot&) = delete;
    slot& operator=(const slot&) = delete;
    slot& operator=(slot&&) = delete;
    ~slot() {
      if (of_ != nullptr)
        of_->release();
    }

  private:
    counting_semaphore* of_;
  };

  /// Blocks. @returns `ec::cancelled` when `stop` was set.
  events::expected<slot> acquire(const stop_flag& stop) {
    std::unique_lock lock{mutex_};
    while (free_ == 0) {
      if (stop && stop->load())
        return events::make_error(events::ec::cancelled,
                                  "stopped while waiting for a slot");
      freed_.wait_for(lock, std::chrono::milliseconds{200});
    }
    --free_;
    return slot{*this};
  }

private:
  void release() {
    const std::lock_guard lock{mutex_};
    ++free_;
    freed_.notify_one();
  }

  std::mutex mutex_;
  std::condition_variable freed_;
  std::size_t free_;
};

} // namespace fc::actors::services
