#pragma once

#include "events/error.hpp"
#include "events/fields.hpp"
#include "events/ids.hpp"

#include <concepts>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace fc::events {

/// What makes a struct an event: a number and a name that are never reused, the
/// version of the table the writer uses, and the list of its fields.
template <class T>
concept event = described<T> && std::equality_comparable<T> && requires {
  { T::tag } -> std::convertible_to<std::uint16_t>;
  { T::version } -> std::convertible_to<std::uint8_t>;
  { T::name } -> std::convertible_to<std::string_view>;
};

/// Follows from the fields and the table (`codec/codec.hpp`); the source of an
/// event's family instantiates it.
template <class T>
struct codec {
  static bytes encode(const T& x);
  static expected<T> decode(byte_view raw, std::uint8_t version);
};

/// The payload of a record, in the newest version.
template <event T>
bytes encode(const T& x) {
  return codec<T>::encode(x);
}

/// Verifies a payload before it reads it, and lifts older versions.
template <event T>
expected<T> decode(byte_view raw, std::uint8_t version, std::type_identity<T>) {
  return codec<T>::decode(raw, version);
}

/// A list of event types, for catalogues and for what a projection handles.
template <class... Ts>
struct list {};

template <class... Lists>
struct join;

template <class... Ts>
struct join<list<Ts...>> {
  using type = list<Ts...>;
};

template <class... Ts, class... Us, class... Rest>
struct join<list<Ts...>, list<Us...>, Rest...> {
  using type = typename join<list<Ts..., Us...>, Rest...>::type;
};

/// Several lists as one.
template <class... Lists>
using join_t = typename join<Lists...>::type;

} // namespace fc::events
