#include "actors/services/git/history.hpp"

#include "actors/services/git/text.hpp"

#include <algorithm>
#include <charconv>
#include <unordered_map>

namespace fc::actors::services {

namespace {

constexpr std::string_view merge_start = "Merge pull request #";

struct message_parts {
  std::string_view subject;
  std::string_view rest;
};

/// First line that is not empty, and what follows it.
message_parts split(std::string_view message) {
  while (!message.empty()) {
    const auto end = message.find('\n');
    const auto line = trimmed(message.substr(0, end));
    message.remove_prefix(end == std::string_view::npos ? message.size()
                                                        : end + 1);
    if (!line.empty())
      return {line, trimmed(message)};
  }
  return {};
}

/// A number that fills the whole text; 0 where there is none.
std::uint32_t number_of(std::string_view digits) {
  std::uint32_t n = 0;
  const auto* end = digits.data() + digits.size();
  const auto [at, code] = std::from_chars(digits.data(), end, n);
  return code == std::errc{} && at == end ? n : 0;
}

struct numbered {
  std::uint32_t number = 0;
  std::string_view text; ///< The subject's remaining words.
};

/// `Merge pull request #N from owner/branch`: the text is `branch`.
numbered merge_subject(std::string_view subject) {
  if (!subject.starts_with(merge_start))
    return {};
  subject.remove_prefix(merge_start.size());
  const auto end
    = std::min(subject.find_first_not_of("0123456789"), subject.size());
  auto text = trimmed(subject.substr(end));
  if (text.starts_with("from ")) {
    text = trimmed(text.substr(5));
    text.remove_prefix(std::min(text.find('/') + 1, text.size()));
  }
  return {number_of(subject.substr(0, end)), text};
}

/// `Some words (#N)`: the text is `Some words`.
numbered named_subject(std::string_view subject) {
  if (!subject.ends_with(')'))
    return {};
  const auto open = subject.rfind("(#");
  if (open == std::string_view::npos)
    return {};
  const auto digits = subject.substr(open + 2, subject.size() - open - 3);
  return {number_of(digits), trimmed(subject.substr(0, open))};
}

merged_commit
with_text(const log_commit& x, std::string_view title, std::string_view body) {
  merged_commit out;
  out.commit = x.id;
  out.base = x.parents.empty() ? std::string{} : x.parents.front();
  out.merged_at = commit_time(x.committed);
  out.title = repair_utf8(title, out.text_repaired);
  out.body = repair_utf8(body, out.text_repaired);
  return out;
}

} // namespace

events::timestamp commit_time(std::int64_t seconds) noexcept {
  constexpr auto limit
    = std::chrono::floor<std::chrono::seconds>(events::timestamp::max())
        .time_since_epoch()
        .count();
  return events::timestamp{
    std::chrono::seconds{std::clamp<std::int64_t>(seconds, -limit, limit)}};
}

merged_commit as_plain_commit(const log_commit& x) {
  const auto parts = split(x.message);
  auto out = with_text(x, parts.subject, parts.rest);
  if (x.parents.size() > 1)
    out.kind = "merge"; // whatever its message says
  return out;
}

std::optional<merged_commit> as_pull_request(const log_commit& x) {
  const auto count = x.parents.size();
  if (count != 1 && count != 2)
    return std::nullopt;
  const auto parts = split(x.message);
  merged_commit out;
  if (const auto merge = merge_subject(parts.subject);
      count == 2 && merge.number != 0) {
    const auto text = split(parts.rest);
    out = with_text(x, text.subject.empty() ? merge.text : text.subject,
                    text.rest);
    out.number = merge.number;
  } else {
    const auto named = named_subject(parts.subject);
    if (named.number == 0 || commit_time(x.committed) < numbers_since)
      return std::nullopt;
    out = with_text(x, named.text, parts.rest);
    out.number = named.number;
  }
  out.kind = count == 2 ? "merge" : "squash";
  return out;
}

std::vector<merged_commit> one_per_number(std::vector<merged_commit> found) {
  std::unordered_map<std::uint32_t, std::size_t> best;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto [at, fresh] = best.try_emplace(found[i].number, i);
    const bool better
      = found[i].kind == "merge" && found[at->second].kind != "merge";
    if (!fresh && better)
      at->second = i;
  }
  std::vector<merged_commit> kept;
  kept.reserve(best.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    if (best.at(found[i].number) == i)
      kept.push_back(std::move(found[i]));
  return kept;
}

} // namespace fc::actors::services
