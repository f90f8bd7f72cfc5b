#include "projections/json_text.hpp"

#include <charconv>
#include <cmath>

namespace fc::projections {

namespace {

template <class... Args>
void append_chars(std::string& to, Args... args) {
  // The longest double without exponent has some 330 digits.
  std::array<char, 400> digits{};
  const auto end
    = std::to_chars(digits.data(), digits.data() + digits.size(), args...).ptr;
  to.append(digits.data(), end);
}

bool is_plain(unsigned char c) {
  return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

void append_escaped(std::string& to, char c) {
  static constexpr std::string_view short_names = "\b\f\n\r\t\"\\";
  static constexpr std::string_view short_forms = "bfnrt\"\\";
  if (const auto at = short_names.find(c); at != std::string_view::npos) {
    to += '\\';
    to += short_forms[at];
  } else if (static_cast<unsigned char>(c) < 0x20) {
    static constexpr std::string_view digits = "0123456789abcdef";
    to += "\\u00";
    to += digits[static_cast<unsigned char>(c) >> 4U];
    to += digits[static_cast<unsigned char>(c) & 0xFU];
  } else {
    to += c;
  }
}

void append_object(std::string& to, const json& x) {
  std::vector<const json::object_t::value_type*> members;
  for (const auto& each : x.get_ref<const json::object_t&>())
    members.push_back(&each);
  std::ranges::sort(members, [](const auto* a, const auto* b) {
    return a->first.size() != b->first.size()
             ? a->first.size() < b->first.size()
             : a->first < b->first;
  });
  to += '{';
  for (bool first = true; const auto* each : members) {
    to += first ? "" : ", ";
    first = false;
    append_json(to, std::string_view{each->first});
    to += ": ";
    append_json(to, each->second);
  }
  to += '}';
}

} // namespace

void append_json(std::string& to, std::string_view x) {
  to += '"';
  std::size_t plain = 0;
  while (plain < x.size() && is_plain(static_cast<unsigned char>(x[plain])))
    ++plain;
  to += x.substr(0, plain);
  if (plain < x.size())
    for (const char c : clean_utf8(x.substr(plain)))
      append_escaped(to, c);
  to += '"';
}

void append_json(std::string& to, double x) {
  if (!std::isfinite(x))
    to += "null";
  else if (x == 0)
    to += '0';
  else
    append_chars(to, x, std::chars_format::fixed);
}

void append_json(std::string& to, std::uint64_t x) {
  append_chars(to, x);
}

void append_json(std::string& to, std::int64_t x) {
  append_chars(to, x);
}

void append_json(std::string& to, const json& x) {
  switch (x.type()) {
  case json::value_t::object:
    append_object(to, x);
    break;
  case json::value_t::array:
    to += '[';
    for (bool first = true; const auto& each : x) {
      to += first ? "" : ", ";
      first = false;
      append_json(to, each);
    }
    to += ']';
    break;
  case json::value_t::string:
    append_json(to, std::string_view{x.get_ref<const std::string&>()});
    break;
  case json::value_t::number_float:
    append_json(to, x.get<double>());
    break;
  case json::value_t::number_integer:
    append_json(to, x.get<std::int64_t>());
    break;
  case json::value_t::number_unsigned:
    append_json(to, x.get<std::uint64_t>());
    break;
  case json::value_t::boolean:
    to += x.get<bool>() ? "true" : "false";
    break;
  default:
    to += "null";
  }
}

cell make::document(const json& x) {
  json_text result;
  append_json(result.text, x);
  return result;
}

} // namespace fc::projections
