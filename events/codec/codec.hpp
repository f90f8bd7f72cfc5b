#pragma once

#include "events/codec/values.hpp"

#include <tuple>
#include <utility>

/// The codec of every event and of its parts, from the list of their fields.
/// For sources of `events/` only: nobody else sees FlatBuffers. A family's
/// source has two lines an event:
///
///     fbs::DroppedV1 table_of(std::type_identity<dropped>);
///     template struct codec<dropped>;
///
/// An event of a later version also has a function `lifted`, which reads the
/// older ones.
namespace fc::events {

namespace detail {

/// Two tables say "sequence" for what JSON has always called "seq".
constexpr bool same_name(std::string_view in_table, std::string_view member) {
  return in_table == member || (in_table == "sequence" && member == "seq");
}

template <class Table, described T>
constexpr bool names_agree() {
  std::size_t i = 0;
  bool agree = Table::Traits::fields_number == field_count<T>;
  if (agree)
    for_each_field<T>([&](const auto& field) {
      agree = agree && same_name(Table::Traits::field_names[i++], field.name);
    });
  return agree;
}

/// Types are compared by `get` and `put`, which convert none into another.
template <class Table, described T>
constexpr void check_fields() {
  static_assert(lists_every_member<T>(), "a member is missing in `fields`");
  static_assert(names_agree<Table, T>(),
                "`fields` names other fields than the table, or in another "
                "order than that of its ids");
}

template <class Table, described T>
flatbuffers::Offset<Table> put_table(builder& b, const T& x);

// How a value is stored follows from what the table returns for it.
template <class Stored, class T>
auto put_as(std::type_identity<Stored>, builder& b, const T& x) {
  return put(b, x);
}

template <class Table, described T>
auto put_as(std::type_identity<const Table*>, builder& b, const T& x) {
  return put_table<Table>(b, x);
}

template <class Table, described T>
auto put_as(
  std::type_identity<const flatbuffers::Vector<flatbuffers::Offset<Table>>*>,
  builder& b, const std::vector<T>& xs) {
  std::vector<flatbuffers::Offset<Table>> offsets;
  offsets.reserve(xs.size());
  for (const auto& x : xs)
    offsets.push_back(put_table<Table>(b, x));
  return b.CreateVector(offsets);
}

template <class Table, std::size_t I, described T>
auto put_field(builder& b, const T& x) {
  using stored = typename Table::Traits::template FieldType<I>;
  return put_as(std::type_identity<stored>{}, b,
                x.*std::get<I>(fields_of<T>).member);
}

template <class Table, described T>
flatbuffers::Offset<Table> put_table(builder& b, const T& x) {
  check_fields<Table, T>();
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    // From the last field to the first, as in all logs that there are: equal
    // events are equal bytes.
    std::tuple<decltype(put_field<Table, I>(b, x))...> stored;
    constexpr auto last = sizeof...(I) - 1;
    ((std::get<last - I>(stored) = put_field<Table, last - I>(b, x)), ...);
    return Table::Traits::Create(b, std::get<I>(stored)...);
  }
  (std::make_index_sequence<field_count<T>>{});
}

} // namespace detail

/// A struct from its table.
template <class Table, described T>
void get(const Table* t, T& x) {
  if (t == nullptr)
    return;
  detail::check_fields<Table, T>();
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    (get(t->template get_field<I>(), x.*std::get<I>(fields_of<T>).member), ...);
  }
  (std::make_index_sequence<field_count<T>>{});
}

namespace detail {

template <event T>
using newest_table = decltype(table_of(std::type_identity<T>{}));

/// Whether the table is the one of the event's name and version.
template <event T>
constexpr bool is_newest_table() {
  const std::string_view table = newest_table<T>::Traits::name;
  return T::version < 10 && table.size() == T::name.size() + 2
         && table.starts_with(T::name) && table[T::name.size()] == 'V'
         && table.back() == '0' + T::version;
}

} // namespace detail

template <class T>
bytes codec<T>::encode(const T& x) {
  using table = detail::newest_table<T>;
  static_assert(detail::is_newest_table<T>());
  builder b;
  return finish(b, detail::put_table<table>(b, x));
}

template <class T>
expected<T> codec<T>::decode(byte_view raw, std::uint8_t version) {
  using table = detail::newest_table<T>;
  if constexpr (T::version > 1)
    if (version < T::version)
      return lifted(raw, version, std::type_identity<T>{});
  auto t = verified<table>(raw, version, T::version, T::name);
  if (!t)
    return t.error();
  T x;
  get(*t, x);
  return x;
}

} // namespace fc::events
