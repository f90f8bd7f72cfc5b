#pragma once

#include "events/error.hpp"
#include "events/ids.hpp"

#include <concepts>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace fc::events {

/// What makes a struct an event: a number and a name that are never reused, the
/// version of the table the writer uses, and a codec found by overload.
template <class T>
concept event
  = std::equality_comparable<T> && requires(const T& x, byte_view raw,
                                            std::uint8_t version) {
  { T::tag } -> std::convertible_to<std::uint16_t>;
  { T::version } -> std::convertible_to<std::uint8_t>;
  { T::name } -> std::convertible_to<std::string_view>;
  { encode(x) } -> std::same_as<bytes>;
  {
    decode(raw, version, std::type_identity<T>{})
    } -> std::same_as<expected<T>>;
};

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
