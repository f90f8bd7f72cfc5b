#include "actors/discover/github/github_window.hpp"

#include "actors/discover/asv_suite.hpp"
#include "actors/discover/github/collect.hpp"
#include "actors/discover/github/json_fields.hpp"
#include "actors/discover/github/linked_issues.hpp"
#include "actors/discover/github/pull_commits.hpp"
#include "actors/discover/github/served_diff.hpp"
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

/// A pull request on its way to the visitor.
struct found_pull {
  listed_pull pull;
  pull_commits commits;
  bool passes = false; ///< Title and files; its diff is wanted.
};

bool passes(const events::policy::symbolic_gate& gate,
            const events::scraped& x) {
  return std::holds_alternative<events::symbolic_passed>(gate.before_diff(x));
}

/// The list of files by trees, where GitHub's was cut after a hundred. Lines
/// of a file are known for those it listed; the totals are GitHub's.
void complete_files(found_pull& x) {
  auto& facts = x.pull.facts;
  if (x.pull.files_whole || x.commits.changes.empty()
      || facts.changed_files > max_files)
    return;
  std::set<std::string> listed;
  for (const auto& each : facts.files)
    listed.insert(each.path);
  for (const auto& each : x.commits.changes) {
    if (facts.files.size() >= facts.changed_files)
      break;
    if (each.status != 'D' && listed.insert(each.path).second)
      facts.files.push_back({each.path, 0, 0});
  }
  for (const auto& each : x.commits.changes) {
    if (facts.files.size() >= facts.changed_files)
      break;
    if (listed.insert(each.path).second)
      facts.files.push_back({each.path, 0, 0});
  }
  add_note(facts.note, "GitHub lists 100 files, git completes them");
}

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
    found_.push_back({std::move(pull), {}, false});
  }

  /// Commits that the user named go before what GitHub says.
  error apply_task(found_pull& x) {
    const auto task
      = std::ranges::find_if(request_.tasks, [&](const named_task& each) {
          return each.number == x.pull.facts.number;
        });
    if (task == request_.tasks.end()
        || (task->base.empty() && task->merge.empty()))
      return {};
    auto git = git_repository::open(clone_.path(), request_.stop);
    if (!git)
      return git.error();
    for (const auto& [named, to] :
         {std::pair{&task->merge, &x.commits.merge},
          std::pair{&task->base, &x.commits.bases.emplace_back()}}) {
      if (named->empty())
        continue;
      auto commit = (*git)->resolve(*named);
      if (!commit)
        return commit.error();
      *to = *commit;
    }
    if (x.commits.bases.back().empty())
      x.commits.bases.pop_back();
    else
      x.commits.bases = {x.commits.bases.back()};
    x.commits.kind = "task";
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
      x.commits = std::move((*commits)[i]);
      if (auto err = apply_task(x))
        return err;
      auto& facts = x.pull.facts;
      complete_files(x);
      add_note(facts.note, x.commits.note);
      facts.merge_kind = x.commits.kind;
      if (!x.commits.kind.empty()) {
        facts.merge = x.commits.merge;
        facts.base = x.commits.bases.front();
      } else {
        facts.base = x.pull.base_tip;
      }
      x.passes = passes(gate_, facts);
    }
    return {};
  }

  /// The commits at whose trees a suite is looked for: the newest and the
  /// oldest that are read, or the head where nothing is.
  std::vector<std::string> suite_commits() const {
    const found_pull* newest = nullptr;
    const found_pull* oldest = nullptr;
    for (const auto& each : found_) {
      if (each.commits.kind.empty())
        continue;
      const auto when = each.pull.facts.merged_at;
      if (newest == nullptr || when > newest->pull.facts.merged_at)
        newest = &each;
      if (oldest == nullptr || when < oldest->pull.facts.merged_at)
        oldest = &each;
    }
    std::vector<std::string> commits;
    if (newest != nullptr)
      commits = {newest->commits.merge, oldest->commits.merge};
    else if (!summary_.head.empty())
      commits = {summary_.head};
    return commits;
  }

  /// Everything that diffs and the search for a suite will read, in one fetch.
  error bring_contents() {
    std::vector<std::string> ids;
    std::vector<git_repository::change_request> others;
    for (const auto& x : found_) {
      if (!x.passes || x.commits.kind.empty())
        continue;
      add_ids(ids, x.commits.changes);
      if (x.commits.kind == "task")
        others.push_back({x.commits.bases.front(), x.commits.merge, false});
      for (std::size_t k = 1; k < x.commits.bases.size(); ++k)
        others.push_back({x.commits.bases[k], x.commits.merge, false});
    }
    auto more = clone_.raw_changes(others);
    if (!more)
      return more.error();
    for (const auto& each : *more)
      add_ids(ids, each);
    auto git = git_repository::open(clone_.path(), request_.stop);
    if (!git)
      return git.error();
    for (const auto& commit : suite_commits()) {
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

  static void add_ids(std::vector<std::string>& to,
                      const std::vector<services::raw_change>& changes) {
    for (const auto& each : changes)
      for (const auto* id : {&each.old_id, &each.new_id})
        if (!id->empty())
          to.push_back(*id);
  }

  error report_repository() {
    auto git = git_repository::open(clone_.path(), request_.stop);
    if (!git)
      return git.error();
    auto seen = card_.facts;
    seen.repo = request_.repo;
    seen.source = request_.source;
    seen.head.clear();
    const auto commits = suite_commits();
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
      if (x.passes)
        ids.insert(x.pull.issues.begin(), x.pull.issues.end());
    auto read
      = read_issues(github(), {ids.begin(), ids.end()}, used_, request_.stop);
    if (!read)
      return read.error();
    issues_ = std::move(*read);
    return {};
  }

  /// Its issues as one JSON list; titles and counts into the facts.
  std::string issues_of(listed_pull& pull) const {
    json all = json::array();
    for (std::size_t i = 0; i < pull.issues.size(); ++i) {
      const auto found = issues_.find(pull.issues[i]);
      if (found == issues_.end())
        continue;
      all.push_back(found->second);
      auto& issue = pull.facts.issues[i];
      issue.title = text(found->second, "title");
      issue.comments = count(at(found->second, "comments"), "totalCount");
    }
    return all.empty()
             ? std::string{}
             : all.dump(-1, ' ', false, json::error_handler_t::replace);
  }

  error visit_rejected() {
    for (auto& x : found_) {
      if (x.passes)
        continue;
      if (x.commits.bases.size() > 1)
        add_note(x.pull.facts.note, "before may be " + x.commits.bases.back()
                                      + " as well: lines were not compared");
      if (auto err
          = visit_.pull_request({std::move(x.pull.facts), {}, {}, {}, {}}))
        return err;
    }
    std::erase_if(found_, [](const found_pull& x) { return !x.passes; });
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
    std::optional<services::commit_change> best;
    return (*git)->changes(
      requests, [&](std::size_t k, services::commit_change change) -> error {
        auto& x = found_[of[k]];
        // Several bases fit by their files: the lines tell which is right.
        if (!best || agrees(x, change)) {
          if (!best || !agrees(x, *best)) {
            best = std::move(change);
            x.pull.facts.base = requests[k].base;
          }
        }
        if (k + 1 < of.size() && of[k + 1] == of[k])
          return {};
        if (x.commits.kind == "squash"
            && x.pull.facts.base != x.commits.bases.front())
          x.pull.facts.merge_kind = "rebase";
        auto chosen = std::move(*best);
        best.reset();
        return visit_one(x, std::move(chosen));
      });
  }

  static bool
  agrees(const found_pull& x, const services::commit_change& change) {
    return change.additions == x.pull.facts.additions
           && change.deletions == x.pull.facts.deletions;
  }

  error visit_one(found_pull& x, services::commit_change change) {
    discovered_pull out;
    out.issue_texts = issues_of(x.pull);
    out.facts = std::move(x.pull.facts);
    auto& facts = out.facts;
    facts.missing_objects = std::move(change.missing_objects);
    facts.text_repaired = facts.text_repaired || change.text_repaired;
    if (!change.unreadable.empty())
      facts.note = std::string{not_read} + change.unreadable
                   + (facts.note.empty() ? "" : "; ") + facts.note;
    else if (facts.missing_objects.empty()) {
      if (change.additions != facts.additions
          || change.deletions != facts.deletions)
        add_note(facts.note, "GitHub counts +" + std::to_string(facts.additions)
                               + " -" + std::to_string(facts.deletions)
                               + ", git +" + std::to_string(change.additions)
                               + " -" + std::to_string(change.deletions));
      if (!x.pull.files_whole && facts.changed_files <= max_files
          && change.files.size() >= facts.files.size())
        facts.files = std::move(change.files);
      out.diff = std::move(change.diff);
      if (is_audited(facts.node_id, access_.audit_share))
        audit(out);
    }
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

  /// Git cannot serve it: GitHub's own diff, and a note that says so.
  error visit_served(found_pull& x) {
    discovered_pull out;
    out.issue_texts = issues_of(x.pull);
    out.facts = std::move(x.pull.facts);
    auto served = read_served_diff(github(), card_.facts.repo, out.facts.number,
                                   used_, request_.stop);
    if (!served && events::code_of(served.error()) != ec::not_found
        && events::code_of(served.error()) != ec::refused)
      return served.error();
    if (served) {
      out.diff = std::move(served->text);
      add_note(out.facts.note, "the diff is GitHub's");
      add_note(out.facts.note, served->note);
    } else {
      add_note(out.facts.note, events::describe(served.error()));
      out.facts.missing_objects
        = {out.facts.merge.empty() ? out.facts.head : out.facts.merge};
    }
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
