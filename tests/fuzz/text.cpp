#include "events/common/shown.hpp"
#include "events/common/utf8.hpp"
#include "events/policy/text/term_set.hpp"
#include "tests/fuzz/fuzz.hpp"

#include <sstream>

// input ::= size:u8 text; `size` is that of a piece, a prefix and a term
namespace fc::fuzz {
namespace {

using namespace events::common;

void check_repair(std::string_view text) {
  bool repaired = false;
  const auto clean = clean_utf8(text, repaired);
  check(is_utf8(clean), "what was repaired is UTF-8");
  check(clean.find('\0') == std::string::npos, "what was repaired has no NUL");
  check(repaired == (clean != text), "a repair is told, and nothing else");
  check(clean_utf8(clean) == clean, "what was repaired needs no repair");
  check(repaired || is_utf8(text), "what needs no repair is UTF-8");
}

void check_characters(std::string_view text) {
  const bool sound = is_utf8(text);
  std::string again;
  while (!text.empty()) {
    const auto next = next_character(text);
    check(next.length > 0 && next.length <= text.size(), "a step stays within");
    check(next.valid || next.code == 0xFFFD, "what is broken is U+FFFD");
    std::string one;
    append_utf8(one, next.code);
    check(!next.valid || one == text.substr(0, next.length),
          "a character is written as it was read");
    check(!sound || next.valid, "sound text has sound characters");
    text.remove_prefix(next.length);
  }
}

void check_prefix(std::string_view text, std::size_t most) {
  const auto prefix = utf8_prefix(text, most);
  check(prefix.size() <= most && text.starts_with(prefix),
        "a prefix is one, and no longer than asked for");
  check(!is_utf8(text) || is_utf8(prefix),
        "a prefix ends no character halfway");
  check(!is_utf8(text) || text.size() <= most || prefix.size() + 4 > most,
        "a prefix is no shorter than need be");
}

void check_visible(std::string_view text, bool lines) {
  check(is_utf8(text), "what is shown is UTF-8");
  while (!text.empty()) {
    const auto next = next_character(text);
    const bool layout = next.code == '\n' || next.code == '\t';
    check(!is_hidden(next.code) || (lines && layout),
          "what is shown hides nothing");
    text.remove_prefix(next.length);
  }
}

/// Written in pieces, it comes out as if written at once.
void check_stream(std::string_view text, std::size_t piece) {
  std::ostringstream out;
  {
    const visible_output visible{out};
    for (std::size_t at = 0; at < text.size(); at += piece)
      out << text.substr(at, piece);
  }
  check(out.str() == shown_lines(text), "a stream shows what a text does");
}

void check_terms(std::string_view text, std::size_t size) {
  events::policy::text::term_set terms;
  const auto term = text.substr(0, size);
  if (!events::policy::text::term_set::objection(term).empty())
    return;
  const auto index = terms.add(term);
  terms.add("numpy array");
  check(terms.add(term) == index || terms[index] == term,
        "a term is kept as it was added");
  bool found = false;
  terms.scan(text, [&](std::uint32_t hit) {
    check(hit < 3, "a hit names a term");
    found = found || hit == index;
    return true;
  });
  // It stands at the beginning, and alone where a blank follows.
  terms.scan(std::string{term} + " ", [&](std::uint32_t hit) {
    found = hit == index;
    return !found;
  });
  check(found || !is_utf8(term), "a term is found in itself");
}

} // namespace
} // namespace fc::fuzz

extern "C" int
LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace fc::fuzz;
  input in{data, size};
  const std::size_t piece = in.byte();
  const std::string text{in.rest()};
  check_repair(text);
  check_characters(text);
  check_prefix(text, piece);
  check_visible(shown(text), false);
  check_visible(shown_lines(text), true);
  check(shown(shown(text)) == shown(text), "what is shown is shown as it is");
  check_stream(text, piece + 1);
  check_terms(text, piece);
  return 0;
}
