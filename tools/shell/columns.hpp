#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Text on a terminal that is only so wide.
namespace fc::shell {

/// How large a terminal is.
struct terminal_size {
  std::size_t columns = 80;
  std::size_t rows = 24;
};

/// Asked anew each time, as a person may pull at the window.
/// @returns what terminals commonly have where `fd` does not say.
terminal_size size_of_terminal(int fd);

/// Columns that a UTF-8 text takes: two for a wide character, none for one
/// that is drawn over the one before.
std::size_t columns_of(std::string_view text);

/// A text on one line of at most so many columns, with an ellipsis where
/// something was cut. Control characters become spaces.
std::string cut_to(std::string_view text, std::size_t columns);

} // namespace fc::shell
