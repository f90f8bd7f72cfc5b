#include "actors/services/git/text.hpp"

#include "events/common/utf8.hpp"

#include <algorithm>

namespace fc::actors::services {

namespace {

constexpr std::string_view blanks = " \t\r\n\v\f";

bool is_hex(char c) noexcept {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

bool is_word(char c) noexcept {
  return is_hex(c) || (c >= 'g' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

std::size_t hex_run(std::string_view s) noexcept {
  return static_cast<std::size_t>(std::find_if_not(s.begin(), s.end(), is_hex)
                                  - s.begin());
}

/// The id that starts at `at`, plain or as `ab/cdef...`; empty if none.
std::string id_at(std::string_view s, std::size_t at) {
  if (at > 0 && is_word(s[at - 1]))
    return {};
  if (at >= 5 && s.substr(at - 5, 5) == "pack-")
    return {};
  const auto rest = s.substr(at);
  const auto run = hex_run(rest);
  if (run < rest.size() && is_word(rest[run]))
    return {};
  if (run == 40 || run == 64)
    return std::string{rest.substr(0, run)};
  if (run != 2 || rest.size() < 3 || rest[2] != '/')
    return {};
  const auto tail = hex_run(rest.substr(3));
  if (tail != 38 && tail != 62)
    return {};
  return std::string{rest.substr(0, 2)} + std::string{rest.substr(3, tail)};
}

} // namespace

std::string repair_utf8(std::string_view raw, bool& repaired) {
  return events::common::clean_utf8(raw, repaired);
}

std::vector<std::string> object_ids_in(std::string_view messages) {
  std::vector<std::string> found;
  for (std::size_t i = 0; i < messages.size(); ++i) {
    if (!is_hex(messages[i]))
      continue;
    auto id = id_at(messages, i);
    if (id.empty())
      continue;
    i += id.size() - 1;
    if (std::find(found.begin(), found.end(), id) == found.end())
      found.push_back(std::move(id));
  }
  return found;
}

bool is_object_id(std::string_view text) noexcept {
  return (text.size() == 40 || text.size() == 64)
         && hex_run(text) == text.size();
}

std::string last_line(std::string_view messages) {
  auto text = trimmed(messages);
  if (const auto at = text.rfind('\n'); at != std::string_view::npos)
    text.remove_prefix(at + 1);
  bool repaired = false;
  return repair_utf8(trimmed(text), repaired);
}

std::string_view trimmed(std::string_view text) noexcept {
  const auto from = text.find_first_not_of(blanks);
  if (from == std::string_view::npos)
    return {};
  return text.substr(from, text.find_last_not_of(blanks) - from + 1);
}

} // namespace fc::actors::services
