#include "actors/services/git/text.hpp"

#include <algorithm>
#include <cstdint>

namespace fc::actors::services {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";
constexpr std::string_view blanks = " \t\r\n\v\f";

struct scanned {
  std::size_t length = 1; ///< Bytes of the character or of its broken part.
  bool valid = false;
};

bool in(unsigned char c, unsigned char low, unsigned char high) noexcept {
  return c >= low && c <= high;
}

/// What the lead byte allows as second byte: no overlong forms, no surrogates,
/// nothing above U+10FFFF (Unicode 15, table 3-7).
scanned scan(std::string_view s) noexcept {
  const auto at = [&](std::size_t i) {
    return static_cast<unsigned char>(s[i]);
  };
  const unsigned char lead = at(0);
  if (lead < 0x80)
    return {1, lead != 0};
  unsigned char low = 0x80;
  unsigned char high = 0xBF;
  std::size_t length = 0;
  if (in(lead, 0xC2, 0xDF)) {
    length = 2;
  } else if (in(lead, 0xE0, 0xEF)) {
    length = 3;
    low = lead == 0xE0 ? 0xA0 : 0x80;
    high = lead == 0xED ? 0x9F : 0xBF;
  } else if (in(lead, 0xF0, 0xF4)) {
    length = 4;
    low = lead == 0xF0 ? 0x90 : 0x80;
    high = lead == 0xF4 ? 0x8F : 0xBF;
  } else {
    return {1, false};
  }
  for (std::size_t i = 1; i < length; ++i) {
    if (i >= s.size() || !in(at(i), low, high))
      return {i, false};
    low = 0x80;
    high = 0xBF;
  }
  return {length, true};
}

bool is_hex(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

bool is_word(char c) noexcept {
  return is_hex(c) || (c >= 'g' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::size_t hex_run(std::string_view s) noexcept {
  return static_cast<std::size_t>(std::find_if_not(s.begin(), s.end(), is_hex)
                                  - s.begin());
}

/// The id that starts at `at`, plain or as `ab/cdef...`; empty if none.
std::string id_at(std::string_view s, std::size_t at) {
  if (at > 0 && is_word(s[at - 1]))
    return {};
  if (at >= 5 && s.substr(at - 5, 5) == "pack-")
    return {};
  const auto rest = s.substr(at);
  const auto run = hex_run(rest);
  if (run < rest.size() && is_word(rest[run]))
    return {};
  if (run == 40 || run == 64)
    return std::string{rest.substr(0, run)};
  if (run != 2 || rest.size() < 3 || rest[2] != '/')
    return {};
  const auto tail = hex_run(rest.substr(3));
  if (tail != 38 && tail != 62)
    return {};
  return std::string{rest.substr(0, 2)} + std::string{rest.substr(3, tail)};
}

} // namespace

std::string repair_utf8(std::string_view raw, bool& repaired) {
  std::string out;
  out.reserve(raw.size());
  while (!raw.empty()) {
    const auto next = scan(raw);
    if (next.valid)
      out += raw.substr(0, next.length);
    else if (raw.front() != '\0')
      out += replacement;
    repaired = repaired || !next.valid;
    raw.remove_prefix(next.length);
  }
  return out;
}

std::vector<std::string> object_ids_in(std::string_view messages) {
  std::vector<std::string> found;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (!is_hex(messages[i]))
      continue;
    auto id = id_at(messages, i);
    if (id.empty())
      continue;
    i += id.size() - 1;
    if (std::find(found.begin(), found.end(), id) == found.end())
      found.push_back(std::move(id));
  }
  return found;
}

bool is_object_id(std::string_view text) noexcept {
  return (text.size() == 40 || text.size() == 64)
         && hex_run(text) == text.size();
}

std::string last_line(std::string_view messages) {
  auto text = trimmed(messages);
  if (const auto at = text.rfind('\n'); at != std::string_view::npos)
    text.remove_prefix(at + 1);
  bool repaired = false;
  return repair_utf8(trimmed(text), repaired);
}

std::string_view trimmed(std::string_view text) noexcept {
  const auto from = text.find_first_not_of(blanks);
  if (from == std::string_view::npos)
    return {};
  return text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

} // namespace fc::actors::services
