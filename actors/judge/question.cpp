#include "actors/judge/question.hpp"

#include "actors/services/llm/utf8.hpp"
#include "events/common/text.hpp"

#include <algorithm>
#include <cmath>

namespace fc::actors {

using events::ec;
using events::expected;
using events::make_error;
using services::utf8_prefix;

namespace {

using events::common::trimmed;

/// For the frame that a service puts round every message.
constexpr std::uint64_t spare_tokens = 128;
constexpr std::size_t path_bytes = 200;
/// For the mark where something is cut, and headings.
constexpr std::uint64_t mark_bytes = 160;

std::string
mark(std::string_view what, std::uint64_t left_out, std::uint64_t whole) {
  return "[... the " + std::string{what}
         + " is cut here: " + std::to_string(left_out) + " of "
         + std::to_string(whole) + " bytes are not shown ...]";
}

/// Back to the end of a line, unless that would lose most of it.
std::string_view whole_lines(std::string_view text, std::size_t max) {
  const auto cut = utf8_prefix(text, max);
  if (cut.size() == text.size())
    return cut;
  const auto line = cut.rfind('\n');
  return line == std::string_view::npos || line + 1 < cut.size() / 2
           ? cut
           : cut.substr(0, line + 1);
}

/// One part, cut where it is too long.
std::string
part(std::string_view text, std::size_t max, std::string_view what) {
  const auto shown = whole_lines(text, max);
  std::string result{shown};
  if (shown.size() < text.size()) {
    if (!result.empty() && !result.ends_with('\n'))
      result += '\n';
    result += mark(what, text.size() - shown.size(), text.size());
  }
  return result;
}

std::string table_of(const events::scraped& facts, std::size_t max) {
  std::string text = "| File | Lines added | Lines removed |\n|---|---|---|\n";
  const auto shown = std::min(max, facts.files.size());
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& file = facts.files[i];
    std::string path{utf8_prefix(file.path, path_bytes)};
    std::ranges::replace_if(
      path, [](char c) { return c == '|' || c == '\n' || c == '\r'; }, ' ');
    text += "| " + path + " | " + std::to_string(file.additions) + " | "
            + std::to_string(file.deletions) + " |\n";
  }
  const auto all
    = std::max<std::size_t>(facts.changed_files, facts.files.size());
  if (shown < all)
    text += "and " + std::to_string(all - shown) + " more files\n";
  return text;
}

} // namespace

std::uint64_t tokens_of(std::uint64_t bytes, const judge_settings& settings) {
  return static_cast<std::uint64_t>(
    std::ceil(static_cast<double>(bytes) / settings.bytes_per_token));
}

expected<question_text>
compose_question(const events::scraped& facts, std::string_view diff,
                 std::uint64_t prompt_bytes, const judge_settings& settings,
                 double share) {
  const auto fixed
    = settings.output_tokens + spare_tokens + tokens_of(prompt_bytes, settings);
  const auto room = settings.context_tokens > fixed
                      ? static_cast<std::uint64_t>(
                        static_cast<double>(settings.context_tokens - fixed)
                        * settings.bytes_per_token)
                      : 0;
  // Of a small context the description takes a quarter at most.
  const auto body_most = std::min(settings.body_bytes, room / 4);
  question_text result;
  result.text = "# Title\n\n"
                + part(trimmed(facts.title), settings.title_bytes, "title")
                + "\n\n# Description\n\n";
  const auto body = trimmed(facts.body);
  result.text += body.empty() ? "(none)" : part(body, body_most, "description");
  result.text += "\n\n# Changed files\n\n";
  const auto table = table_of(facts, settings.files);
  result.text += part(table, room / 4, "table");
  result.text += "\n# Diff\n\n";
  if (result.text.size() + mark_bytes > room)
    return make_error(
      ec::too_long,
      "title, description and files alone do not fit into a context of "
        + std::to_string(settings.context_tokens) + " tokens, of which "
        + std::to_string(settings.output_tokens)
        + " are kept for the answer; set a larger context or a smaller cap");
  const auto max = std::min<std::uint64_t>(
    room - result.text.size() - mark_bytes, diff.size());
  const auto shown = whole_lines(
    diff, static_cast<std::size_t>(static_cast<double>(max) * share));
  result.left_out = diff.size() - shown.size();
  result.text += diff.empty() ? "(not available)" : shown;
  if (result.left_out > 0)
    result.text += (result.text.ends_with('\n') ? "" : "\n")
                   + mark("diff", result.left_out, diff.size());
  result.text += "\n";
  return result;
}

} // namespace fc::actors
