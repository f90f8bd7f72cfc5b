#include "actors/discover/github/github_window.hpp"

#include "actors/discover/asv_suite.hpp"
#include "actors/discover/github/collect.hpp"
#include "actors/discover/github/found_pull.hpp"
#include "actors/discover/github/linked_issues.hpp"
#include "actors/discover/python_range.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <set>

namespace fc::actors {

using events::ec;
using events::error;
using events::expected;
using events::make_error;
using nlohmann::json;
using services::git_repository;
using services::partial_clone;

namespace {

/// Reads one window, step after step; what follows from what was read is in
/// `found_pull.hpp`.
class window_reader {
public:
  window_reader(const github_access& access, const repository_card& card,
                partial_clone clone, const window_request& request,
                const events::policy::symbolic_gate& gate,
                const window_visitor& visit, std::uint32_t first_page)
    : access_(access), card_(card), clone_(std::move(clone)), request_(request),
      gate_(gate), visit_(visit), pages_(first_page) {
    used_.on_limit = request.on_limit;
  }

  expected<window_summary> run() {
    if (auto err = list())
      return err;
    if (auto err = find_all_commits())
      return err;
    if (auto err = bring_contents())
      return err;
    if (auto err = report_repository())
      return err;
    if (auto err = bring_issues())
      return err;
    if (auto err = visit_rejected())
      return err;
    if (auto err = visit_passing())
      return err;
    summary_.calls = used_.calls;
    summary_.points = used_.points;
    summary_.git_operations = clone_.operations();
    summary_.page_size = pages_.now();
    return std::move(summary_);
  }

private:
  services::github_client& github() {
    return *access_.client;
  }

  error list() {
    auto all
      = collect_pulls(github(), card_, request_, clone_.path(), pages_, used_);
    if (!all)
      return all.error();
    summary_.head = std::move(all->head);
    summary_.counted = all->counted;
    summary_.method = std::move(all->method);
    summary_.note = std::move(all->note);
    for (auto& pull : all->pulls)
      take(std::move(pull));
    return {};
  }

  void take(listed_pull pull) {
    if (request_.known && request_.known(pull.facts.number))
      return;
    pull.facts.repo = request_.repo;
    pull.facts.source = request_.source;
    found_.push_back({std::move(pull), {}, {}});
  }

  /// Commits that the user named go before what GitHub says.
  error apply_task(std::uint32_t number, pull_commits& to) {
    const auto task
      = std::ranges::find(request_.tasks, number, &named_task::number);
    if (task == request_.tasks.end()
        || (task->base.empty() && task->merge.empty()))
      return {};
    auto git = git_repository::open(clone_.path(), request_.stop);
    if (!git)
      return git.error();
    if (!task->merge.empty()) {
      auto commit = (*git)->resolve(task->merge);
      if (!commit)
        return commit.error();
      to.merge = std::move(*commit);
    }
    if (!task->base.empty()) {
      auto commit = (*git)->resolve(task->base);
      if (!commit)
        return commit.error();
      to.bases = {std::move(*commit)};
    }
    // Without a commit before, git cannot tell what it changed.
    if (!to.bases.empty())
      to.kind = "task";
    return {};
  }

  error find_all_commits() {
    std::vector<const listed_pull*> pulls;
    for (const auto& each : found_)
      pulls.push_back(&each.pull);
    auto commits = find_commits(clone_, pulls, request_.stop);
    if (!commits)
      return commits.error();
    for (std::size_t i = 0; i < found_.size(); ++i) {
      auto& x = found_[i];
      if (auto err = apply_task(x.pull.facts.number, (*commits)[i]))
        return err;
      take_commits(x, std::move((*commits)[i]));
      x.before_diff = gate_.before_diff(x.pull.facts);
    }
    return {};
  }

  /// Everything that diffs and the search for a suite will read, in one fetch.
  error bring_contents() {
    auto wanted = contents_of(found_);
    auto more = clone_.raw_changes(wanted.others);
    if (!more)
      return more.error();
    for (const auto& each : *more)
      wanted.add(each);
    auto& ids = wanted.ids;
    auto git = git_repository::open(clone_.path(), request_.stop);
    if (!git)
      return git.error();
    for (const auto& commit : suite_commits(found_, summary_.head)) {
      auto configs = suite_config_ids(**git, commit);
      if (!configs)
        return configs.error();
      ids.insert(ids.end(), configs->begin(), configs->end());
      auto ranges = python_range_ids(**git, commit);
      if (!ranges)
        return ranges.error();
      ids.insert(ids.end(), ranges->begin(), ranges->end());
    }
    auto absent = clone_.absent(ids);
    if (!absent || absent->empty())
      return absent ? error{} : absent.error();
    for (auto& x : found_)
      x.commits.changes = {}; // paths are known now
    return clone_.fetch_files(*absent, request_.stop);
  }

  error report_repository() {
    auto git = git_repository::open(clone_.path(), request_.stop);
    if (!git)
      return git.error();
    auto seen = card_.facts;
    seen.repo = request_.repo;
    seen.source = request_.source;
    seen.head.clear();
    const auto commits = suite_commits(found_, summary_.head);
    if (auto err = find_suite(**git, commits, seen))
      return err;
    if (!commits.empty()) {
      auto range = requires_python(**git, commits.front());
      if (!range)
        return range.error();
      seen.requires_python = *range;
    }
    if (seen.head.empty())
      seen.head = card_.facts.head;
    return visit_.repository(std::move(seen));
  }

