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

class append_room;

/// An order that has its place before the log; only `append_room` makes one.
/// The place is free again when the last reference goes: when the order was
/// answered, or with a message that nobody read.
class admitted_append {
public:
  admitted_append(const admitted_append&) = delete;
  admitted_append& operator=(const admitted_append&) = delete;
  ~admitted_append();

  const append_order& order() const noexcept {
    return order_;
  }

private:
  friend class append_room;

  admitted_append(append_order order, const append_load& load,
                  std::shared_ptr<append_room> room);

  append_order order_;
  append_load load_;
  std::shared_ptr<append_room> room_;
};

using admitted_append_ptr = std::shared_ptr<const admitted_append>;

/// The back-pressure of the log: bounds what lies in the writer's mailbox, is
/// planned, or being written. Whoever finds it full keeps its order and waits
/// for its turn, oldest first, so none is passed over, a large one neither.
///
/// It cannot deadlock: who has a place waits for the writer alone, the writer
/// for the disk alone; places of dead callers and of a dead writer come back
/// with their messages. Safe to call from any thread.
class append_room : public std::enable_shared_from_this<append_room> {
public:
  /// More requests would only wait longer: a batch and the next one.
  static constexpr append_load usual{1024, 64U << 20U};

  explicit append_room(const append_load& most = usual);

  /// Called with the order when its turn comes, on the thread that made room:
  /// it may only hand it on.
  using turn = std::function<void(admitted_append_ptr)>;

  /// Admits an order at once, or keeps it until there is room: then nothing is
  /// returned and `later` is called. What alone is larger than the whole room
  /// goes when the room is empty.
  admitted_append_ptr enter(append_order order, turn later);

  /// The same for who may block.
  admitted_append_ptr wait(append_order order);

  /// What is in it now, and was at most.
  append_load now() const;
  append_load most_ever() const;
  /// Orders that wait outside.
  std::size_t waiting() const;

private:
  friend class admitted_append;

  struct waiter {
    append_order order;
    append_load load;
    turn later;
  };

  append_load measure(const append_order& order) const;
  bool fits(const append_load& load) const;
  admitted_append_ptr admit(append_order order, const append_load& load);
  void take(const append_load& load);
  void leave(const append_load& load);

  const append_load most_;
  mutable std::mutex mutex_;
  append_load now_;
  append_load most_ever_;
  std::deque<waiter> waiting_;
  bool admitting_ = false; ///< A thread calls `later`; others leave it to it.
};

} // namespace fc::actors
