#include "actors/discover/json5.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <vector>

namespace fc::actors {

using events::ec;
using events::error;
using events::expected;
using events::make_error;

namespace {

/// Blanks beyond ASCII, as UTF-8: byte order mark, no-break space, line and
/// paragraph separators, and the rest of Unicode's space separators.
constexpr std::array<std::string_view, 19> wide_blanks{
  "\xEF\xBB\xBF", "\xC2\xA0",     "\xE2\x80\xA8", "\xE2\x80\xA9",
  "\xE1\x9A\x80", "\xE2\x80\x80", "\xE2\x80\x81", "\xE2\x80\x82",
  "\xE2\x80\x83", "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86",
  "\xE2\x80\x87", "\xE2\x80\x88", "\xE2\x80\x89", "\xE2\x80\x8A",
  "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

bool is_hex(char c) noexcept {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

bool starts_name(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'
         || c == '$' || c == '\\' || static_cast<unsigned char>(c) >= 0x80;
}

bool in_name(char c) noexcept {
  return starts_name(c) || is_digit(c);
}

/// What may come next.
enum class expects {
  value,
  value_or_end, ///< After `[`, or after a comma in a list.
  name_or_end,  ///< After `{`, or after a comma in an object.
  colon,
  comma_or_end,
  nothing,
};

class converter {
public:
  converter(std::string_view text, const json5_limits& limits)
    : text_(text), limits_(limits) {}

  expected<std::string> run() {
    if (text_.size() > limits_.bytes)
      return make_error(ec::malformed, "it has " + std::to_string(text_.size())
                                         + " bytes, more than the "
                                         + std::to_string(limits_.bytes)
                                         + " that are read");
    while (skip_blanks() && !failed_ && at_ < text_.size())
      step();
    if (!failed_ && next_ != expects::nothing)
      fail("the text ends too early");
    if (failed_)
      return failed_;
    return std::move(out_);
  }

private:
  char here(std::size_t ahead = 0) const noexcept {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }

  std::string_view rest() const noexcept {
    return text_.substr(at_);
  }

  void fail(const std::string& why) {
    if (failed_)
      return;
    const auto before = text_.substr(0, std::min(at_, text_.size()));
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const auto start = before.rfind('\n');
    const auto column
      = before.size() - (start == std::string_view::npos ? 0 : start + 1) + 1;
    failed_
      = make_error(ec::malformed, "line " + std::to_string(line) + ", column "
                                    + std::to_string(column) + ": " + why);
  }

  /// Also comments. False where a comment does not end.
  bool skip_blanks() {
    while (at_ < text_.size()) {
      const auto now = rest();
      if (now.starts_with("//")) {
        at_ += std::min(now.find_first_of("\n\r"), now.size());
      } else if (now.starts_with("/*")) {
        const auto end = now.find("*/", 2);
        if (end == std::string_view::npos) {
          fail("a comment does not end");
          return false;
        }
        at_ += end + 2;
      } else if (const auto length = blank_length(now); length > 0) {
        at_ += length;
      } else {
        break;
      }
    }
    return true;
  }

  static std::size_t blank_length(std::string_view now) noexcept {
    if (std::string_view{" \t\r\n\v\f"}.find(now.front())
        != std::string_view::npos)
      return 1;
    if (static_cast<unsigned char>(now.front()) < 0x80)
      return 0;
    for (const auto blank : wide_blanks)
      if (now.starts_with(blank))
        return blank.size();
    return 0;
  }

  void step() {
    const char c = here();
    switch (next_) {
    case expects::value_or_end:
      if (c == ']')
        return close('[');
      [[fallthrough]];
    case expects::value:
      return value(c);
    case expects::name_or_end:
      return c == '}' ? close('{') : name(c);
    case expects::colon:
      if (c != ':')
        return fail("a colon is missing after a name");
      out_ += ':';
      ++at_;
      next_ = expects::value;
      return;
    case expects::comma_or_end:
      if (c == ']' || c == '}')
        return close(c == ']' ? '[' : '{');
      if (c != ',')
        return fail("a comma is missing");
      ++at_;
      comma_ = true;
      next_
        = open_.back() == '[' ? expects::value_or_end : expects::name_or_end;
      return;
    case expects::nothing:
      return fail("something follows the value");
    }
  }

  /// A comma is written when something follows it.
  void separate() {
    if (comma_)
      out_ += ',';
    comma_ = false;
  }

  void after_value() {
    next_ = open_.empty() ? expects::nothing : expects::comma_or_end;
  }

  void open(char bracket) {
    if (open_.size() >= limits_.depth)
      return fail("nested deeper than " + std::to_string(limits_.depth)
                  + " levels");
    separate();
    open_.push_back(bracket);
    out_ += bracket;
    ++at_;
    next_ = bracket == '[' ? expects::value_or_end : expects::name_or_end;
  }

  void close(char bracket) {
    if (open_.empty() || open_.back() != bracket)
      return fail("a bracket closes what is not open");
    open_.pop_back();
    out_ += bracket == '[' ? ']' : '}';
    ++at_;
    comma_ = false; // one before the bracket says nothing
    after_value();
  }

  void value(char c) {
    if (c == '[' || c == '{')
      return open(c);
    separate();
    if (c == '"' || c == '\'')
      string(c);
    else if (is_digit(c) || c == '+' || c == '-' || c == '.'
             || rest().starts_with("Infinity") || rest().starts_with("NaN"))
      number();
    else
      word();
    after_value();
  }

  void word() {
    for (const std::string_view known : {"true", "false", "null"})
      if (rest().starts_with(known) && !in_name(here(known.size()))) {
        out_ += known;
        at_ += known.size();
        return;
      }
    fail("a value is missing");
  }

  void name(char c) {
    separate();
    if (c == '"' || c == '\'')
      string(c);
    else if (starts_name(c))
      plain_name();
    else
      fail("a name is missing");
    next_ = expects::colon;
  }

  void plain_name() {
    const auto start = at_;
    out_ += '"';
    while (!failed_ && at_ < text_.size() && in_name(here())
           && blank_length(rest()) == 0 && !too_long(start)) {
      if (here() == '\\')
        escape();
      else
        out_ += text_[at_++];
    }
    out_ += '"';
  }

  bool too_long(std::size_t start) {
    if (at_ - start <= limits_.text)
      return false;
    at_ = start;
    fail("one text is longer than " + std::to_string(limits_.text) + " bytes");
    return true;
  }

  void string(char quote) {
    const auto start = at_++;
    out_ += '"';
    while (!failed_ && !too_long(start)) {
      if (at_ >= text_.size() || here() == '\n' || here() == '\r')
        return fail("a string does not end");
      const char c = here();
      if (c == quote)
        break;
      if (c == '\\')
        escape();
      else
        put(text_[at_++]);
    }
    ++at_;
    out_ += '"';
  }

  /// One character of a string, as JSON wants it.
  void put(char c) {
    constexpr std::string_view digits = "0123456789abcdef";
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out_ += '\\';
      out_ += c;
    } else if (code < 0x20) {
      out_ += "\\u00";
      out_ += digits[code >> 4U];
      out_ += digits[code & 15U];
    } else {
      out_ += c;
    }
  }

  void escape() {
    const char kind = here(1);
    constexpr std::string_view names = "bfnrtv0";
    constexpr std::string_view codes{"\b\f\n\r\t\v\0", 7};
    if (kind == 'x' || kind == 'u')
      return code_escape(kind == 'x' ? 2 : 4);
    const auto now = rest().substr(1);
    // A line that goes on; its end is no part of the string.
    for (const std::string_view end :
         {"\r\n", "\n", "\r", "\xE2\x80\xA8", "\xE2\x80\xA9"})
      if (now.starts_with(end)) {
        at_ += 1 + end.size();
        return;
      }
    if (now.empty())
      return fail("a string does not end");
    if (const auto i = names.find(kind); i != std::string_view::npos)
      put(codes[i]);
    else
      put(kind);
    at_ += 2;
  }

  void code_escape(std::size_t count) {
    const auto digits = rest().substr(2, count);
    if (digits.size() != count || !std::ranges::all_of(digits, is_hex))
      return fail("an escape lacks its digits");
    out_ += count == 2 ? "\\u00" : "\\u";
    out_ += digits;
    at_ += 2 + count;
  }

  void number() {
    const auto start = at_;
    if (here() == '+' || here() == '-')
      if (text_[at_++] == '-')
        out_ += '-';
    if (rest().starts_with("Infinity")) {
      at_ += 8;
      out_ += "1.7976931348623157e308";
    } else if (rest().starts_with("NaN")) {
      at_ += 3;
      if (out_.ends_with('-'))
        out_.pop_back();
      out_ += "null";
    } else if (here() == '0' && (here(1) == 'x' || here(1) == 'X')) {
      hexadecimal();
    } else {
      decimal();
    }
    if (!too_long(start) && in_name(here()) && blank_length(rest()) == 0)
      fail("a number ends in letters");
  }

  void hexadecimal() {
    at_ += 2;
    const auto length = static_cast<std::size_t>(
      std::ranges::find_if_not(rest(), is_hex) - rest().begin());
    std::uint64_t number = 0;
    const auto* first = rest().data();
    if (length == 0
        || std::from_chars(first, first + length, number, 16).ec != std::errc{})
      return fail("a hexadecimal number has no digits or too many");
    at_ += length;
    out_ += std::to_string(number);
  }

  std::string_view digits() {
    const auto start = at_;
    while (is_digit(here()))
      ++at_;
    return text_.substr(start, at_ - start);
  }

  void decimal() {
    const auto whole = digits();
    if (whole.size() > 1 && whole.front() == '0')
      return fail("a number starts with 0");
    out_ += whole.empty() ? "0" : whole;
    std::string_view part;
    if (here() == '.') {
      ++at_;
      part = digits();
      if (!part.empty())
        (out_ += '.') += part;
    }
    if (whole.empty() && part.empty())
      return fail("a number has no digits");
    if (here() != 'e' && here() != 'E')
      return;
    ++at_;
    out_ += 'e';
    if (here() == '+' || here() == '-')
      out_ += text_[at_++];
    const auto power = digits();
    if (power.empty())
      fail("a number's exponent has no digits");
    out_ += power;
  }

  std::string_view text_;
  json5_limits limits_;
  std::size_t at_ = 0;
  expects next_ = expects::value;
  bool comma_ = false;
  std::vector<char> open_;
  std::string out_;
  error failed_;
};

} // namespace

expected<std::string>
json_of_json5(std::string_view text, const json5_limits& limits) {
  return converter{text, limits}.run();
}

} // namespace fc::actors
