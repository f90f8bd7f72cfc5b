#pragma once

#include "events/event.hpp"
#include "events/ids.hpp"

namespace fc::events {

/// One entry of the log: the envelope round an event's payload.
struct record {
  position at = 0;
  stream_name stream;
  sequence seq = 0;
  std::uint16_t tag = 0;
  std::uint8_t version = 0;
  event_id id;
  timestamp recorded_at; ///< From the writer's clock.
  std::string run;
  std::string node;
  digest policy;          ///< In force for a verdict; none on evidence.
  position causation = 0; ///< Record that led here.
  bytes payload;
  digest chain; ///< SHA-256 over the previous record's `chain` and this record.

  bool operator==(const record&) const = default;
};

/// The stored bytes of a record without its chain digest.
bytes encode_envelope(const record& x);

/// The same behind what is in `to`, with `payload` instead of the record's own.
void append_envelope(bytes& to, const record& x, byte_view payload);

/// Inverse of `encode_envelope`; verifies before it reads.
expected<record> decode_envelope(byte_view raw);

/// The chain digest of a record whose envelope is `envelope`.
digest chain_digest(const digest& previous, byte_view envelope);

/// An event that is to be appended; the writer adds the rest of the envelope.
struct new_event {
  event_id id;
  std::uint16_t tag = 0;
  std::uint8_t version = 0;
  digest policy;
  position causation = 0;
  bytes payload;

  bool operator==(const new_event&) const = default;
};

/// Evidence: no policy.
template <event T>
new_event make_event(const T& x) {
  return {event_id::random(), T::tag, T::version, {}, 0, encode(x)};
}

/// A verdict, with the policy that made it.
template <event T>
new_event make_verdict(const T& x, const digest& policy) {
  return {event_id::random(), T::tag, T::version, policy, 0, encode(x)};
}

/// The event in a record, if it is a `T`.
template <event T>
expected<T> event_in(const record& at) {
  if (at.tag != T::tag)
    return make_error(ec::invalid_argument, "record " + std::to_string(at.at)
                                              + " holds no "
                                              + std::string{T::name});
  return decode(at.payload, at.version, std::type_identity<T>{});
}

} // namespace fc::events
