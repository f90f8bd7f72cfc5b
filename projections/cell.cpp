#include "projections/cell.hpp"

#include "projections/json_text.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace fc::projections {

namespace make {

cell text(std::string_view x) {
  return clean_utf8(x);
}

cell id_of(std::string_view name) {
  const auto id = events::sha256(events::as_bytes(name)).value;
  std::uint64_t result = 0;
  for (std::size_t i = 0; i < 8; ++i)
    result = result << 8U | id[i];
  return static_cast<std::int64_t>(result >> 1U);
}

cell text_or_null(std::string_view x) {
  return x.empty() ? cell{} : text(x);
}

cell integer(std::uint64_t x) {
  return static_cast<std::int64_t>(x);
}

cell real(double x) {
  if (!std::isfinite(x))
    return {};
  // SQLite keeps no negative zero.
  return x == 0 ? cell{0.0} : cell{x};
}

cell flag(bool x) {
  return x;
}

cell instant(events::timestamp x) {
  return events::timestamp{std::chrono::floor<std::chrono::microseconds>(x)};
}

cell time_of(events::timestamp x) {
  return x == events::timestamp{} ? cell{} : instant(x);
}

cell texts(const std::vector<std::string>& x) {
  text_list result;
  for (const auto& each : x)
    result.items.push_back(clean_utf8(each));
  return result;
}

cell uuid_of(std::string_view name) {
  auto id = events::sha256(events::as_bytes(name)).value;
  id[6] = static_cast<std::uint8_t>((id[6] & 0x0FU) | 0x80U);
  id[8] = static_cast<std::uint8_t>((id[8] & 0x3FU) | 0x80U);
  events::digest named;
  named.value = id;
  auto hex = named.hex().substr(0, 32);
  for (const std::size_t at : {20U, 16U, 12U, 8U})
    hex.insert(at, "-");
  return hex;
}

cell hex(const events::digest& x) {
  return x ? cell{x.hex()} : cell{};
}

} // namespace make

std::string to_text(const cell& x) {
  struct printer {
    std::string operator()(std::monostate) const {
      return {};
    }
    std::string operator()(bool value) const {
      return value ? "true" : "false";
    }
    std::string operator()(std::int64_t value) const {
      return std::to_string(value);
    }
    std::string operator()(double value) const {
      std::array<char, 40> digits{};
      const auto end
        = std::to_chars(digits.data(), digits.data() + digits.size(), value)
            .ptr;
      return {digits.data(), end};
    }
    std::string operator()(const std::string& value) const {
      return value;
    }
    std::string operator()(const json_text& value) const {
      return value.text;
    }
    std::string operator()(const text_list& value) const {
      std::string result = "[";
      for (const auto& each : value.items) {
        result += result.size() > 1 ? ", " : "";
        append_json(result, std::string_view{each});
      }
      return result + "]";
    }
    std::string operator()(events::timestamp value) const {
      return events::to_iso8601(value);
    }
  };
  return std::visit(printer{}, x);
}

} // namespace fc::projections
