#include "actors/core/fingerprint.hpp"

#include <algorithm>
#include <cctype>

namespace fc::actors {

namespace {

constexpr std::size_t longest = 160;

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'
         || c == '.' || c == '-' || c == '/';
}

/// A word stripped of what is particular to one occurrence.
std::string generalise(std::string_view word) {
  const auto slash = word.rfind('/');
  if (slash != std::string_view::npos)
    return "<path>" + generalise(word.substr(slash + 1));
  const auto digits = std::ranges::count_if(
    word, [](char c) { return std::isdigit(static_cast<unsigned char>(c)); });
  const bool hex = word.size() >= 7 && std::ranges::all_of(word, [](char c) {
                     return std::isxdigit(static_cast<unsigned char>(c)) != 0;
                   });
  if (hex || word.starts_with("0x"))
    return "<id>";
  if (digits == 0)
    return std::string{word};
  std::string result;
  for (const char c : word)
    if (std::isdigit(static_cast<unsigned char>(c)) == 0)
      result += c;
    else if (!result.ends_with('#'))
      result += '#';
  return result;
}

/// Cuts a text without leaving a part of a character of UTF-8 behind.
void cut(std::string& text, std::size_t most) {
  if (text.size() <= most)
    return;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0U) == 0x80U)
    --most;
  text.resize(most);
}

} // namespace

std::string fingerprint(std::string_view message) {
  std::string result;
  for (std::size_t i = 0; i < message.size() && result.size() <= longest;) {
    auto end = i;
    while (end < message.size() && is_word(message[end]))
      ++end;
    if (end > i) {
      result += generalise(message.substr(i, end - i));
      i = end;
    } else {
      const char c = message[i++];
      if (std::isspace(static_cast<unsigned char>(c)) == 0)
        result += c;
      else if (!result.ends_with(' '))
        result += ' ';
    }
  }
  cut(result, longest);
  return result;
}

} // namespace fc::actors
