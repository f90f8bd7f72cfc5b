#include "tools/shell/columns.hpp"

#include <sys/ioctl.h>

#include <clocale>
#include <cstdint>
#include <cwchar>

namespace fc::shell {

namespace {

constexpr std::string_view ellipsis = "…";

/// One character of a text.
struct glyph {
  std::string_view bytes;
  char32_t code = 0xFFFD;
};

/// The first character; what is no UTF-8 is one character a byte.
glyph first_of(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return static_cast<std::uint8_t>(text[i]);
  };
  const auto lead = byte(0);
  const std::size_t size = lead < 0x80   ? 1
                           : lead < 0xC2 ? 0
                           : lead < 0xE0 ? 2
                           : lead < 0xF0 ? 3
                           : lead < 0xF5 ? 4
                                         : 0;
  if (size == 0 || size > text.size())
    return {text.substr(0, 1)};
  constexpr char32_t masks[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
  char32_t code = lead & masks[size];
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U)
      return {text.substr(0, 1)};
    code = (code << 6U) | (byte(i) & 0x3FU);
  }
  return {text.substr(0, size), code};
}

bool is_control(char32_t x) {
  return x < 0x20 || (x >= 0x7F && x < 0xA0) || x == 0x2028 || x == 0x2029
         || x == 0x061C || x == 0x200E || x == 0x200F
         || (x >= 0x202A && x <= 0x202E) || (x >= 0x2066 && x <= 0x2069);
}

/// The tables of the C library, whatever the locale of the program is.
std::size_t columns_of(char32_t x) {
  static const auto unicode = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  if (is_control(x) || x < 0x80 || unicode == nullptr)
    return 1;
  const auto before = ::uselocale(unicode);
  const int columns = ::wcwidth(static_cast<wchar_t>(x));
  ::uselocale(before);
  return columns < 0 ? 1 : static_cast<std::size_t>(columns);
}

} // namespace

terminal_size size_of_terminal(int fd) {
  winsize found{};
  terminal_size size;
  if (::ioctl(fd, TIOCGWINSZ, &found) != 0)
    return size;
  if (found.ws_col > 0)
    size.columns = found.ws_col;
  if (found.ws_row > 0)
    size.rows = found.ws_row;
  return size;
}

std::size_t columns_of(std::string_view text) {
  std::size_t sum = 0;
  while (!text.empty()) {
    const auto next = first_of(text);
    sum += columns_of(next.code);
    text.remove_prefix(next.bytes.size());
  }
  return sum;
}

std::string cut_to(std::string_view text, std::size_t columns) {
  std::string all;
  std::string cut; ///< As far as an ellipsis would fit behind it.
  std::size_t used = 0;
  while (!text.empty()) {
    const auto next = first_of(text);
    text.remove_prefix(next.bytes.size());
    const auto width = columns_of(next.code);
    if (used + width > columns)
      return columns == 0 ? "" : cut + std::string{ellipsis};
    used += width;
    if (is_control(next.code))
      all += ' ';
    else if (next.code == 0xFFFD)
      all += "\xEF\xBF\xBD";
    else
      all += next.bytes;
    if (used < columns)
      cut = all;
  }
  return all;
}

} // namespace fc::shell
