#include "actors/services/git/history/history.hpp"

#include "actors/services/git/history/merge_subject.hpp"
#include "actors/services/git/text.hpp"

#include <algorithm>
#include <unordered_map>

namespace fc::actors::services {

namespace {

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

bool is_picked(std::string_view body) {
  return body.find("(cherry picked from commit ") != std::string_view::npos;
}

/// One commit that brought several pull requests stands for the first alone.
std::string batch_note(const std::vector<std::uint32_t>& numbers) {
  constexpr std::size_t max = 10;
  std::string text;
  for (std::size_t i = 1; i < std::min(numbers.size(), max); ++i)
    text += (i == 1 ? "#" : ", #") + std::to_string(numbers[i]);
  if (numbers.size() > max)
    text += " and " + std::to_string(numbers.size() - max) + " more";
  return text.empty() ? text
                      : "its commit merges " + text
                          + " as well: the change is theirs together";
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
  if (x.parents.empty())
    return std::nullopt;
  const bool single = x.parents.size() == 1;
  const auto parts = split(x.message);
  merged_commit out;
  const auto merge = merge_subject(parts.subject);
  const auto squash = squash_subject(parts.subject);
  // Only a batch has more than two parents: one more than pull requests.
  const bool fits
    = x.parents.size() <= 2 || merge.numbers.size() + 1 == x.parents.size();
  if (!merge.numbers.empty() && fits) {
    const auto text = split(parts.rest);
    const bool titled = merge.has_title || text.subject.empty();
    out = with_text(x, titled ? merge.text : without_bors(text.subject),
                    merge.has_title ? parts.rest : text.rest);
    out.number = merge.numbers.front();
    out.note = batch_note(merge.numbers);
  } else if (!squash.numbers.empty() && x.parents.size() <= 2
             && commit_time(x.committed) >= numbers_since) {
    out = with_text(x, squash.text, parts.rest);
    out.number = squash.numbers.front();
    out.doubtful = reads_like_mention(squash.text);
  } else if (const auto number = single ? closed_in(parts.rest) : 0;
             number != 0) {
    out = with_text(x, parts.subject, parts.rest);
    out.number = number;
  } else {
    return std::nullopt;
  }
  out.kind = single ? "squash" : "merge";
  if (single && is_picked(parts.rest)) {
    out.doubtful = true;
    out.note = "cherry-picked: the pull request was merged elsewhere first";
  }
  return out;
}

namespace {

/// Merges before squashes before mentions.
int rank(const merged_commit& x) {
  return x.doubtful ? 0 : x.kind == "merge" ? 2 : 1;
}

/// Whether a number is about as large as those around it, which it is where
/// its pull request was merged and is not where it is only mentioned later.
bool fits_in(const std::vector<merged_commit>& all, std::size_t at) {
  constexpr std::size_t reach = 8;
  const auto from = at - std::min(at, reach);
  const auto end = std::min(all.size(), at + reach + 1);
  std::vector<std::uint32_t> around;
  for (auto i = from; i < end; ++i)
    around.push_back(all[i].number);
  const auto middle
    = around.begin() + static_cast<std::ptrdiff_t>(around.size() / 2);
  std::ranges::nth_element(around, middle);
  const auto low = std::min(*middle, all[at].number);
  const auto high = std::max(*middle, all[at].number);
  return high - low <= std::max<std::uint32_t>(50, high / 4);
}

/// Of equal ones, newest first: the oldest, since what follows mentions it.
/// But where both fit their surroundings and lie far apart, the numbers began
/// anew (a repository that moved), and the newest counts.
std::size_t pick(const std::vector<merged_commit>& all,
                 const std::vector<std::size_t>& of) {
  constexpr std::size_t far = 50;
  const auto oldest = of.back();
  const auto newest = of.front();
  return oldest - newest > far && fits_in(all, oldest) && fits_in(all, newest)
           ? newest
           : oldest;
}

std::string short_id(const merged_commit& x) {
  return x.commit.substr(0, 12);
}

std::string doubt(const std::vector<merged_commit>& all,
                  const std::vector<std::size_t>& of, std::size_t taken) {
  constexpr std::size_t max = 3;
  std::string others;
  std::size_t count = 0;
  for (const auto i : of)
    if (i != taken && ++count <= max)
      others += (others.empty() ? "" : ", ") + short_id(all[i]);
  if (count > max)
    others += " and " + std::to_string(count - max) + " more";
  return std::to_string(of.size()) + " commits name it: taken is "
         + short_id(all[taken]) + ", not " + others;
}

} // namespace

std::vector<merged_commit> one_per_number(std::vector<merged_commit> found) {
  std::unordered_map<std::uint32_t, std::vector<std::size_t>> best;
  for (std::size_t i = 0; i < found.size(); ++i) {
    auto& of = best[found[i].number];
    if (!of.empty() && rank(found[i]) > rank(found[of.front()]))
      of.clear();
    if (of.empty() || rank(found[i]) == rank(found[of.front()]))
      of.push_back(i);
  }
  std::vector<std::size_t> kept;
  std::vector<std::pair<std::size_t, std::string>> doubts;
  kept.reserve(best.size());
  for (const auto& [number, of] : best) {
    kept.push_back(pick(found, of));
    if (of.size() > 1)
      doubts.emplace_back(kept.back(), doubt(found, of, kept.back()));
  }
  for (auto& [at, text] : doubts) {
    auto& note = found[at].note;
    note += (note.empty() ? "" : "; ") + text;
  }
  std::ranges::sort(kept);
  std::vector<merged_commit> out;
  out.reserve(kept.size());
  for (const auto i : kept)
    out.push_back(std::move(found[i]));
  return out;
}

} // namespace fc::actors::services