  error bring_issues() {
    std::set<std::string> ids;
    for (const auto& x : found_)
      if (x.passes())
        ids.insert(x.pull.issues.begin(), x.pull.issues.end());
    auto read
      = read_issues(github(), {ids.begin(), ids.end()}, used_, request_.stop);
    if (!read)
      return read.error();
    issues_ = std::move(*read);
    return {};
  }

  error visit_rejected() {
    for (auto& x : found_)
      if (!x.passes())
        if (auto err = visit_.pull_request(rejected_pull(std::move(x))))
          return err;
    std::erase_if(found_, [](const found_pull& x) { return !x.passes(); });
    return {};
  }

  error visit_passing() {
    auto git = git_repository::open(clone_.path(), request_.stop);
    if (!git)
      return git.error();
    std::vector<git_repository::change_request> requests;
    std::vector<std::size_t> of;
    for (std::size_t i = 0; i < found_.size(); ++i) {
      if (found_[i].commits.kind.empty()) {
        if (auto err = visit_served(found_[i]))
          return err;
        continue;
      }
      for (const auto& base : found_[i].commits.bases) {
        requests.push_back({base, found_[i].commits.merge, true});
        of.push_back(i);
      }
    }
    base_choice choice;
    return (*git)->changes(
      requests, [&](std::size_t k, services::commit_change change) -> error {
        auto& x = found_[of[k]];
        choice.offer(x, std::move(change), requests[k].base);
        const bool last = k + 1 == of.size() || of[k + 1] != of[k];
        return last ? visit_one(x, choice.take(x)) : error{};
      });
  }

  discovered_pull discovered(found_pull& x) const {
    discovered_pull out;
    out.issue_texts = take_issues(x.pull, issues_);
    out.facts = std::move(x.pull.facts);
    out.before_diff = std::move(x.before_diff);
    return out;
  }

  error visit_one(found_pull& x, services::commit_change change) {
    auto out = discovered(x);
    if (add_change(out, std::move(change), x.pull.files_whole))
      out.before_diff = gate_.by_files(std::move(*out.before_diff), out.facts);
    if (out.diff && is_audited(out.facts.node_id, access_.audit_share))
      audit(out);
    return visit_.pull_request(std::move(out));
  }

  /// An audit that cannot be made is no reason to lose the pull request.
  void audit(discovered_pull& x) {
    auto served = read_served_diff(github(), card_.facts.repo, x.facts.number,
                                   used_, request_.stop);
    if (!served) {
      spdlog::warn("audit not made pr={}#{} what={}", request_.repo.str(),
                   x.facts.number, events::describe(served.error()));
      return;
    }
    if (!served->note.empty())
      return; // put together from parts, nothing to compare with
    auto result = compare_diffs(*x.diff, served->text);
    ++summary_.audited;
    if (!result.equal) {
      ++summary_.audit_mismatches;
      x.served = std::move(served->text);
    }
    x.audit = std::move(result);
  }

  /// Git cannot serve it.
  error visit_served(found_pull& x) {
    auto out = discovered(x);
    const auto served = read_served_diff(
      github(), card_.facts.repo, out.facts.number, used_, request_.stop);
    if (!served && events::code_of(served.error()) != ec::not_found
        && events::code_of(served.error()) != ec::refused)
      return served.error();
    add_served(out, served);
    return visit_.pull_request(std::move(out));
  }

  const github_access& access_;
  const repository_card& card_;
  partial_clone clone_;
  const window_request& request_;
  const events::policy::symbolic_gate& gate_;
  const window_visitor& visit_;
  page_size pages_;
  services::github_usage used_;
  window_summary summary_;
  std::vector<found_pull> found_;
  std::map<std::string, json> issues_;
};

class github_source : public window_source {
public:
  github_source(std::shared_ptr<const github_access> access,
                repository_card card, std::filesystem::path clone,
                std::uint32_t first_page)
    : access_(std::move(access)), card_(std::move(card)),
      path_(std::move(clone)), first_page_(first_page) {}

  expected<window_summary>
  read(const window_request& request, const events::policy::symbolic_gate& gate,
       const window_visitor& visit) override {
    if (card_.absent)
      return make_error(ec::not_found,
                        card_.asked.str()
                          + " cannot be read from GitHub: " + *card_.absent);
    if (request.tasks.empty() && request.start >= request.end)
      return make_error(ec::invalid_argument, "the window is empty");
    auto slot = access_->slots->acquire(request.stop);
    if (!slot)
      return slot.error();
    auto url = access_->git_url;
    if (const auto at = url.find("{name}"); at != std::string::npos)
      url.replace(at, 6, card_.facts.repo.str());
    auto clone = partial_clone::bring(url, path_, access_->clone_timeout_s,
                                      request.stop);
    if (!clone)
      return clone.error();
    auto summary = window_reader{*access_, card_, std::move(*clone), request,
                                 gate,     visit, first_page_}
                     .run();
    if (summary)
      access_->client->time().took(access_->modelled_git_s
                                   * summary->git_operations);
    return summary;
  }

private:
  std::shared_ptr<const github_access> access_;
  repository_card card_;
  std::filesystem::path path_;
  std::uint32_t first_page_;
};

} // namespace

std::unique_ptr<window_source>
github_window(std::shared_ptr<const github_access> access, repository_card card,
              std::filesystem::path clone, std::uint32_t first_page) {
  return std::make_unique<github_source>(std::move(access), std::move(card),
                                         std::move(clone), first_page);
}

} // namespace fc::actors
