#pragma once

#include <cstddef>
#include <string_view>
#include <tuple>
#include <utility>

/// The fields of an event, and of the structs it is made of, are stated once,
/// inside the struct and in the order of the ids of its table:
///
///     using fields = members<&dropped::stage, &dropped::rule>;
///
/// Codec, JSON, catalogue and blob references follow from it. A member that is
/// missing, or that the table calls otherwise, does not compile (`codec/`).
namespace fc::events {

/// A list of fields.
template <auto... Members>
struct members {};

/// A struct that lists its fields.
template <class T>
concept described = requires {
  typename T::fields;
};

/// A member and its name.
template <class Owner, class T>
struct field {
  std::string_view name;
  T Owner::*member;
};

/// Clang 14 does not deduce aggregates.
template <class Owner, class T>
field(std::string_view, T Owner::*) -> field<Owner, T>;

namespace detail {

/// The last name in what a compiler makes of a template argument:
/// `... [with auto Member = &fc::events::dropped::stage; ...]`.
constexpr std::string_view last_name(std::string_view signature) {
  const auto end = signature.find_first_of(";]", signature.find(" = "));
  const auto before = signature.find_last_of(" :&", end);
  return signature.substr(before + 1, end - before - 1);
}

template <auto Member>
constexpr std::string_view member_name() {
  return last_name(__PRETTY_FUNCTION__);
}

template <auto... Members>
constexpr auto named(members<Members...>) {
  return std::tuple{field{member_name<Members>(), Members}...};
}

/// Stands for a member of any type, to count the members of a struct.
struct any_member {
  template <class T>
  operator T() const;
};

template <class T, std::size_t... I>
constexpr bool takes(std::index_sequence<I...>) {
  return requires {
    T{(static_cast<void>(I), any_member{})...};
  };
}

template <class T, std::size_t N = 32>
constexpr std::size_t member_count() {
  if constexpr (takes<T>(std::make_index_sequence<N>{}))
    return N;
  else
    return member_count<T, N - 1>();
}

} // namespace detail

/// Name of a struct without its namespaces.
template <class T>
constexpr std::string_view struct_name() {
  return detail::last_name(__PRETTY_FUNCTION__);
}

/// A tuple of `field`.
template <described T>
inline constexpr auto fields_of = detail::named(typename T::fields{});

template <described T>
inline constexpr std::size_t field_count
  = std::tuple_size_v<decltype(fields_of<T>)>;

/// Calls `visitor` with every `field` of a struct.
template <described T, class Visitor>
constexpr void for_each_field(Visitor&& visitor) {
  std::apply([&](const auto&... each) { (visitor(each), ...); }, fields_of<T>);
}

/// Whether no member was forgotten.
template <described T>
constexpr bool lists_every_member() {
  return field_count<T> == detail::member_count<T>();
}

} // namespace fc::events
