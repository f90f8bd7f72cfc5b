#include "tools/shell/columns.hpp"

#include "events/common/shown.hpp"
#include "events/common/utf8.hpp"

#include <sys/ioctl.h>

#include <clocale>
#include <cwchar>

namespace fc::shell {

using events::common::append_utf8;
using events::common::is_hidden;
using events::common::next_character;

namespace {

constexpr std::string_view ellipsis = "…";

/// The tables of the C library, whatever the locale of the program is.
std::size_t columns_of(char32_t x) {
  static const auto unicode = ::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr);
  if (is_hidden(x) || x < 0x80 || unicode == nullptr)
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
    const auto next = next_character(text);
    sum += columns_of(next.code);
    text.remove_prefix(next.length);
  }
  return sum;
}

std::string cut_to(std::string_view text, std::size_t columns) {
  std::string all;
  std::string cut; ///< As far as an ellipsis would fit behind it.
  std::size_t used = 0;
  while (!text.empty()) {
    const auto next = next_character(text);
    const auto bytes = text.substr(0, next.length);
    text.remove_prefix(next.length);
    const auto width = columns_of(next.code);
    if (used + width > columns)
      return columns == 0 ? "" : cut + std::string{ellipsis};
    used += width;
    if (is_hidden(next.code))
      all += ' ';
    else if (!next.valid)
      append_utf8(all, next.code);
    else
      all += bytes;
    if (used < columns)
      cut = all;
  }
  return all;
}

} // namespace fc::shell
