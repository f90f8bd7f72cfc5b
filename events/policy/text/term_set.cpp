#include "events/policy/text/term_set.hpp"

#include <algorithm>

namespace fc::events::policy::text {

namespace {

constexpr std::array<unsigned char, 256> make_folded() {
  std::array<unsigned char, 256> result{};
  for (unsigned c = 0; c < 256; ++c) {
    const bool digit = c >= '0' && c <= '9';
    const bool lower = c >= 'a' && c <= 'z';
    const bool upper = c >= 'A' && c <= 'Z';
    if (digit || lower || c == '_')
      result[c] = static_cast<unsigned char>(c);
    else if (upper)
      result[c] = static_cast<unsigned char>(c - 'A' + 'a');
    else if (c >= 0x80)
      result[c] = 1;
  }
  return result;
}

/// Punctuation, symbols, arrows and pictures outside ASCII.
constexpr bool separates(std::uint32_t c) {
  constexpr std::uint32_t ordinals_and_micro[]{0xaa, 0xb5, 0xba};
  if (c < 0xc0)
    return std::find(std::begin(ordinals_and_micro),
                     std::end(ordinals_and_micro), c)
           == std::end(ordinals_and_micro);
  return c == 0xd7 || c == 0xf7 || (c >= 0x2000 && c <= 0x206f)
         || (c >= 0x20a0 && c <= 0x20cf) || (c >= 0x2190 && c <= 0x2bff)
         || (c >= 0x3000 && c <= 0x303f) || (c >= 0xfe00 && c <= 0xfe0f)
         || (c >= 0xff00 && c <= 0xff0f) || (c >= 0x1f000 && c <= 0x1faff)
         || c == 0xfffd;
}

} // namespace

const std::array<unsigned char, 256> term_set::folded = make_folded();

term_set::character
term_set::wide_character(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) -> std::uint32_t {
    return static_cast<unsigned char>(text[at + i]);
  };
  const auto lead = byte(0);
  const std::size_t length = lead >= 0xf0   ? 4
                             : lead >= 0xe0 ? 3
                             : lead >= 0xc0 ? 2
                                            : 1;
  if (length == 1 || at + length > text.size())
    return {1, false}; // not UTF-8
  auto c = lead & (0x7fU >> length);
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80)
      return {1, false};
    c = (c << 6) | (byte(i) & 0x3f);
  }
  return {length, !separates(c)};
}

bool term_set::same_word(std::string_view lower, std::string_view word) {
  return lower.size() == word.size()
         && std::equal(lower.begin(), lower.end(), word.begin(),
                       [](char a, char b) {
                         const auto c = folded[static_cast<unsigned char>(b)];
                         return a == (c == wide ? b : static_cast<char>(c));
                       });
}

/// Whether the rest of a term, after its first word, stands at `text[at]`.
bool term_set::follows(const std::string& term, std::size_t word_size,
                       std::string_view text, std::size_t at) const {
  std::size_t i = word_size;
  while (i < term.size()) {
    if (at >= text.size())
      return false;
    const auto c = folded[static_cast<unsigned char>(text[at])];
    const auto x
      = c == wide ? wide_character(text, at) : character{1, c != separator};
    if (term[i] == ' ') {
      if (x.in_word)
        return false;
      at += x.length;
      ++i;
    } else {
      const auto wanted = folded[static_cast<unsigned char>(term[i])];
      if (wanted > wide ? wanted != c : term[i] != text[at])
        return false;
      ++at;
      ++i;
    }
  }
  std::uint64_t ignored = 0;
  return term.size() == word_size || end_of_word(text, at, ignored) == at;
}

std::string_view term_set::objection(std::string_view term) {
  std::uint64_t ignored = 0;
  if (term.empty())
    return "a term must not be empty";
  if (end_of_word(term, 0, ignored) == 0)
    return "a term begins with a letter, a digit or _";
  std::size_t last = 0;
  for (std::size_t at = 0; at < term.size();) {
    const auto end = end_of_word(term, at, ignored);
    last = std::max(last, end);
    at = std::max(end, at + 1);
  }
  return last == term.size() ? "" : "a term ends with a letter, a digit or _";
}

std::uint32_t term_set::add(std::string_view term) {
  if (used_ * 2 >= slots_.size())
    grow();
  std::uint64_t hash = 0;
  const auto size = end_of_word(term, 0, hash);
  const auto index = static_cast<std::uint32_t>(terms_.size());
  terms_.emplace_back(term);
  const auto mask = slots_.size() - 1;
  auto i = hash & mask;
  std::string word{term.substr(0, size)};
  for (auto& c : word)
    if (const auto lower = folded[static_cast<unsigned char>(c)]; lower > wide)
      c = static_cast<char>(lower);
  while (slots_[i].hash != 0
         && (slots_[i].hash != hash || slots_[i].word != word))
    i = (i + 1) & mask;
  if (slots_[i].hash == 0) {
    ++used_;
    slots_[i].hash = hash;
    slots_[i].word = std::move(word);
  }
  auto& here = slots_[i].terms;
  const auto place
    = std::find_if(here.begin(), here.end(), [&](std::uint32_t other) {
        return terms_[other].size() < term.size();
      });
  here.insert(place, index);
  return index;
}

void term_set::grow() {
  auto old = std::move(slots_);
  slots_.assign(std::max<std::size_t>(16, old.size() * 4), {});
  const auto mask = slots_.size() - 1;
  for (auto& x : old) {
    if (x.hash == 0)
      continue;
    auto i = x.hash & mask;
    while (slots_[i].hash != 0)
      i = (i + 1) & mask;
    slots_[i] = std::move(x);
  }
}

} // namespace fc::events::policy::text
