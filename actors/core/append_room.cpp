#include "actors/core/append_room.hpp"

#include <algorithm>
#include <future>

namespace fc::actors {

admitted_append::admitted_append(append_order order, const append_load& load,
                                 std::shared_ptr<append_room> room)
  : order_(std::move(order)), load_(load), room_(std::move(room)) {}

admitted_append::~admitted_append() {
  room_->leave(load_);
}

append_room::append_room(const append_load& most) : most_(most) {}

admitted_append_ptr append_room::enter(append_order order, turn later) {
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

admitted_append_ptr append_room::wait(append_order order) {
  std::promise<admitted_append_ptr> come;
  auto result = come.get_future();
  auto at_once = enter(std::move(order), [&](admitted_append_ptr admitted) {
    come.set_value(std::move(admitted));
  });
  return at_once ? at_once : result.get();
}

append_load append_room::now() const {
  const std::lock_guard lock{mutex_};
  return now_;
}

append_load append_room::most_ever() const {
  const std::lock_guard lock{mutex_};
  return most_ever_;
}

std::size_t append_room::waiting() const {
  const std::lock_guard lock{mutex_};
  return waiting_.size();
}

append_load append_room::measure(const append_order& order) const {
  append_load load{std::max<std::size_t>(order.requests.size(), 1), 0};
  for (const auto& request : order.requests)
    for (const auto& event : request.events)
      load.bytes += event.payload.size();
  for (const auto& blob : order.blobs)
    load.bytes += blob.data.size();
  return {std::min(load.requests, most_.requests),
          std::min(load.bytes, most_.bytes)};
}

bool append_room::fits(const append_load& load) const {
  return now_.requests + load.requests <= most_.requests
         && now_.bytes + load.bytes <= most_.bytes;
}

admitted_append_ptr
append_room::admit(append_order order, const append_load& load) {
  return admitted_append_ptr{
    new admitted_append{std::move(order), load, shared_from_this()}};
}

void append_room::take(const append_load& load) {
  now_.requests += load.requests;
  now_.bytes += load.bytes;
  most_ever_.requests = std::max(most_ever_.requests, now_.requests);
  most_ever_.bytes = std::max(most_ever_.bytes, now_.bytes);
}

void append_room::leave(const append_load& load) {
  std::unique_lock lock{mutex_};
  now_.requests -= load.requests;
  now_.bytes -= load.bytes;
  // A turn whose order nobody wants comes back here: no recursion.
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
