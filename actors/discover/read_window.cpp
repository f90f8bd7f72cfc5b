#include "actors/discover/read_window.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <unordered_map>

namespace fc::actors {

using events::ec;
using events::error;
using events::expected;
using events::make_error;
using events::scraped;
using services::merged_commit;

namespace {

using merged_commits = std::vector<merged_commit>;

std::uint32_t fitting(std::uint64_t n) {
  constexpr std::uint64_t max = std::numeric_limits<std::uint32_t>::max();
  return static_cast<std::uint32_t>(std::min(n, max));
}

error bad_task(const window_request& request, const named_task& task,
               const std::string& why) {
  return make_error(ec::invalid_argument, "task " + request.repo.str() + "#"
                                            + std::to_string(task.number) + ": "
                                            + why);
}

error check(const window_request& request) {
  if (request.tasks.empty() && request.start >= request.end)
    return make_error(ec::invalid_argument,
                      "the window from " + events::to_iso8601(request.start)
                        + " to " + events::to_iso8601(request.end)
                        + " is empty; its end must be later");
  std::set<std::uint32_t> seen;
  for (const auto& task : request.tasks) {
    if (task.number == 0)
      return bad_task(request, task, "a pull request's number is above 0");
    if (!seen.insert(task.number).second)
      return bad_task(request, task, "named twice; name it once");
  }
  return {};
}

/// Finds named tasks; the history is read once, and only if one needs it.
class task_finder {
public:
  task_finder(services::git_repository& git, const window_request& request,
              const std::string& head)
    : git_(git), request_(request), head_(head) {}

  expected<merged_commits> find() {
    merged_commits out;
    for (const auto& task : request_.tasks) {
      auto found = task.merge.empty() ? look_up(task) : describe(task);
      if (!found)
        return found.error();
      found->number = task.number;
      if (!task.base.empty()) {
        auto base = resolve(task, task.base);
        if (!base)
          return base.error();
        found->base = std::move(*base);
      }
      if (found->base.empty())
        return bad_task(request_, task,
                        found->commit
                          + " has no parent to compare with; name a base");
      out.push_back(std::move(*found));
    }
    return out;
  }

private:
  expected<merged_commit> look_up(const named_task& task) {
    if (!read_) {
      auto all = git_.merged(head_, events::timestamp::min(),
                             events::timestamp::max());
      if (!all)
        return all.error();
      for (auto& x : *all)
        by_number_.emplace(x.number, std::move(x));
      read_ = true;
    }
    const auto at = by_number_.find(task.number);
    if (at == by_number_.end())
      return make_error(ec::not_found,
                        "pull request " + request_.repo.str() + "#"
                          + std::to_string(task.number)
                          + " is not on the first-parent history of "
                          + request_.head + "; name its base and merge");
    auto out = at->second;
    if (!task.base.empty())
      out.kind = "task";
    return out;
  }

  expected<merged_commit> describe(const named_task& task) {
    auto id = resolve(task, task.merge);
    if (!id)
      return id.error();
    auto out = git_.describe(*id);
    if (out)
      out->kind = "task";
    return out;
  }

  expected<std::string>
  resolve(const named_task& task, const std::string& revision) {
    auto id = git_.resolve(revision);
    if (id || events::code_of(id.error()) != ec::not_found)
      return id;
    return make_error(ec::not_found, "task " + request_.repo.str() + "#"
                                       + std::to_string(task.number) + ": "
                                       + events::describe(id.error()));
  }

  services::git_repository& git_;
  const window_request& request_;
  const std::string& head_;
  bool read_ = false;
  std::unordered_map<std::uint32_t, merged_commit> by_number_;
};

/// Dates are not monotonic along the history: by date, then as they stand.
void oldest_first(merged_commits& x) {
  std::stable_sort(x.begin(), x.end(), [](const auto& a, const auto& b) {
    return a.merged_at < b.merged_at;
  });
}

/// Everything that the log knows; files and counts are still to come.
scraped facts_of(merged_commit&& x, const window_request& request) {
  scraped out;
  out.repo = request.repo;
  out.number = x.number;
  out.title = std::move(x.title);
  out.body = std::move(x.body);
  out.merged_at = x.merged_at;
  out.base = std::move(x.base);
  out.merge = std::move(x.commit);
  out.merge_kind = std::move(x.kind);
  out.source = request.source;
  out.text_repaired = x.text_repaired;
  out.note = std::move(x.note);
  return out;
}

void add_files(scraped& out, services::commit_change& change) {
  out.changed_files = fitting(change.files.size());
  out.additions = fitting(change.additions);
  out.deletions = fitting(change.deletions);
  if (change.files.size() > max_files)
    change.files.resize(max_files);
  out.files = std::move(change.files);
  out.missing_objects = std::move(change.missing_objects);
  if (!change.unreadable.empty())
    out.note = std::string{not_read} + change.unreadable
               + (out.note.empty() ? "" : "; ") + out.note;
  out.text_repaired = out.text_repaired || change.text_repaired;
}

/// What is not certain about these, for the record of the window.
std::string doubts_about(const merged_commits& found) {
  constexpr std::size_t max = 10;
  std::string text;
  std::size_t count = 0;
  for (const auto& each : found)
    if (!each.note.empty() && ++count <= max)
      text += (text.empty() ? "#" : "; #") + std::to_string(each.number) + ": "
              + each.note;
  if (count > max)
    text += "; " + std::to_string(count - max)
            + " more are not certain, see their notes";
  return text;
}

error visit_all(services::git_repository& git, const window_request& request,
                merged_commits found, const events::policy::symbolic_gate& gate,
                const pull_visitor& visit) {
  std::vector<events::policy::symbolic_verdict> verdicts;
  std::vector<services::git_repository::change_request> changes;
  for (const auto& x : found) {
    verdicts.push_back(gate.by_title(x.title));
    changes.push_back(
      {x.base, x.commit, events::policy::is_passed(verdicts.back())});
  }
  return git.changes(
    changes, [&](std::size_t i, services::commit_change change) -> error {
      discovered_pull out;
      out.facts = facts_of(std::move(found[i]), request);
      add_files(out.facts, change);
      out.before_diff = gate.by_files(std::move(verdicts[i]), out.facts);
      if (events::policy::is_passed(*out.before_diff)
          && out.facts.missing_objects.empty() && change.unreadable.empty())
        out.diff = std::move(change.diff);
      return visit(std::move(out));
    });
}

} // namespace

expected<window_summary>
read_window(services::git_repository& git, const window_request& request,
            const events::policy::symbolic_gate& gate,
            const pull_visitor& visit) {
  if (auto err = check(request))
    return err;
  auto head = git.resolve(request.head);
  if (!head)
    return head.error();
  auto found = request.tasks.empty()
                 ? git.merged(*head, request.start, request.end)
                 : task_finder{git, request, *head}.find();
  if (!found)
    return found.error();
  if (request.tasks.empty())
    std::reverse(found->begin(), found->end());
  oldest_first(*found);
  window_summary out;
  out.head = std::move(*head);
  out.counted = fitting(found->size());
  out.doubts = doubts_about(*found);
  if (request.known)
    std::erase_if(*found,
                  [&](const auto& each) { return request.known(each.number); });
  if (auto err = visit_all(git, request, std::move(*found), gate, visit))
    return err;
  return out;
}

} // namespace fc::actors
