#pragma once

#include <string_view>

namespace fc::actors::services {

/// The first bytes of a text, at most so many, that end no character halfway.
constexpr std::string_view
utf8_prefix(std::string_view text, std::size_t most) {
  if (text.size() <= most)
    return text;
  const auto follows = [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
  };
  auto end = most;
  // No character has more than three bytes after its first.
  for (int i = 0; i < 3 && end > 0 && follows(text[end]); ++i)
    --end;
  return text.substr(0, follows(text[end]) ? most : end);
}

} // namespace fc::actors::services
