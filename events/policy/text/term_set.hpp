#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace fc::events::policy::text {

/// Whole-word terms to be found in many texts: a text is cut into words once
/// and each word is looked up, so the time does not depend on the number of
/// terms. Case is ignored (ASCII). In a term, a space stands for any one
/// character that is no part of a word; other separators stand for themselves.
/// Letters and digits of any script and `_` are parts of words.
class term_set {
public:
  /// What is wrong with a term, or empty: it must begin and end with a letter,
  /// a digit or `_`.
  static std::string_view objection(std::string_view term);

  /// @pre `objection(term)` is empty. @returns its index, counted from 0.
  std::uint32_t add(std::string_view term);

  /// The term as it was added.
  const std::string& operator[](std::uint32_t index) const {
    return terms_[index];
  }

  /// Calls `hit(index)` for each occurrence, left to right, until it returns
  /// false. Where several terms begin with one word, longer ones come first.
  template <class Hit>
  void scan(std::string_view text, Hit&& hit) const;

private:
  /// A word in lower case, and the terms that begin with it.
  struct slot {
    std::uint64_t hash = 0; ///< 0 means a free slot.
    std::string word;
    std::vector<std::uint32_t> terms;
  };

  enum : unsigned char { separator = 0, wide = 1 };

  /// `separator`, `wide` (not ASCII) or the character in lower case.
  static const std::array<unsigned char, 256> folded;

  /// Bytes of the character at `text[at]`, and whether it is part of a word.
  struct character {
    std::size_t length;
    bool in_word;
  };
  static character wide_character(std::string_view text, std::size_t at);

  static constexpr std::uint64_t seed = 14695981039346656037ULL;
  static constexpr std::uint64_t step(std::uint64_t hash, unsigned char c) {
    return (hash ^ c) * 1099511628211ULL; // FNV-1a
  }

  static std::size_t
  end_of_word(std::string_view text, std::size_t at, std::uint64_t& hash);
  static bool same_word(std::string_view lower, std::string_view word);
  bool follows(const std::string& term, std::size_t word_size,
               std::string_view text, std::size_t at) const;
  const slot* find(std::uint64_t hash, std::string_view word) const;
  void grow();

  std::vector<std::string> terms_;
  std::vector<slot> slots_; ///< A power of two of them, at most half full.
  std::size_t used_ = 0;
};

inline std::size_t term_set::end_of_word(std::string_view text, std::size_t at,
                                         std::uint64_t& hash) {
  hash = seed;
  while (at < text.size()) {
    const auto c = folded[static_cast<unsigned char>(text[at])];
    if (c == separator)
      break;
    if (c != wide) {
      hash = step(hash, c);
      ++at;
      continue;
    }
    const auto x = wide_character(text, at);
    if (!x.in_word)
      break;
    for (const auto end = at + x.length; at < end; ++at)
      hash = step(hash, static_cast<unsigned char>(text[at]));
  }
  return at;
}

inline const term_set::slot*
term_set::find(std::uint64_t hash, std::string_view word) const {
  const auto mask = slots_.size() - 1;
  for (auto i = hash & mask; slots_[i].hash != 0; i = (i + 1) & mask)
    if (slots_[i].hash == hash && same_word(slots_[i].word, word))
      return &slots_[i];
  return nullptr;
}

template <class Hit>
void term_set::scan(std::string_view text, Hit&& hit) const {
  if (slots_.empty())
    return;
  std::size_t at = 0;
  while (at < text.size()) {
    std::uint64_t hash = 0;
    const auto end = end_of_word(text, at, hash);
    if (end == at) {
      const bool is_wide = folded[static_cast<unsigned char>(text[at])] == wide;
      at += is_wide ? wide_character(text, at).length : 1;
      continue;
    }
    const auto word = text.substr(at, end - at);
    if (const auto* found = find(hash, word))
      for (const auto index : found->terms)
        if (follows(terms_[index], word.size(), text, end) && !hit(index))
          return;
    at = end;
  }
}

} // namespace fc::events::policy::text
