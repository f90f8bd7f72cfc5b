#include "actors/discover/github/listing.hpp"

#include "actors/discover/github/json_fields.hpp"
#include "actors/services/github/queries.hpp"

#include <chrono>
#include <deque>

namespace fc::actors {

using events::ec;
using events::error;
using events::expected;
using events::make_error;
using nlohmann::json;

namespace {

using namespace std::chrono_literals;

/// Source: docs.github.com, "About the search API".
constexpr std::uint32_t search_cap = 1000;
/// Parts are aimed below the cap, since merges are not spread evenly.
constexpr std::uint32_t aim = 700;
/// The list of all wins where it holds at most so much more than is asked for.
constexpr double list_share = 1.15;

/// One way through all pages of one connection.
struct walk {
  std::string what; ///< For errors.
  std::string text;
  json variables;
  /// Where the connection stands in the data.
  std::function<const json&(const json&)> find;
  /// How many are still expected; the page is made to fit.
  std::function<std::uint32_t()> left;
  /// Takes a pull request; false ends the walk.
  std::function<bool(listed_pull)> take;
};

/// Why the repository itself is not in an answer, where it is gone.
std::optional<std::string> gone_in(const services::graphql_answer& answer) {
  for (const auto& each : answer.errors)
    if (each.type == "NOT_FOUND" && each.path == "repository")
      return each.message;
  return std::nullopt;
}

/// What a page of an answer is good for.
enum class page_quality : std::uint8_t {
  whole,
  torn,  ///< Nulls of an answer with errors are no data.
  heavy, ///< GitHub could not make it in time.
};

page_quality
quality_of(const services::graphql_answer& answer, const json& page) {
  if (answer.too_heavy)
    return page_quality::heavy;
  const bool whole = page.is_object() && answer.errors.empty()
                     && std::ranges::none_of(nodes_of(page), [](const json& n) {
                          return n.is_null();
                        });
  return whole ? page_quality::whole : page_quality::torn;
}

error no_page_of_one(const std::string& what,
                     const services::graphql_answer& answer) {
  return make_error(ec::unavailable,
                    what + ": GitHub cannot give a page of one"
                      + (answer.errors.empty()
                           ? std::string{}
                           : ": " + answer.errors.front().message));
}

bool is_pull_request(const json& node) {
  return node.is_object()
         && (!node.contains("__typename")
             || text(node, "__typename") == "PullRequest");
}

/// Hands the pull requests of a page over.
/// @returns where the next page begins; empty when the walk ends.
expected<std::string>
take_page(const walk& x, const json& page, const json& after) {
  for (const auto& node : nodes_of(page)) {
    if (!is_pull_request(node))
      continue;
    auto pull = read_pull(node);
    if (!pull)
      return make_error(ec::malformed,
                        x.what + ": " + events::describe(pull.error()));
    if (!x.take(std::move(*pull)))
      return std::string{};
  }
  const auto& info = at(page, "pageInfo");
  if (!flag(info, "hasNextPage"))
    return std::string{};
  auto next = text(info, "endCursor");
  if (next.empty() || after == next)
    return make_error(ec::malformed, x.what + ": GitHub's pages never end");
  return next;
}

class lister {
public:
  lister(services::github_client& github, const listing_request& request,
         page_size& pages, services::github_usage& used,
         const services::stop_flag& stop)
    : github_(github), request_(request), pages_(pages), used_(used),
      stop_(stop) {
    out_.counted = request.counted;
  }

  expected<listing> run() {
    if (auto err = list())
      return err;
    if (!out_.whole())
      if (auto err = look_again())
        return err;
    if (!out_.whole()) {
      if (auto err = list_all())
        return err;
      if (!out_.whole())
        if (auto err = look_again())
          return err;
    }
    out_.repo = request_.repo;
    return std::move(out_);
  }

private:
  error list() {
    if (request_.counted == 0)
      return use("search");
    const auto all = static_cast<double>(request_.merged_total);
    if (request_.counted > search_cap
        && all <= list_share * static_cast<double>(request_.counted))
      return list_all();
    return search_all();
  }

  /// Since it was counted the window may have grown or lost one, and the
  /// repository have got another name (the search knows the new one alone) or
  /// be gone: then nothing is found and nothing counted, which would agree.
  error look_again() {
    auto cards
      = read_cards(github_, {request_.repo}, request_.window, used_, stop_);
    if (!cards)
      return cards.error();
    const auto& card = cards->front();
    if (card.absent)
      return make_error(ec::not_found,
                        request_.repo.str()
                          + " was there and is not any more: " + *card.absent);
    request_.repo = card.facts.repo;
    request_.merged_total = card.merged_total;
    out_.counted = card.counted.value_or(out_.counted);
    return {};
  }

