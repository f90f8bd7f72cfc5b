#include "events/common/utf8.hpp"

namespace fc::events::common {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

bool in(unsigned char c, unsigned char low, unsigned char high) noexcept {
  return c >= low && c <= high;
}

/// Length of what is kept as it is from the start.
std::size_t clean_length(std::string_view text) noexcept {
  std::size_t i = 0;
  while (i < text.size()) {
    // Nearly all bytes are plain ASCII.
    if (in(static_cast<unsigned char>(text[i]), 0x01, 0x7F)) {
      ++i;
      continue;
    }
    const auto next = next_character(text.substr(i));
    if (!next.valid || next.code == 0)
      break;
    i += next.length;
  }
  return i;
}

} // namespace

utf8_step next_character(std::string_view text) noexcept {
  const auto at = [&](std::size_t i) {
    return static_cast<unsigned char>(text[i]);
  };
  const unsigned char lead = at(0);
  if (lead < 0x80)
    return {1, lead, true};
  // What the lead byte allows as second byte.
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
    return {};
  }
  char32_t code = lead & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if (i >= text.size() || !in(at(i), low, high))
      return {i, 0xFFFD, false};
    code = code << 6U | (at(i) & 0x3FU);
    low = 0x80;
    high = 0xBF;
  }
  return {length, code, true};
}

bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const auto next = next_character(text);
    if (!next.valid)
      return false;
    text.remove_prefix(next.length);
  }
  return true;
}

std::string clean_utf8(std::string_view text, bool& repaired) {
  const auto clean = clean_length(text);
  std::string result{text.substr(0, clean)};
  text.remove_prefix(clean);
  repaired = repaired || !text.empty();
  while (!text.empty()) {
    const auto next = next_character(text);
    if (next.valid && next.code != 0)
      result += text.substr(0, next.length);
    else
      result += replacement;
    text.remove_prefix(next.length);
  }
  return result;
}

std::string clean_utf8(std::string_view text) {
  bool ignored = false;
  return clean_utf8(text, ignored);
}

void append_utf8(std::string& to, char32_t code) {
  const auto follow = [&](unsigned shift) {
    to += static_cast<char>(0x80U | ((code >> shift) & 0x3FU));
  };
  if (code < 0x80) {
    to += static_cast<char>(code);
  } else if (code < 0x800) {
    to += static_cast<char>(0xC0U | (code >> 6U));
    follow(0);
  } else if (code < 0x10000) {
    to += static_cast<char>(0xE0U | (code >> 12U));
    follow(6);
    follow(0);
  } else {
    to += static_cast<char>(0xF0U | (code >> 18U));
    follow(12);
    follow(6);
    follow(0);
  }
}

} // namespace fc::events::common
