#include "events/failures/fingerprint.hpp"

#include <algorithm>
#include <cctype>

namespace fc::events {

namespace {

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

} // namespace

std::string generalised(std::string_view message) {
  std::string result;
  for (std::size_t i = 0; i < message.size();) {
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
  return result;
}

digest fingerprint_of(std::string_view message) {
  return message.empty() ? digest{} : sha256(as_bytes(generalised(message)));
}

} // namespace fc::events