  error use(const std::string& method) {
    if (out_.method.find(method) == std::string::npos)
      out_.method += (out_.method.empty() ? "" : ", ") + method;
    return {};
  }

  /// Cuts until each part can be listed, counting the parts of a round in as
  /// few requests as possible.
  error search_all() {
    if (auto err = use("search"))
      return err;
    struct part {
      time_slice when;
      std::uint32_t counted;
    };
    std::vector<part> large{{request_.window, request_.counted}};
    std::vector<part> ready;
    while (!large.empty()) {
      std::vector<time_slice> smaller;
      for (const auto& each : large) {
        if (each.counted <= search_cap) {
          ready.push_back(each);
          continue;
        }
        const auto parts = cut_slice(each.when, each.counted / aim + 1);
        // More than a thousand merges within a second cannot be searched.
        if (parts.size() < 2)
          return list_all();
        smaller.insert(smaller.end(), parts.begin(), parts.end());
      }
      large.clear();
      if (smaller.empty())
        break;
      auto counts = count_merged(github_, request_.repo, smaller, used_, stop_);
      if (!counts)
        return counts.error();
      for (std::size_t i = 0; i < smaller.size(); ++i)
        if ((*counts)[i] > 0)
          large.push_back({smaller[i], (*counts)[i]});
    }
    for (const auto& each : ready)
      if (auto err = search(each.when, each.counted))
        return err;
    return {};
  }

  error search(const time_slice& when, std::uint32_t counted) {
    std::uint32_t seen = 0;
    walk x;
    x.what = "SearchMerged " + request_.repo.str();
    x.text = services::graphql_document("search_merged", "pull_request_facts");
    x.variables = {{"q", search_text(request_.repo, when)}};
    x.find = [](const json& data) -> const json& {
      return at(data, "search");
    };
    // Where a page says there is more than was counted, it is asked for too.
    x.left = [&] {
      return counted > seen ? counted - seen : 20;
    };
    x.take = [&](listed_pull pull) {
      ++seen;
      keep(std::move(pull));
      return true;
    };
    return go(x);
  }

  /// Newest update first. One that is updated meanwhile jumps to the front,
  /// which is behind us: the count tells, and the walk is begun again, up to
  /// where nothing has changed since it began.
  error list_all() {
    if (auto err = use("list"))
      return err;
    for (int round = 0; round < 3; ++round) {
      const auto began = github_.time().now();
      if (auto err = list_from_top(round == 0 ? events::timestamp::min()
                                              : unchanged_since_))
        return err;
      unchanged_since_ = began - 300s; // clocks differ
      if (out_.whole())
        break;
    }
    return {};
  }

  /// @param until Ends at the first one not updated since, once the window is
  /// known to be passed before.
  error list_from_top(events::timestamp until) {
    const auto stop_at = std::max(request_.window.start, until);
    std::uint32_t seen = 0;
    walk x;
    x.what = "ListMerged " + request_.repo.str();
    x.text = services::graphql_document("list_merged", "pull_request_facts");
    x.variables
      = {{"owner", request_.repo.owner()}, {"name", request_.repo.name()}};
    x.find = [](const json& data) -> const json& {
      return at(at(data, "repository"), "pullRequests");
    };
    x.left = [&] {
      const auto all = std::max(request_.merged_total, out_.counted);
      return until > events::timestamp::min() ? 10u
             : all > seen                     ? all - seen
                                              : 20u;
    };
    x.take = [&](listed_pull pull) {
      ++seen;
      const bool goes_on = pull.updated_at >= stop_at;
      keep(std::move(pull));
      return goes_on;
    };
    return go(x);
  }

  void keep(listed_pull pull) {
    const auto when = pull.facts.merged_at;
    if (when < request_.window.start || when >= request_.window.end)
      return;
    const auto number = pull.facts.number;
    out_.pulls.insert_or_assign(number, std::move(pull));
  }

