#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>

/// Small functions on text, written once for all layers.
namespace fc::events::common {

inline constexpr std::string_view blanks = " \t\r\n";

/// Without the characters of `what` at both ends.
constexpr std::string_view
trimmed(std::string_view text, std::string_view what = blanks) noexcept {
  const auto from = text.find_first_not_of(what);
  if (from == std::string_view::npos)
    return {};
  return text.substr(from, text.find_last_not_of(what) - from + 1);
}

/// ASCII letters in lower case; other bytes stay, whatever the locale.
inline std::string lower(std::string_view text) {
  std::string result{text};
  for (auto& each : result)
    if (each >= 'A' && each <= 'Z')
      each = static_cast<char>(each - 'A' + 'a');
  return result;
}

/// "a, b, c"; "a, b and 7 more" where there are more than `max`.
template <class List>
std::string joined(const List& list, std::string_view separator = ", ",
                   std::size_t max = std::numeric_limits<std::size_t>::max()) {
  std::string result;
  std::size_t count = 0;
  for (const auto& each : list)
    if (count++ < max) {
      if (count > 1)
        result += separator;
      result += each;
    }
  if (count > max)
    result += " and " + std::to_string(count - max) + " more";
  return result;
}

} // namespace fc::events::common
