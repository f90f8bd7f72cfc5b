#include "projections/postgres/content.hpp"

#include "projections/postgres/schema.hpp"

#include <array>
#include <bit>

namespace fc::projections::postgres {

namespace {

// The names of src/common/hashfn.c.

struct lanes {
  std::uint32_t a;
  std::uint32_t b;
  std::uint32_t c;

  void mix() {
    a -= c;
    a ^= std::rotl(c, 4);
    c += b;
    b -= a;
    b ^= std::rotl(a, 6);
    a += c;
    c -= b;
    c ^= std::rotl(b, 8);
    b += a;
    a -= c;
    a ^= std::rotl(c, 16);
    c += b;
    b -= a;
    b ^= std::rotl(a, 19);
    a += c;
    c -= b;
    c ^= std::rotl(b, 4);
    b += a;
  }

  void finish() {
    c ^= b;
    c -= std::rotl(b, 14);
    a ^= c;
    a -= std::rotl(c, 11);
    b ^= a;
    b -= std::rotl(a, 25);
    c ^= b;
    c -= std::rotl(b, 16);
    a ^= c;
    a -= std::rotl(c, 4);
    b ^= a;
    b -= std::rotl(a, 14);
    c ^= b;
    c -= std::rotl(b, 24);
  }
};

std::uint32_t byte_at(std::string_view x, std::size_t i) {
  return i < x.size() ? static_cast<unsigned char>(x[i]) : 0U;
}

/// Four bytes, the first the lowest; those beyond the end are zero.
std::uint32_t word_at(std::string_view x, std::size_t i) {
  return byte_at(x, i) | byte_at(x, i + 1) << 8U | byte_at(x, i + 2) << 16U
         | byte_at(x, i + 3) << 24U;
}

void append_hex(std::string& to, std::uint64_t x) {
  static constexpr std::string_view digits = "0123456789abcdef";
  for (int shift = 60; shift >= 0; shift -= 4)
    to += digits[x >> static_cast<unsigned>(shift) & 0xFU];
}

/// Microseconds since 2000-01-01, as the server keeps a time.
std::int64_t server_time(events::timestamp x) {
  using namespace std::chrono;
  constexpr sys_days epoch{year{2000} / 1 / 1};
  return floor<microseconds>(x - epoch).count();
}

constexpr std::string_view separator = "\x1f";
constexpr std::string_view null_mark = "\x1e";
constexpr std::string_view item_separator = "\x1d";

void append_cell(std::string& to, const cell& x) {
  if (const auto* text = std::get_if<std::string>(&x))
    to += *text;
  else if (const auto* document = std::get_if<json_text>(&x))
    to += document->text;
  else if (const auto* real = std::get_if<double>(&x))
    append_hex(to, std::bit_cast<std::uint64_t>(*real));
  else if (const auto* time = std::get_if<events::timestamp>(&x))
    append_hex(to, static_cast<std::uint64_t>(server_time(*time)));
  else if (const auto* list = std::get_if<text_list>(&x))
    for (std::size_t i = 0; i < list->items.size(); ++i)
      to.append(i == 0 ? "" : item_separator).append(list->items[i]);
  else if (std::holds_alternative<std::monostate>(x))
    to += null_mark;
  else
    to += to_text(x);
}

std::string expression_of(const column& x, const std::string& name) {
  switch (x.type) {
  case column_type::text:
    return name;
  case column_type::real:
    return "encode(float8send(" + name + "), 'hex')";
  case column_type::time:
    return "encode(timestamptz_send(" + name + "), 'hex')";
  case column_type::texts:
    return "array_to_string(" + name + ", E'\\x1d')";
  default:
    return name + "::text";
  }
}

} // namespace

std::int64_t hash_of(std::string_view x) {
  const auto start
    = 0x9e3779b9U + static_cast<std::uint32_t>(x.size()) + 3923095U;
  lanes l{start, start, start};
  while (x.size() >= 12) {
    l.a += word_at(x, 0);
    l.b += word_at(x, 4);
    l.c += word_at(x, 8);
    l.mix();
    x.remove_prefix(12);
  }
  l.a += word_at(x, 0);
  l.b += word_at(x, 4);
  // The lowest byte of the last lane is the length's.
  l.c += word_at(x, 8) << 8U;
  l.finish();
  return static_cast<std::int64_t>(std::uint64_t{l.b} << 32U | l.c);
}

std::int64_t hash_of(const row& cells) {
  thread_local std::string text;
  text.clear();
  for (std::size_t i = 0; i < cells.size(); ++i) {
    text += i == 0 ? "" : separator;
    append_cell(text, cells[i]);
  }
  return hash_of(text);
}

std::string hash_expression(const table& of, std::string_view alias) {
  std::string cells;
  for (const auto& each : of.columns) {
    const auto name = std::string{alias} + "." + std::string{each.name};
    cells += ", coalesce(" + expression_of(each, name) + ", E'\\x1e')";
  }
  return "hashtextextended(concat_ws(E'\\x1f'" + cells + "), 0)";
}

std::string holdings_query(std::string_view schema, const table& of) {
  return "select count(*), coalesce(bit_xor(" + hash_expression(of, "t")
         + "), 0) from " + qualified(schema, of) + " t";
}

std::string array_literal(const text_list& x) {
  std::string result = "{";
  for (const auto& each : x.items) {
    result += result.size() > 1 ? ",\"" : "\"";
    for (const char c : each) {
      if (c == '"' || c == '\\')
        result += '\\';
      result += c;
    }
    result += '"';
  }
  return result + "}";
}

} // namespace fc::projections::postgres
