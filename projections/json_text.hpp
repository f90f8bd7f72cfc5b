#pragma once

#include "projections/event_json.hpp"

#include <algorithm>
#include <array>
#include <type_traits>
#include <utility>

/// JSON as text in one form, which is the one Postgres prints a jsonb value in:
/// keys by length, then by bytes; ": " and ", "; numbers without exponent;
/// only what must be escaped is. Equal values are equal bytes in every store.
/// Bytes that are not UTF-8, and NULs, become U+FFFD, numbers that are not
/// finite null.
namespace fc::projections {

void append_json(std::string& to, std::string_view x);
void append_json(std::string& to, double x);
void append_json(std::string& to, std::uint64_t x);
void append_json(std::string& to, std::int64_t x);
void append_json(std::string& to, const json& x);

/// What the audit table keeps of a field: without what differs between runs
/// over the same evidence (durations, logs, waiting times), and with large
/// parts as counts.
enum class kept : std::uint8_t { whole, count, nothing };

template <class T>
using of = std::type_identity<T>;

template <class T>
constexpr kept table_part(of<T>, std::string_view) {
  return kept::whole;
}
constexpr kept table_part(of<scraped>, std::string_view field) {
  return field == "body"    ? kept::nothing
         : field == "files" ? kept::count
                            : kept::whole;
}
constexpr kept table_part(of<attempt_failed>, std::string_view field) {
  return field == "log" ? kept::nothing : kept::whole;
}
constexpr kept table_part(of<deferred>, std::string_view field) {
  return field == "until" ? kept::nothing : kept::whole;
}
constexpr kept table_part(of<built_side>, std::string_view field) {
  return field == "seconds" || field == "log" ? kept::nothing : kept::whole;
}
constexpr kept table_part(of<trialled>, std::string_view field) {
  return field == "seconds"      ? kept::nothing
         : field == "benchmarks" ? kept::count
                                 : kept::whole;
}

namespace detail {

template <class T>
constexpr auto field_names() {
  return std::apply(
    [](const auto&... each) { return std::array{each.name...}; }, fields_of<T>);
}

/// Indices of the fields that are kept, in the order of their names.
template <class T>
constexpr auto field_order() {
  constexpr auto names = field_names<T>();
  std::array<std::size_t, names.size()> order{};
  for (std::size_t i = 0; i < order.size(); ++i)
    order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return names[a].size() != names[b].size()
             ? names[a].size() < names[b].size()
             : names[a] < names[b];
  });
  return order;
}

} // namespace detail

template <described T>
void append_table_json(std::string& to, const T& x);

template <class T>
void append_table_json(std::string& to, const T& x) {
  if constexpr (std::is_same_v<T, bool>)
    to += x ? "true" : "false";
  else if constexpr (std::is_floating_point_v<T>)
    append_json(to, static_cast<double>(x));
  else if constexpr (std::is_unsigned_v<T>)
    append_json(to, std::uint64_t{x});
  else if constexpr (std::is_integral_v<T>)
    append_json(to, std::int64_t{x});
  else if constexpr (std::is_same_v<T, std::string>)
    append_json(to, std::string_view{x});
  else
    append_json(to, as_json(x));
}

template <class T>
void append_table_json(std::string& to, const std::vector<T>& xs) {
  to += '[';
  for (bool first = true; const auto& x : xs) {
    to += first ? "" : ", ";
    first = false;
    append_table_json(to, x);
  }
  to += ']';
}

namespace detail {

template <class T, std::size_t I>
void append_field(std::string& to, const T& x) {
  constexpr auto field = std::get<I>(fields_of<T>);
  constexpr auto part = table_part(of<T>{}, field.name);
  if constexpr (part != kept::nothing) {
    to += to.back() == '{' ? "\"" : ", \"";
    to += field.name;
    to += "\": ";
    if constexpr (part == kept::count)
      append_json(to, std::uint64_t{(x.*field.member).size()});
    else
      append_table_json(to, x.*field.member);
  }
}

} // namespace detail

/// An event, or a part of one, as the audit table keeps it.
template <described T>
void append_table_json(std::string& to, const T& x) {
  to += '{';
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    constexpr auto order = detail::field_order<T>();
    (detail::append_field<T, order[I]>(to, x), ...);
  }
  (std::make_index_sequence<field_count<T>>{});
  to += '}';
}

namespace make {

/// A JSON cell of an event, or a part of one, as the audit table keeps it.
template <described T>
cell table_document(const T& x) {
  json_text result;
  append_table_json(result.text, x);
  return result;
}

} // namespace make

} // namespace fc::projections
