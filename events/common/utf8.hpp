#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace fc::events::common {

/// What a text of bytes begins with.
struct utf8_step {
  std::size_t length = 1; ///< Bytes of the character or of its broken part.
  char32_t code = 0xFFFD; ///< U+FFFD where it is broken.
  bool valid = false;
};

/// The first character of a text that is not empty. No overlong forms, no
/// surrogates, nothing above U+10FFFF (Unicode 15, table 3-7).
utf8_step next_character(std::string_view text) noexcept;

/// Whether all of it is UTF-8; NUL is.
bool is_utf8(std::string_view text) noexcept;

/// The text with U+FFFD for each broken part and for each NUL, which not every
/// store can keep. Sets `repaired` when anything changed, else leaves it.
std::string clean_utf8(std::string_view text, bool& repaired);
std::string clean_utf8(std::string_view text);

/// Appends a character as UTF-8.
void append_utf8(std::string& to, char32_t code);

/// The first bytes of a text, at most so many, that end no character halfway.
constexpr std::string_view utf8_prefix(std::string_view text, std::size_t max) {
  if (text.size() <= max)
    return text;
  const auto follows = [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
  };
  auto end = max;
  // No character has more than three bytes after its first.
  for (int i = 0; i < 3 && end > 0 && follows(text[end]); ++i)
    --end;
  return text.substr(0, follows(text[end]) ? max : end);
}

} // namespace fc::events::common
