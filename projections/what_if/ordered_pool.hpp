#pragma once

#include "events/error.hpp"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace fc::projections::what_if {

/// Works on several threads and hands the results over in the order of the
/// orders, on the thread that gives them: what comes out does not depend on how
/// many threads there are. Few orders and results are held at once.
template <class Order, class Result>
class ordered_pool {
public:
  using work_function = std::function<Result(Order)>;
  using take_function = std::function<events::error(Result)>;

  /// @param threads 0: one for each processor.
  /// @param work Called by any of the threads.
  /// @param take Called by the thread that calls `put` and `finish`.
  ordered_pool(std::size_t threads, work_function work, take_function take)
    : work_{std::move(work)}, take_{std::move(take)} {
    if (threads == 0)
      threads = std::max(std::thread::hardware_concurrency(), 1U);
    max_held_ = 2 * threads + 2;
    for (std::size_t i = 0; i < threads; ++i)
      threads_.emplace_back([this] { run(); });
  }
  ordered_pool(const ordered_pool&) = delete;
  ordered_pool& operator=(const ordered_pool&) = delete;
  /// Orders that nobody began are given up.
  ~ordered_pool() {
    {
      const std::lock_guard lock{mutex_};
      stopped_ = true;
    }
    ordered_.notify_all();
    for (auto& each : threads_)
      each.join();
  }

  /// Gives an order, and takes what is ready; waits while too much is held.
  /// @returns the first error of `take`.
  events::error put(Order x) {
    auto step = std::make_shared<pool_step>();
    step->order = std::move(x);
    {
      const std::lock_guard lock{mutex_};
      held_.push_back(step);
      waiting_.push_back(std::move(step));
    }
    ordered_.notify_one();
    return take_down_to(max_held_);
  }

  /// Takes all that is left.
  events::error finish() {
    return take_down_to(0);
  }

private:
  struct pool_step {
    Order order;
    std::optional<Result> result;
  };

  void run() {
    std::unique_lock lock{mutex_};
    while (true) {
      ordered_.wait(lock, [&] { return stopped_ || !waiting_.empty(); });
      if (stopped_)
        return;
      const auto step = std::move(waiting_.front());
      waiting_.pop_front();
      lock.unlock();
      auto result = work_(std::move(step->order));
      lock.lock();
      step->result = std::move(result);
      done_.notify_one();
    }
  }

  events::error take_down_to(std::size_t count) {
    while (auto result = next(count))
      if (auto err = take_(std::move(*result)))
        return err;
    return {};
  }

  /// The oldest result, if it is there; waits for it while more than `count`
  /// are held.
  std::optional<Result> next(std::size_t count) {
    std::unique_lock lock{mutex_};
    const auto ready = [&] {
      return !held_.empty() && held_.front()->result.has_value();
    };
    if (held_.size() > count)
      done_.wait(lock, ready);
    else if (!ready())
      return std::nullopt;
    auto result = std::move(held_.front()->result);
    held_.pop_front();
    return result;
  }

  work_function work_;
  take_function take_;
  std::size_t max_held_ = 0;
  std::mutex mutex_;
  std::condition_variable ordered_;
  std::condition_variable done_;
  std::deque<std::shared_ptr<pool_step>> held_;    ///< Oldest first.
  std::deque<std::shared_ptr<pool_step>> waiting_; ///< Those nobody began.
  bool stopped_ = false;
  std::vector<std::thread> threads_;
};

} // namespace fc::projections::what_if
