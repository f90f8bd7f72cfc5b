#include "actors/discover/github/cards.hpp"

#include "actors/discover/github/json_fields.hpp"
#include "actors/services/github/queries.hpp"

#include <chrono>

namespace fc::actors {

using events::ec;
using events::error;
using events::expected;
using events::make_error;
using nlohmann::json;

namespace {

/// One search of each takes some tenths of the ten seconds a request may.
constexpr std::size_t max_at_once = 20;

constexpr std::string_view budget
  = "  rateLimit { cost limit remaining resetAt }\n";

std::string count_field(const std::string& i) {
  return "  c" + i + ": search(type: ISSUE, query: $q" + i
         + ", first: 1) { issueCount }\n";
}

/// Why one repository of an answer is not there.
std::string
why_absent(const services::graphql_answer& answer, const std::string& alias) {
  for (const auto& each : answer.errors)
    if (each.path == alias || each.path.starts_with(alias + "."))
      return each.message + (each.type.empty() ? "" : " (" + each.type + ")");
  return "not in the answer";
}

events::timestamp time_in(const json& x, const char* key) {
  const auto written = text(x, key);
  const auto read = written.empty()
                      ? expected<events::timestamp>{events::timestamp{}}
                      : events::parse_time(written);
  return read ? *read : events::timestamp{};
}

void read_card(repository_card& card, const json& x) {
  auto& facts = card.facts;
  const auto name = events::repo_name::parse(text(x, "nameWithOwner"));
  if (!name) {
    card.absent = "GitHub names it '" + text(x, "nameWithOwner") + "'";
    return;
  }
  facts.repo = *name;
  facts.node_id = text(x, "id");
  facts.stars = count(x, "stargazerCount");
  facts.fork = flag(x, "isFork");
  facts.archived = flag(x, "isArchived");
  facts.created_at = time_in(x, "createdAt");
  facts.pushed_at = time_in(x, "pushedAt");
  facts.description = text(x, "description");
  facts.language = text(at(x, "primaryLanguage"), "name");
  facts.branch = text(at(x, "defaultBranchRef"), "name");
  facts.head = text(at(at(x, "defaultBranchRef"), "target"), "oid");
  for (const auto& each : nodes_of(at(x, "repositoryTopics")))
    facts.topics.push_back(text(at(each, "topic"), "name"));
  card.merged_total = count(at(x, "mergedPullRequests"), "totalCount");
  if (flag(x, "isPrivate"))
    card.absent = "it is private";
  else if (flag(x, "isDisabled"))
    card.absent = "GitHub has disabled it";
}

/// Asks for some, or in two halves what is too heavy for one answer.
error read_some(services::github_client& github,
                std::span<repository_card> cards,
                const std::optional<time_slice>& window,
                services::github_usage& used, const services::stop_flag& stop) {
  json variables;
  for (std::size_t i = 0; i < cards.size(); ++i) {
    const auto n = std::to_string(i);
    variables["o" + n] = cards[i].asked.owner();
    variables["n" + n] = cards[i].asked.name();
    if (window)
      variables["q" + n] = search_text(cards[i].asked, *window);
  }
  auto answer
    = github.query("Cards of " + std::to_string(cards.size()) + " repositories",
                   cards_document(cards.size(), window.has_value()), variables,
                   used, stop, cards.size() == 1);
  // One alone that is gone has no data at all.
  if (!answer && events::code_of(answer.error()) == ec::not_found
      && cards.size() == 1) {
    cards.front().absent = events::describe(answer.error());
    return {};
  }
  const bool halve = answer ? answer->too_heavy
                            : events::code_of(answer.error()) == ec::not_found;
  if (halve && cards.size() > 1) {
    const auto half = cards.size() / 2;
    if (auto err = read_some(github, cards.first(half), window, used, stop))
      return err;
    return read_some(github, cards.subspan(half), window, used, stop);
  }
  if (!answer)
    return answer.error();
  for (std::size_t i = 0; i < cards.size(); ++i) {
    const auto n = std::to_string(i);
    const auto& x = at(answer->data, ("r" + n).c_str());
    if (x.is_object())
      read_card(cards[i], x);
    else
      cards[i].absent = why_absent(*answer, "r" + n);
    if (const auto& found = at(answer->data, ("c" + n).c_str());
        found.is_object())
      cards[i].counted = count(found, "issueCount");
  }
  return {};
}

/// The search does not follow a new name: what was renamed is counted again.
error recount_renamed(services::github_client& github, repository_card& card,
                      const time_slice& window, services::github_usage& used,
                      const services::stop_flag& stop) {
  auto again = count_merged(github, card.facts.repo, {window}, used, stop);
  if (!again)
    return again.error();
  card.counted = again->front();
  return {};
}

} // namespace

std::string
search_text(const events::repo_name& repo, const time_slice& slice) {
  using namespace std::chrono_literals;
  return "repo:" + repo.str()
         + " is:pr is:merged merged:" + events::to_iso8601(slice.start) + ".."
         + events::to_iso8601(slice.end - 1s) + " sort:created-asc";
}

std::string cards_document(std::size_t repositories, bool with_counts) {
  std::string head = "query Cards(";
  std::string body = ") {\n" + std::string{budget};
  for (std::size_t i = 0; i < repositories; ++i) {
    const auto n = std::to_string(i);
    head
      += (i == 0 ? "" : ", ") + ("$o" + n) + ": String!, $n" + n + ": String!";
    body += "  r" + n + ": repository(owner: $o" + n + ", name: $n" + n
            + ") { ...RepositoryCard }\n";
    if (!with_counts)
      continue;
    head += ", $q" + n + ": String!";
    body += count_field(n);
  }
  return head + body + "}\n" + services::graphql_document("repository_card");
}

std::string counts_document(std::size_t slices) {
  std::string head = "query Counts(";
  std::string body = ") {\n" + std::string{budget};
  for (std::size_t i = 0; i < slices; ++i) {
    const auto n = std::to_string(i);
    head += (i == 0 ? "" : ", ") + ("$q" + n) + ": String!";
    body += count_field(n);
  }
  return head + body + "}\n";
}

expected<std::vector<repository_card>>
read_cards(services::github_client& github,
           const std::vector<events::repo_name>& repos,
           const std::optional<time_slice>& window,
           services::github_usage& used, const services::stop_flag& stop) {
  std::vector<repository_card> cards(repos.size());
  for (std::size_t i = 0; i < repos.size(); ++i) {
    cards[i].asked = repos[i];
    cards[i].facts.repo = repos[i];
  }
  for (std::size_t from = 0; from < cards.size(); from += max_at_once) {
    const auto some = std::min(max_at_once, cards.size() - from);
    if (auto err = read_some(github, std::span{cards}.subspan(from, some),
                             window, used, stop))
      return err;
  }
  for (auto& card : cards)
    if (window && !card.absent && card.facts.repo != card.asked)
      if (auto err = recount_renamed(github, card, *window, used, stop))
        return err;
  return cards;
}

expected<std::vector<std::uint32_t>>
count_merged(services::github_client& github, const events::repo_name& repo,
             const std::vector<time_slice>& slices,
             services::github_usage& used, const services::stop_flag& stop) {
  std::vector<std::uint32_t> out;
  std::size_t at_once = max_at_once;
  while (out.size() < slices.size()) {
    const auto some = std::min(at_once, slices.size() - out.size());
    json variables;
    for (std::size_t i = 0; i < some; ++i)
      variables["q" + std::to_string(i)]
        = search_text(repo, slices[out.size() + i]);
    auto answer = github.query("Counts of " + repo.str(), counts_document(some),
                               variables, used, stop, some == 1);
    if (!answer)
      return answer.error();
    if (answer->too_heavy) {
      at_once = some / 2;
      continue;
    }
    for (std::size_t i = 0; i < some; ++i) {
      const auto& found = at(answer->data, ("c" + std::to_string(i)).c_str());
      if (!found.is_object())
        return make_error(ec::malformed,
                          "GitHub's answer has no count of " + repo.str());
      out.push_back(count(found, "issueCount"));
    }
  }
  return out;
}

} // namespace fc::actors
