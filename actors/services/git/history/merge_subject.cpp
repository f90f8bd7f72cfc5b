#include "actors/services/git/history/merge_subject.hpp"

#include "actors/services/git/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>

namespace fc::actors::services {

namespace {

/// A batch of more is listed as far as this.
constexpr std::size_t max_numbers = 100;

bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_letters(std::string_view a, std::string_view b) noexcept {
  return std::ranges::equal(
    a, b, [](char x, char y) { return lower(x) == lower(y); });
}

bool starts_with(std::string_view text, std::string_view start) noexcept {
  return same_letters(text.substr(0, start.size()), start);
}

/// A number that fills the whole text; 0 where there is none.
std::uint32_t number_of(std::string_view digits) {
  std::uint32_t n = 0;
  const auto* end = digits.data() + digits.size();
  const auto [at, code] = std::from_chars(digits.data(), end, n);
  return code == std::errc{} && at == end ? n : 0;
}

std::string_view next_word(std::string_view& text) {
  text = trimmed(text);
  const auto end = std::min(text.find_first_of(" \t"), text.size());
  const auto word = text.substr(0, end);
  text.remove_prefix(end);
  return word;
}

/// Takes `#N` away from the front; 0 and nothing taken where there is none.
std::uint32_t take_number(std::string_view& text) {
  if (!text.starts_with('#'))
    return 0;
  const auto end = static_cast<std::size_t>(
    std::ranges::find_if_not(text.substr(1), is_digit) - text.begin());
  const auto n = number_of(text.substr(1, end - 1));
  if (n != 0)
    text.remove_prefix(end);
  return n;
}

/// Takes the words in front of the number away: `Merge`, `Auto merge of`,
/// `Merge pull request`. False where they do not announce a merge.
bool take_announcement(std::string_view& text) {
  static constexpr std::array merges{
    std::string_view{"merge"},       std::string_view{"merged"},
    std::string_view{"merging"},     std::string_view{"auto-merge"},
    std::string_view{"auto-merged"}, std::string_view{"automerge"},
    std::string_view{"merge:"},      std::string_view{"auto-merge:"}};
  static constexpr std::array fillers{
    std::string_view{"pull"},     std::string_view{"request"},
    std::string_view{"requests"}, std::string_view{"pull-request"},
    std::string_view{"pr"},       std::string_view{"prs"},
    std::string_view{"of"}};
  const auto any = [](const auto& words, std::string_view word) {
    return std::ranges::any_of(
      words, [&](auto each) { return same_letters(each, word); });
  };
  auto rest = text;
  auto word = next_word(rest);
  if (same_letters(word, "auto") || same_letters(word, "rollup"))
    word = next_word(rest);
  // Bitbucket's own server says `Pull request #N: title`.
  const bool bare = same_letters(word, "pull");
  if (!bare && !any(merges, word))
    return false;
  for (auto after = trimmed(rest); !after.empty(); after = trimmed(rest)) {
    if (after.starts_with('#')) {
      text = after;
      return true;
    }
    if (!any(fillers, next_word(rest)))
      return false;
  }
  return false;
}

/// `Merged in owner/branch (pull request #N)`.
named_pulls merged_in(std::string_view subject) {
  constexpr std::string_view mark = "(pull request ";
  if (!starts_with(subject, "Merged in "))
    return {};
  const auto at = subject.find(mark);
  if (at == std::string_view::npos)
    return {};
  auto rest = subject.substr(at + mark.size());
  const auto n = take_number(rest);
  if (n == 0 || rest != ")")
    return {};
  return {{n}, trimmed(subject.substr(10, at - 10)), false};
}

/// The rest of a batch: `, #13 and #14`.
void take_batch(std::string_view& text, std::vector<std::uint32_t>& numbers) {
  while (numbers.size() < max_numbers) {
    auto rest = trimmed(text);
    if (rest.starts_with(',') || rest.starts_with('&') || rest.starts_with('+'))
      rest = trimmed(rest.substr(1));
    if (starts_with(rest, "and "))
      rest = trimmed(rest.substr(4));
    const auto n = take_number(rest);
    if (n == 0)
      return;
    numbers.push_back(n);
    text = rest;
  }
}

} // namespace

named_pulls merge_subject(std::string_view subject) {
  if (auto found = merged_in(subject); !found.numbers.empty())
    return found;
  if (!take_announcement(subject))
    return {};
  named_pulls out;
  const auto first = take_number(subject);
  // `#12x` is no number.
  if (first == 0
      || (!subject.empty()
          && std::isalnum(static_cast<unsigned char>(subject.front()))))
    return {};
  out.numbers.push_back(first);
  take_batch(subject, out.numbers);
  subject = trimmed(subject);
  out.has_title = subject.starts_with(':');
  if (out.has_title)
    subject.remove_prefix(1);
  else if (starts_with(subject, "from ")) {
    subject = trimmed(subject.substr(5));
    subject.remove_prefix(std::min(subject.find('/') + 1, subject.size()));
  }
  out.text = trimmed(subject);
  return out;
}

named_pulls squash_subject(std::string_view subject) {
  if (!subject.ends_with(')'))
    return {};
  const auto open = subject.rfind("(#");
  if (open == std::string_view::npos)
    return {};
  const auto n = number_of(subject.substr(open + 2, subject.size() - open - 3));
  if (n == 0)
    return {};
  return {{n}, trimmed(subject.substr(0, open)), true};
}

std::uint32_t closed_in(std::string_view body) {
  constexpr std::string_view mark = "Closes #";
  for (auto at = body.find(mark); at != std::string_view::npos;
       at = body.find(mark, at + mark.size())) {
    if (at > 0 && body[at - 1] != '\n')
      continue;
    auto rest = body.substr(at + mark.size() - 1);
    const auto n = take_number(rest);
    if (n != 0 && rest.starts_with(" from "))
      return n;
  }
  return 0;
}

std::string_view without_bors(std::string_view line) {
  const auto colon = line.find(": ");
  if (colon == std::string_view::npos || number_of(line.substr(0, colon)) == 0)
    return line;
  const auto reviewer = line.rfind(" r=");
  const auto author = line.rfind(" a=");
  if (reviewer == std::string_view::npos || author == std::string_view::npos)
    return line;
  const auto end = std::min(reviewer, author);
  return end < colon + 2 ? std::string_view{}
                         : trimmed(line.substr(colon + 2, end - colon - 2));
}

bool reads_like_mention(std::string_view subject) {
  static constexpr std::array kinds{
    std::string_view{"doc: "},   std::string_view{"docs: "},
    std::string_view{"maint: "}, std::string_view{"chore: "},
    std::string_view{"add "},    std::string_view{"update "},
    std::string_view{"a "},      std::string_view{"the "}};
  static constexpr std::array starts{
    std::string_view{"changelog"},   std::string_view{"change log"},
    std::string_view{"changes for"}, std::string_view{"release note"},
    std::string_view{"whatsnew"},    std::string_view{"what's new"},
    std::string_view{"news entry"},  std::string_view{"news:"},
    std::string_view{"follow-up"},   std::string_view{"follow up"},
    std::string_view{"followup"},    std::string_view{"backport"},
    std::string_view{"[backport"},   std::string_view{"mention "},
    std::string_view{"credit "},     std::string_view{"revert "},
    std::string_view{"cherry-pick"}, std::string_view{"cherry pick"}};
  const auto begins = [&](const auto& list) {
    return std::ranges::find_if(
      list, [&](auto each) { return starts_with(subject, each); });
  };
  for (auto at = begins(kinds); at != kinds.end(); at = begins(kinds))
    subject = trimmed(subject.substr(at->size()));
  return begins(starts) != starts.end();
}

} // namespace fc::actors::services
