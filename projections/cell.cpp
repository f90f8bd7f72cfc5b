#include "projections/cell.hpp"

#include "projections/json_text.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace fc::projections {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

unsigned byte_at(std::string_view x, std::size_t i) {
  return i < x.size() ? static_cast<unsigned char>(x[i]) : 0U;
}

/// Length of the well-formed sequence at `i`, 0 if there is none (RFC 3629).
std::size_t sequence_length(std::string_view x, std::size_t i) {
  const auto lead = static_cast<unsigned char>(x[i]);
  if (lead > 0 && lead < 0x80)
    return 1;
  const std::size_t size = lead >= 0xC2 && lead <= 0xDF   ? 2
                           : lead >= 0xE0 && lead <= 0xEF ? 3
                           : lead >= 0xF0 && lead <= 0xF4 ? 4
                                                          : 0;
  if (size == 0 || i + size > x.size())
    return 0;
  // The second byte excludes overlong forms, surrogates and > U+10FFFF.
  const auto second = byte_at(x, i + 1);
  const unsigned low = lead == 0xE0 ? 0xA0U : lead == 0xF0 ? 0x90U : 0x80U;
  const unsigned high = lead == 0xED ? 0x9FU : lead == 0xF4 ? 0x8FU : 0xBFU;
  if (second < low || second > high)
    return 0;
  for (std::size_t k = 2; k < size; ++k)
    if ((byte_at(x, i + k) & 0xC0U) != 0x80U)
      return 0;
  return size;
}

} // namespace

std::string clean_utf8(std::string_view x) {
  // Nearly all texts are clean: up to the first flaw they are taken whole.
  std::size_t clean = 0;
  while (clean < x.size()) {
    const auto size = sequence_length(x, clean);
    if (size == 0)
      break;
    clean += size;
  }
  std::string result{x.substr(0, clean)};
  for (std::size_t i = clean; i < x.size();) {
    const auto size = sequence_length(x, i);
    result.append(size == 0 ? replacement : x.substr(i, size));
    i += size == 0 ? 1 : size;
  }
  return result;
}

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

row key(const events::pull_request_id& x) {
  constexpr std::size_t widest = 40; // No table has more columns.
  row result;
  result.reserve(widest);
  add(result, text(x.repo.owner()), text(x.repo.name()), integer(x.number));
  return result;
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
