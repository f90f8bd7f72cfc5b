#pragma once

#include "events/common/utf8.hpp"
#include "events/ids.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace fc::projections {

/// A JSON document as text, apart from plain text because stores keep it in a
/// column of another type.
struct json_text {
  std::string text;

  auto operator<=>(const json_text&) const = default;
};

/// A list of texts; as text, a JSON array.
struct text_list {
  std::vector<std::string> items;

  auto operator<=>(const text_list&) const = default;
};

/// One value of a row, in the types every store has. `monostate` is null.
using cell = std::variant<std::monostate, bool, std::int64_t, double,
                          std::string, json_text, text_list, events::timestamp>;

using row = std::vector<cell>;

using events::common::clean_utf8;

/// The canonical text of a cell: shortest digits that read back the same,
/// `true`/`false`, times as ISO 8601 in UTC; empty for null.
std::string to_text(const cell& x);

/// Makers of cells that keep rows clean: text is valid UTF-8 without NUL,
/// numbers are finite and zero has no sign. What cannot be kept becomes U+FFFD
/// or null.
namespace make {

cell text(std::string_view x);
/// Null for an empty text.
cell text_or_null(std::string_view x);
cell integer(std::uint64_t x);
cell real(double x);
cell flag(bool x);
/// Whole microseconds: not every store keeps more.
cell instant(events::timestamp x);
/// The same, but null for the zero time, which means "not known".
cell time_of(events::timestamp x);
cell texts(const std::vector<std::string>& x);
/// A UUID (RFC 9562, version 8) that names what the text names.
cell uuid_of(std::string_view name);
/// A positive number of 63 bits that names what the text names.
cell id_of(std::string_view name);
/// 64 hex characters, or null where there is none.
cell hex(const events::digest& x);

} // namespace make

} // namespace fc::projections
