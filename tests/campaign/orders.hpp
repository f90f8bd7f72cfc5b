#pragma once

#include "events/log/event_log.hpp"

#include <cstdint>
#include <optional>
#include <random>

/// What the clients of `crowd` append. The orders of a client's own stream are
/// the same in every process: the next one repeats what the killed one may or
/// may not have written.
namespace fc::campaign {

/// Text of events that must never be in the log.
inline constexpr const char* never = "never";

/// One request, and the blobs it refers to.
struct order {
  events::log::append_request request;
  std::vector<events::log::blob> blobs;
};

/// Orders of one stream, one after the other.
class own_orders {
public:
  explicit own_orders(events::stream_name stream);

  /// Goes to the end of a stream of a length; false when an order would be
  /// there in part.
  bool go_to(events::sequence length);

  /// The next order.
  order next() const;
  /// The one before it; none at the start.
  std::optional<order> previous() const;
  void advance();

private:
  std::uint32_t size_of(std::uint64_t number) const;
  order at(std::uint64_t number, events::sequence expected) const;

  events::stream_name stream_;
  std::uint64_t number_ = 0;
  events::sequence length_ = 0;
};

/// An order that another client may get in the way of.
order shared_order(events::stream_name stream, events::sequence expected,
                   const std::string& note);

} // namespace fc::campaign
