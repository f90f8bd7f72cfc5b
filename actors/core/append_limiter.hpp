#pragma once

#include "events/log/event_log.hpp"

#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace fc::actors {

/// Requests that one batch of the log shall hold.
struct append_order {
  std::vector<events::log::append_request> requests;
  std::vector<events::log::blob> blobs;
};

/// How much of something: requests and the bytes of their payloads and blobs.
struct append_load {
  std::size_t requests = 0;
  std::size_t bytes = 0;

  bool operator==(const append_load&) const = default;
};

class append_limiter;

/// The right to append one order; only `append_limiter` gives it. It is
/// returned when the last reference goes: when the order was answered, or with
/// a message that nobody read.
class append_permit {
public:
  append_permit(const append_permit&) = delete;
  append_permit& operator=(const append_permit&) = delete;
  ~append_permit();

  const append_order& order() const noexcept {
    return order_;
  }

private:
  friend class append_limiter;

  append_permit(append_order order, const append_load& load,
                std::shared_ptr<append_limiter> limiter);

  append_order order_;
  append_load load_;
  std::shared_ptr<append_limiter> limiter_;
};

using append_permit_ptr = std::shared_ptr<const append_permit>;

/// The back-pressure of the log: bounds what lies in the writer's mailbox, is
/// planned, or being written. Whoever finds it full keeps its order and waits
/// for its turn, oldest first, so none is passed over, a large one neither.
///
/// It cannot deadlock: who has a permit waits for the writer alone, the writer
/// for the disk alone; permits of dead callers and of a dead writer come
/// back with their messages. Safe to call from any thread.
class append_limiter : public std::enable_shared_from_this<append_limiter> {
public:
  /// More requests would only wait longer: a batch and the next one.
  static constexpr append_load usual{1024, 64U << 20U};

  explicit append_limiter(const append_load& max = usual);

  /// Called with the permit when there is room, on the thread that made it:
  /// it may only hand it on.
  using ready = std::function<void(append_permit_ptr)>;

  /// Admits an order at once, or keeps it until there is room: then nothing is
  /// returned and `later` is called. What alone is larger than the whole room
  /// goes when the room is empty.
  append_permit_ptr acquire(append_order order, ready later);

  /// The same for who may block.
  append_permit_ptr wait(append_order order);

  /// What is in it now, and was at most.
  append_load now() const;
  append_load peak() const;
  /// Orders that wait outside.
  std::size_t waiting() const;

private:
  friend class append_permit;

  struct waiter {
    append_order order;
    append_load load;
    ready later;
  };

  append_load measure(const append_order& order) const;
  bool fits(const append_load& load) const;
  append_permit_ptr admit(append_order order, const append_load& load);
  void take(const append_load& load);
  void release(const append_load& load);

  const append_load max_;
  mutable std::mutex mutex_;
  append_load now_;
  append_load peak_;
  std::deque<waiter> waiting_;
  bool admitting_ = false; ///< A thread calls `later`; others leave it to it.
};

} // namespace fc::actors
