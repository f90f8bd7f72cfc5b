#include "actors/core/append_limiter.hpp"

#include <algorithm>
#include <future>

namespace fc::actors {

append_permit::append_permit(append_order order, const append_load& load,
                             std::shared_ptr<append_limiter> limiter)
  : order_(std::move(order)), load_(load), limiter_(std::move(limiter)) {}

append_permit::~append_permit() {
  limiter_->release(load_);
}

append_limiter::append_limiter(const append_load& max) : max_(max) {}

append_permit_ptr append_limiter::acquire(append_order order, ready later) {
  const auto load = measure(order);
  {
    const std::lock_guard lock{mutex_};
    if (!waiting_.empty() || !fits(load)) {
      waiting_.push_back({std::move(order), load, std::move(later)});
      return nullptr;
    }
    take(load);
  }
  return admit(std::move(order), load);
}

append_permit_ptr append_limiter::wait(append_order order) {
  std::promise<append_permit_ptr> admitted;
  auto result = admitted.get_future();
  auto at_once = acquire(std::move(order), [&](append_permit_ptr permit) {
    admitted.set_value(std::move(permit));
  });
  return at_once ? at_once : result.get();
}

append_load append_limiter::now() const {
  const std::lock_guard lock{mutex_};
  return now_;
}

append_load append_limiter::peak() const {
  const std::lock_guard lock{mutex_};
  return peak_;
}

std::size_t append_limiter::waiting() const {
  const std::lock_guard lock{mutex_};
  return waiting_.size();
}

append_load append_limiter::measure(const append_order& order) const {
  append_load load{std::max<std::size_t>(order.requests.size(), 1), 0};
  for (const auto& request : order.requests)
    for (const auto& event : request.events)
      load.bytes += event.payload.size();
  for (const auto& blob : order.blobs)
    load.bytes += blob.data.size();
  return {std::min(load.requests, max_.requests),
          std::min(load.bytes, max_.bytes)};
}

bool append_limiter::fits(const append_load& load) const {
  return now_.requests + load.requests <= max_.requests
         && now_.bytes + load.bytes <= max_.bytes;
}

append_permit_ptr
append_limiter::admit(append_order order, const append_load& load) {
  return append_permit_ptr{
    new append_permit{std::move(order), load, shared_from_this()}};
}

void append_limiter::take(const append_load& load) {
  now_.requests += load.requests;
  now_.bytes += load.bytes;
  peak_.requests = std::max(peak_.requests, now_.requests);
  peak_.bytes = std::max(peak_.bytes, now_.bytes);
}

void append_limiter::release(const append_load& load) {
  std::unique_lock lock{mutex_};
  now_.requests -= load.requests;
  now_.bytes -= load.bytes;
  // A permit that nobody wants comes back here: no recursion.
  if (admitting_)
    return;
  admitting_ = true;
  while (!waiting_.empty() && fits(waiting_.front().load)) {
    auto next = std::move(waiting_.front());
    waiting_.pop_front();
    take(next.load);
    lock.unlock();
    next.later(admit(std::move(next.order), next.load));
    // It may hold the last reference to an actor whose mail has orders.
    next.later = nullptr;
    lock.lock();
  }
  admitting_ = false;
}

} // namespace fc::actors
