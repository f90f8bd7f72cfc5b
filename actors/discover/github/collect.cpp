#include "actors/discover/github/collect.hpp"

#include "actors/services/git/git_repository.hpp"

#include <algorithm>

namespace fc::actors {

using events::ec;
using events::error;
using events::expected;
using events::make_error;
using services::git_repository;

namespace {

/// Numbers that only the history names and that are asked for, at most: in
/// some histories numbers are those of issues.
constexpr std::size_t max_unlisted = 200;

class collector {
public:
  collector(services::github_client& github, const repository_card& card,
            const window_request& request, const std::filesystem::path& clone,
            page_size& pages, services::github_usage& used)
    : github_(github), card_(card), request_(request), clone_(clone),
      pages_(pages), used_(used) {}

  expected<pull_collection> run() {
    if (auto err = list())
      return err;
    return std::move(out_);
  }

private:
  error list() {
    if (!request_.tasks.empty())
      return list_tasks();
    listing_request wanted;
    wanted.repo = card_.facts.repo;
    wanted.window = {request_.start, request_.end};
    wanted.merged_total = card_.merged_total;
    if (card_.counted) {
      wanted.counted = *card_.counted;
    } else {
      auto counted = count_merged(github_, wanted.repo, {wanted.window}, used_,
                                  request_.stop);
      if (!counted)
        return counted.error();
      wanted.counted = counted->front();
    }
    auto found = list_merged(github_, wanted, pages_, used_, request_.stop);
    if (!found)
      return found.error();
    out_.method = found->method;
    add_note(out_.note, found->note);
    out_.counted = found->counted;
    if (auto err = add_unlisted(*found))
      return err;
    for (auto& [number, pull] : found->pulls)
      out_.pulls.push_back(std::move(pull));
    return {};
  }

  /// The history is a second witness that costs nothing: what it names and the
  /// listing does not is asked for by number.
  error add_unlisted(listing& found) {
    auto git = git_repository::open(clone_, request_.stop);
    if (!git)
      return git.error();
    auto head = (*git)->resolve(head_name());
    if (!head)
      return {}; // an empty repository has no history
    out_.head = *head;
    auto merged = (*git)->merged(*head, request_.start, request_.end);
    if (!merged)
      return merged.error();
    std::vector<std::uint32_t> unlisted;
    for (const auto& each : *merged)
      if (!found.pulls.contains(each.number))
        unlisted.push_back(each.number);
    if (unlisted.empty())
      return {};
    const auto named = unlisted.size();
    unlisted.resize(std::min(named, max_unlisted));
    if (named > unlisted.size())
      add_note(out_.note, "of " + std::to_string(named)
                            + " numbers that only the history names, "
                            + std::to_string(unlisted.size())
                            + " were asked for");
    auto read
      = read_numbers(github_, found.repo, unlisted, used_, request_.stop);
    if (!read)
      return read.error();
    std::size_t added = 0;
    for (auto& pull : *read)
      if (const auto when = pull.facts.merged_at;
          when >= request_.start && when < request_.end) {
        const auto number = pull.facts.number;
        added += found.pulls.emplace(number, std::move(pull)).second ? 1 : 0;
      }
    if (added > 0) {
      add_note(out_.note, "the history names " + std::to_string(added)
                            + " that GitHub's listing lacks; they are stored");
      auto again
        = count_merged(github_, found.repo, {{request_.start, request_.end}},
                       used_, request_.stop);
      if (!again)
        return again.error();
      out_.counted = again->front();
    }
    return {};
  }

  error list_tasks() {
    std::vector<std::uint32_t> numbers;
    for (const auto& task : request_.tasks)
      numbers.push_back(task.number);
    auto read
      = read_numbers(github_, card_.facts.repo, numbers, used_, request_.stop);
    if (!read)
      return read.error();
    for (const auto& task : request_.tasks)
      if (std::ranges::none_of(*read, [&](const listed_pull& pull) {
            return pull.facts.number == task.number;
          }))
        return make_error(ec::not_found, "GitHub has no merged pull request "
                                           + request_.repo.str() + "#"
                                           + std::to_string(task.number));
    out_.method = "numbers";
    out_.counted = static_cast<std::uint32_t>(read->size());
    for (auto& pull : *read)
      out_.pulls.push_back(std::move(pull));
    return {};
  }

  std::string head_name() const {
    return request_.head != "HEAD" || card_.facts.branch.empty()
             ? request_.head
             : "refs/heads/" + card_.facts.branch;
  }

  services::github_client& github_;
  const repository_card& card_;
  const window_request& request_;
  const std::filesystem::path& clone_;
  page_size& pages_;
  services::github_usage& used_;
  pull_collection out_;
};

} // namespace

void add_note(std::string& to, const std::string& note) {
  if (!note.empty())
    to += (to.empty() ? "" : "; ") + note;
}

expected<pull_collection>
collect_pulls(services::github_client& github, const repository_card& card,
              const window_request& request, const std::filesystem::path& clone,
              page_size& pages, services::github_usage& used) {
  return collector{github, card, request, clone, pages, used}.run();
}

} // namespace fc::actors
