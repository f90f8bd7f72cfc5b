#include "actors/discover/github/found_pull.hpp"

#include "actors/discover/github/collect.hpp"
#include "actors/discover/github/json_fields.hpp"

#include <set>

namespace fc::actors {

using nlohmann::json;
using services::commit_change;

namespace {

/// Lines of a file are known for those that GitHub listed; the totals are its.
void complete_files(found_pull& x) {
  auto& facts = x.pull.facts;
  if (x.pull.files_whole || x.commits.changes.empty()
      || facts.changed_files > max_files)
    return;
  std::set<std::string> listed;
  for (const auto& each : facts.files)
    listed.insert(each.path);
  const auto add_those = [&](auto wanted) {
    for (const auto& each : x.commits.changes) {
      if (facts.files.size() >= facts.changed_files)
        return;
      if (wanted(each) && listed.insert(each.path).second)
        facts.files.push_back({each.path, 0, 0});
    }
  };
  add_those([](const auto& each) { return each.status != 'D'; });
  add_those([](const auto&) { return true; });
  add_note(facts.note, "GitHub lists 100 files, git completes them");
}

bool agrees(const found_pull& x, const commit_change& change) {
  return change.additions == x.pull.facts.additions
         && change.deletions == x.pull.facts.deletions;
}

std::string lines(std::uint64_t additions, std::uint64_t deletions) {
  return "+" + std::to_string(additions) + " -" + std::to_string(deletions);
}

} // namespace

void take_commits(found_pull& x, pull_commits commits) {
  x.commits = std::move(commits);
  auto& facts = x.pull.facts;
  complete_files(x);
  add_note(facts.note, x.commits.note);
  facts.merge_kind = x.commits.kind;
  if (x.commits.kind.empty()) {
    facts.base = x.pull.base_tip;
    return;
  }
  facts.merge = x.commits.merge;
  facts.base = x.commits.bases.front();
}

std::vector<std::string>
suite_commits(const std::vector<found_pull>& found, const std::string& head) {
  const found_pull* newest = nullptr;
  const found_pull* oldest = nullptr;
  for (const auto& each : found) {
    if (each.commits.kind.empty())
      continue;
    const auto when = each.pull.facts.merged_at;
    if (newest == nullptr || when > newest->pull.facts.merged_at)
      newest = &each;
    if (oldest == nullptr || when < oldest->pull.facts.merged_at)
      oldest = &each;
  }
  if (newest != nullptr)
    return {newest->commits.merge, oldest->commits.merge};
  return head.empty() ? std::vector<std::string>{}
                      : std::vector<std::string>{head};
}

void wanted_contents::add(const std::vector<services::raw_change>& changes) {
  for (const auto& each : changes)
    for (const auto* id : {&each.old_id, &each.new_id})
      if (!id->empty())
        ids.push_back(*id);
}

wanted_contents contents_of(const std::vector<found_pull>& found) {
  wanted_contents all;
  for (const auto& x : found) {
    if (!x.passes() || x.commits.kind.empty())
      continue;
    all.add(x.commits.changes);
    if (x.commits.kind == "task")
      all.others.push_back({x.commits.bases.front(), x.commits.merge, false});
    for (std::size_t k = 1; k < x.commits.bases.size(); ++k)
      all.others.push_back({x.commits.bases[k], x.commits.merge, false});
  }
  return all;
}

std::string
take_issues(listed_pull& pull, const std::map<std::string, json>& issues) {
  json all = json::array();
  for (std::size_t i = 0; i < pull.issues.size(); ++i) {
    const auto found = issues.find(pull.issues[i]);
    if (found == issues.end())
      continue;
    all.push_back(found->second);
    auto& issue = pull.facts.issues[i];
    issue.title = text(found->second, "title");
    issue.comments = count(at(found->second, "comments"), "totalCount");
  }
  return all.empty() ? std::string{}
                     : all.dump(-1, ' ', false, json::error_handler_t::replace);
}

discovered_pull rejected_pull(found_pull x) {
  discovered_pull out;
  out.facts = std::move(x.pull.facts);
  if (x.commits.bases.size() > 1)
    add_note(out.facts.note, "before may be " + x.commits.bases.back()
                               + " as well: lines were not compared");
  out.before_diff = std::move(x.before_diff);
  return out;
}

void base_choice::offer(const found_pull& x, commit_change change,
                        const std::string& base) {
  if (best_ && (agrees(x, *best_) || !agrees(x, change)))
    return;
  best_ = std::move(change);
  base_ = base;
}

commit_change base_choice::take(found_pull& x) {
  auto& facts = x.pull.facts;
  facts.base = std::move(base_);
  if (x.commits.kind == "squash" && facts.base != x.commits.bases.front())
    facts.merge_kind = "rebase";
  auto chosen = std::move(*best_);
  best_.reset();
  return chosen;
}

bool add_change(discovered_pull& to, commit_change change, bool files_whole) {
  auto& facts = to.facts;
  facts.missing_objects = std::move(change.missing_objects);
  facts.text_repaired = facts.text_repaired || change.text_repaired;
  if (!change.unreadable.empty()) {
    facts.note = std::string{not_read} + change.unreadable
                 + (facts.note.empty() ? "" : "; ") + facts.note;
    return false;
  }
  if (!facts.missing_objects.empty())
    return false;
  if (change.additions != facts.additions
      || change.deletions != facts.deletions)
    add_note(facts.note, "GitHub counts "
                           + lines(facts.additions, facts.deletions) + ", git "
                           + lines(change.additions, change.deletions));
  to.diff = std::move(change.diff);
  if (files_whole || facts.changed_files > max_files
      || change.files.size() < facts.files.size())
    return false;
  facts.files = std::move(change.files);
  return true;
}

void add_served(discovered_pull& to,
                const events::expected<served_diff>& served) {
  auto& facts = to.facts;
  if (served) {
    to.diff = served->text;
    add_note(facts.note, "the diff is GitHub's");
    add_note(facts.note, served->note);
    return;
  }
  add_note(facts.note, events::describe(served.error()));
  facts.missing_objects = {facts.merge.empty() ? facts.head : facts.merge};
}

} // namespace fc::actors
