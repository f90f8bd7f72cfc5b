#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <string_view>

namespace fc::events::common {

/// Whether a terminal would obey, hide or reorder something instead of showing
/// it: C0, DEL, C1, marks of direction, characters without width, separators
/// of lines.
bool is_hidden(char32_t code) noexcept;

/// Text that somebody else wrote, for one line of a terminal, a log or a
/// report: what is hidden is written as in JSON (`\u001b`, `\n`), which makes
/// this fit for the inside of a JSON text as well; what is not UTF-8 becomes
/// U+FFFD.
std::string shown(std::string_view text);

/// The same but for line feeds and tabs, which stay.
std::string shown_lines(std::string_view text);

/// Shows all that is written to a stream by `shown_lines` while it lives. For
/// `std::cout` and `std::cerr` of a program: no output can be forgotten.
class visible_output {
public:
  explicit visible_output(std::ostream& stream);
  ~visible_output();
  visible_output(const visible_output&) = delete;
  visible_output& operator=(const visible_output&) = delete;

private:
  friend std::streambuf* raw_buffer(std::ostream& stream) noexcept;
  class filter;
  std::ostream& stream_;
  std::unique_ptr<filter> filter_;
};

/// Where a program writes what it means for the terminal itself, e.g. to move
/// the cursor: below the `visible_output` of a stream, if it has one.
std::streambuf* raw_buffer(std::ostream& stream) noexcept;

} // namespace fc::events::common