  /// Page after page; the size of a page follows what GitHub can make in time.
  error go(const walk& x) {
    auto variables = x.variables;
    variables["after"] = nullptr;
    int torn = 0;
    int alone = 0;
    while (true) {
      const auto asked = pages_.of(x.left());
      variables["pageSize"] = asked;
      const auto answer
        = github_.query(x.what, x.text, variables, used_, stop_, asked == 1);
      if (!answer)
        return answer.error();
      const auto& page = x.find(answer->data);
      if (const auto why = gone_in(*answer); !answer->too_heavy && why)
        return make_error(ec::not_found, x.what + ": " + *why);
      const auto quality = quality_of(*answer, page);
      if (quality == page_quality::torn && ++torn <= 3)
        continue;
      // If a single pull request is not visible to the token, note it and skip
      // it.
      const bool skipped
        = quality == page_quality::torn && asked == 1 && page.is_object();
      if (quality != page_quality::whole && !skipped) {
        // The last page may be of one by chance: then it is asked again.
        if (pages_.too_heavy(asked) || ++alone < 5)
          continue;
        return no_page_of_one(x.what, *answer);
      }
      if (skipped && !answer->errors.empty())
        out_.note
          = "GitHub does not give all: " + answer->errors.front().message;
      torn = 0;
      alone = 0;
      pages_.worked();
      const auto next = take_page(x, page, variables["after"]);
      if (!next)
        return next.error();
      if (next->empty())
        return {};
      variables["after"] = *next;
    }
  }

  services::github_client& github_;
  listing_request request_;
  page_size& pages_;
  services::github_usage& used_;
  const services::stop_flag& stop_;
  listing out_;
  events::timestamp unchanged_since_{};
};

} // namespace

std::vector<time_slice> cut_slice(const time_slice& x, std::size_t parts) {
  const auto length = std::chrono::floor<std::chrono::seconds>(x.end - x.start);
  const auto seconds = static_cast<std::size_t>(std::max(length, 1s).count());
  parts = std::clamp<std::size_t>(parts, 1, seconds);
  std::vector<time_slice> out;
  auto from = x.start;
  for (std::size_t i = 1; i <= parts; ++i) {
    const auto to = i == parts
                      ? x.end
                      : x.start
                          + std::chrono::seconds{static_cast<std::int64_t>(
                            seconds / parts * i + seconds % parts * i / parts)};
    out.push_back({from, to});
    from = to;
  }
  return out;
}

expected<listing>
list_merged(services::github_client& github, const listing_request& request,
            page_size& pages, services::github_usage& used,
            const services::stop_flag& stop) {
  return lister{github, request, pages, used, stop}.run();
}

std::string numbers_document(std::size_t numbers) {
  std::string head = "query ByNumber($owner: String!, $name: String!";
  std::string body = ") {\n  rateLimit { cost limit remaining resetAt }\n"
                     "  repository(owner: $owner, name: $name) {\n";
  for (std::size_t i = 0; i < numbers; ++i) {
    const auto n = std::to_string(i);
    head += ", $n" + n + ": Int!";
    body += "    p" + n + ": pullRequest(number: $n" + n
            + ") { state ...PullRequestFacts }\n";
  }
  return head + body + "  }\n}\n"
         + services::graphql_document("pull_request_facts");
}

expected<std::vector<listed_pull>>
read_numbers(services::github_client& github, const events::repo_name& repo,
             const std::vector<std::uint32_t>& numbers,
             services::github_usage& used, const services::stop_flag& stop) {
  std::size_t at_once = 50;
  std::vector<listed_pull> out;
  for (std::size_t from = 0; from < numbers.size();) {
    const auto some = std::min(at_once, numbers.size() - from);
    json variables{{"owner", repo.owner()}, {"name", repo.name()}};
    for (std::size_t i = 0; i < some; ++i)
      variables["n" + std::to_string(i)] = numbers[from + i];
    const auto what = "ByNumber " + repo.str();
    auto answer = github.query(what, numbers_document(some), variables, used,
                               stop, some == 1);
    if (!answer)
      return answer.error();
    if (answer->too_heavy) {
      at_once = some / 2;
      continue;
    }
    if (const auto why = gone_in(*answer))
      return make_error(ec::not_found, what + ": " + *why);
    // A number may be an issue's; anything else is no reason to leave it out.
    for (const auto& each : answer->errors)
      if (each.type != "NOT_FOUND")
        return make_error(ec::unavailable, what + ": GitHub does not give "
                                             + each.path + ": " + each.message);
    for (std::size_t i = 0; i < some; ++i) {
      const auto& node
        = at(at(answer->data, "repository"), ("p" + std::to_string(i)).c_str());
      if (!node.is_object() || text(node, "state") != "MERGED")
        continue;
      auto pull = read_pull(node);
      if (!pull)
        return pull.error();
      out.push_back(std::move(*pull));
    }
    from += some;
  }
  return out;
}

} // namespace fc::actors
