#pragma once

#include "projections/json_text.hpp"
#include "projections/row_sink.hpp"

#include <array>
#include <concepts>
#include <type_traits>

namespace fc::projections {

/// Marks a column that is never null; in a table, one of the primary key.
struct required_column {
  explicit constexpr required_column() = default;
};

inline constexpr required_column required{};

namespace detail {

template <class Call>
struct parameter;

template <class Value, class Part>
struct parameter<cell (Value::*)(const Part&) const> {
  using type = Part;
};

template <class Part>
struct parameter<cell (*)(const Part&)> {
  using type = Part;
};

template <class Function>
using parameter_t = typename parameter<Function>::type;

template <class Owner, class Member>
Owner owner_of(Member Owner::*);

} // namespace detail

/// A column and its value in a row that is made of a `Source`. The value is a
/// function without captures of the source, or of a part of it: then the column
/// is null where the source has no such part (`const Part* part<Part>()`).
template <class Source>
struct column_of {
  /// @param marks In any order: `required`, a `source`, a text that says what
  /// the name does not.
  template <class Value, class... Marks>
  constexpr column_of(std::string_view name, column_type type, Value,
                      Marks... marks)
    : shape{name, type}, value{&call<Value>} {
    (mark(marks), ...);
  }

  column shape;
  cell (*value)(Source&);

private:
  template <class Value>
  static cell call(Source& x) {
    if constexpr (std::is_invocable_v<Value, Source&>) {
      return Value{}(x);
    } else {
      using wanted = detail::parameter_t<decltype(&Value::operator())>;
      const wanted* found = x.template part<wanted>();
      return found != nullptr ? Value{}(*found) : cell{};
    }
  }

  constexpr void mark(required_column) {
    shape.nullable = false;
  }
  constexpr void mark(source x) {
    shape.from = x;
  }
  constexpr void mark(std::string_view meaning) {
    shape.meaning = meaning;
  }
};

/// The columns of a table, and how a row of them is made.
template <class Source, std::size_t N>
struct table_columns {
  std::array<column, N> shapes;
  std::array<cell (*)(Source&), N> values;

  row cells_of(Source x) const {
    row result;
    result.reserve(N);
    for (const auto value : values)
      result.push_back(value(x));
    return result;
  }
};

template <class Source, std::size_t N>
consteval table_columns<Source, N>
columns_from(const column_of<Source> (&all)[N]) {
  table_columns<Source, N> result{};
  for (std::size_t i = 0; i < N; ++i) {
    result.shapes[i] = all[i].shape;
    result.values[i] = all[i].value;
  }
  return result;
}

/// A table whose required columns come first and are its primary key.
template <class Source, std::size_t N>
consteval table
table_of(std::string_view name, const table_columns<Source, N>& columns,
         audience readers, std::span<const index> indexes = {}) {
  std::size_t key = 0;
  while (key < N && !columns.shapes[key].nullable)
    ++key;
  for (std::size_t i = key; i < N; ++i)
    if (!columns.shapes[i].nullable)
      throw "a required column stands behind one that may be null";
  return {name, key, columns.shapes, readers, indexes};
}

namespace detail {

/// Null for no digest and for the zero time, which mean "not known".
struct as_cell {
  cell operator()(const std::string& x) const {
    return make::text(x);
  }
  cell operator()(bool x) const {
    return make::flag(x);
  }
  cell operator()(std::unsigned_integral auto x) const {
    return make::integer(x);
  }
  cell operator()(double x) const {
    return make::real(x);
  }
  cell operator()(const events::digest& x) const {
    return make::hex(x);
  }
  cell operator()(events::timestamp x) const {
    return make::time_of(x);
  }
  cell operator()(const std::vector<std::string>& x) const {
    return make::document(as_json(x));
  }
};

struct as_text_or_null {
  cell operator()(const std::string& x) const {
    return make::text_or_null(x);
  }
};

template <auto Function>
struct function_value {
  cell operator()(const parameter_t<decltype(Function)>& x) const {
    return Function(x);
  }
};

template <auto Member, class Convert>
struct member_value {
  cell operator()(const decltype(owner_of(Member))& x) const {
    return Convert{}(x.*Member);
  }
};

} // namespace detail

/// A member of a part.
template <auto Member>
inline constexpr detail::member_value<Member, detail::as_cell> as_is{};

/// What a function makes of the source or of a part of it.
template <auto Function>
inline constexpr detail::function_value<Function> computed{};

/// A text of a part; null where it is empty.
template <auto Member>
inline constexpr detail::member_value<Member, detail::as_text_or_null>
  or_null{};

/// Nothing records a value yet.
inline constexpr auto unrecorded = [](const auto&) {
  return cell{};
};

} // namespace fc::projections
