#include "events/common/shown.hpp"

#include "events/common/utf8.hpp"

#include <algorithm>
#include <array>
#include <streambuf>

namespace fc::events::common {

namespace {

struct range {
  char32_t first, last;
};

/// Beyond C0, DEL and C1; in order.
constexpr std::array hidden{
  range{0x00AD, 0x00AD},   // soft hyphen
  range{0x034F, 0x034F},   // grapheme joiner
  range{0x061C, 0x061C},   // Arabic letter mark
  range{0x115F, 0x1160},   // Hangul fillers
  range{0x17B4, 0x17B5},   // Khmer vowels that nobody sees
  range{0x180B, 0x180E},   // Mongolian selectors
  range{0x200B, 0x200F},   // no width, marks of direction
  range{0x2028, 0x202E},   // separators, embeddings, overrides
  range{0x2060, 0x206F},   // joiners, isolates, deprecated formats
  range{0x3164, 0x3164},   // Hangul filler
  range{0xFEFF, 0xFEFF},   // byte order mark
  range{0xFFA0, 0xFFA0},   // Hangul filler
  range{0xFFF9, 0xFFFB},   // annotations
  range{0x1D173, 0x1D17A}, // musical formats
  range{0xE0000, 0xE0FFF}, // tags
};

void append_unit(std::string& to, unsigned unit) {
  constexpr std::string_view digits = "0123456789abcdef";
  to += "\\u";
  for (const unsigned shift : {12U, 8U, 4U, 0U})
    to += digits[(unit >> shift) & 0xFU];
}

void append_escape(std::string& to, char32_t code) {
  switch (code) {
  case '\n':
    to += "\\n";
    return;
  case '\r':
    to += "\\r";
    return;
  case '\t':
    to += "\\t";
    return;
  default:
    break;
  }
  if (code < 0x10000) {
    append_unit(to, code);
    return;
  }
  append_unit(to, 0xD800U + ((code - 0x10000U) >> 10U));
  append_unit(to, 0xDC00U + ((code - 0x10000U) & 0x3FFU));
}

bool is_plain(char c) noexcept {
  return c >= ' ' && c < 0x7F;
}

std::string escaped(std::string_view text, bool keep_lines) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const auto plain = static_cast<std::size_t>(
      std::ranges::find_if_not(text, is_plain) - text.begin());
    result += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty())
      break;
    const auto next = next_character(text);
    const bool layout = next.code == '\n' || next.code == '\t';
    if (!next.valid)
      append_utf8(result, next.code);
    else if (is_hidden(next.code) && !(layout && keep_lines))
      append_escape(result, next.code);
    else
      result += text.substr(0, next.length);
    text.remove_prefix(next.length);
  }
  return result;
}

/// How many bytes at the end may be the start of a character.
std::size_t unfinished(std::string_view text) {
  for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size());
       ++back) {
    const auto c = static_cast<unsigned char>(text[text.size() - back]);
    if ((c & 0xC0U) == 0x80U)
      continue;
    const std::size_t needs = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC2 ? 2 : 1;
    return needs > back ? back : 0;
  }
  return 0;
}

} // namespace

bool is_hidden(char32_t code) noexcept {
  if (code < 0x20 || (code >= 0x7F && code < 0xA0))
    return true;
  return std::ranges::any_of(
    hidden, [&](const range& x) { return code >= x.first && code <= x.last; });
}

std::string shown(std::string_view text) {
  return escaped(text, false);
}

std::string shown_lines(std::string_view text) {
  return escaped(text, true);
}

/// Passes on what is whole; half a character waits for the rest of it.
class visible_output::filter : public std::streambuf {
public:
  explicit filter(std::streambuf* to) : to_(to) {}

  std::streambuf* target() const noexcept {
    return to_;
  }

  /// What waits will not get its rest.
  bool finish() {
    const auto rest = shown_lines(held_);
    held_.clear();
    return put(rest);
  }

protected:
  int_type overflow(int_type c) override {
    if (traits_type::eq_int_type(c, traits_type::eof()))
      return traits_type::not_eof(c);
    const char one = traits_type::to_char_type(c);
    return xsputn(&one, 1) == 1 ? c : traits_type::eof();
  }

  std::streamsize xsputn(const char* from, std::streamsize count) override {
    std::string_view text{from, static_cast<std::size_t>(count)};
    if (!held_.empty()) {
      held_ += text;
      text = held_;
    }
    const auto whole = text.size() - unfinished(text);
    const auto out = shown_lines(text.substr(0, whole));
    held_ = std::string{text.substr(whole)};
    return put(out) ? count : 0;
  }

  int sync() override {
    return to_->pubsync();
  }

private:
  bool put(std::string_view text) {
    const auto size = static_cast<std::streamsize>(text.size());
    return to_->sputn(text.data(), size) == size;
  }

  std::streambuf* to_;
  std::string held_;
};

visible_output::visible_output(std::ostream& stream)
  : stream_(stream), filter_(std::make_unique<filter>(stream.rdbuf())) {
  const auto state = stream.rdstate();
  stream.rdbuf(filter_.get());
  stream.setstate(state);
}

visible_output::~visible_output() {
  filter_->finish();
  const auto state = stream_.rdstate();
  stream_.rdbuf(filter_->target());
  stream_.setstate(state);
}

std::streambuf* raw_buffer(std::ostream& stream) noexcept {
  const auto* const over
    = dynamic_cast<visible_output::filter*>(stream.rdbuf());
  return over == nullptr ? stream.rdbuf() : over->target();
}

} // namespace fc::events::common
