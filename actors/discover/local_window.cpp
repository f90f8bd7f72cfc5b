#include "actors/discover/local_window.hpp"

#include "actors/discover/asv_suite.hpp"
#include "actors/discover/read_window.hpp"

#include <algorithm>

namespace fc::actors {

using events::error;
using events::expected;

namespace {

class local_source : public window_source {
public:
  explicit local_source(std::filesystem::path path) : path_(std::move(path)) {}

  expected<window_summary>
  read(const window_request& request, const events::policy::symbolic_gate& gate,
       const window_visitor& visit) override {
    auto git = services::git_repository::open(path_, request.stop);
    if (!git)
      return git.error();
    auto seen = look_for_suite(**git, request);
    if (!seen)
      return seen.error();
    if (auto err = visit.repository(std::move(*seen)))
      return err;
    auto summary = read_window(**git, request, gate, visit.pull_request);
    if (summary) {
      summary->method = "history";
      summary->note = "counted in the first-parent history";
    }
    return summary;
  }

private:
  expected<events::repository_seen>
  look_for_suite(services::git_repository& git, const window_request& request) {
    auto commits = ends_of(git, request);
    if (!commits)
      return commits.error();
    events::repository_seen seen;
    seen.repo = request.repo;
    seen.source = request.source;
    if (auto err = find_suite(git, *commits, seen))
      return err;
    return seen;
  }

  expected<std::vector<std::string>>
  ends_of(services::git_repository& git, const window_request& request) {
    std::vector<std::string> commits;
    for (const auto& task : request.tasks) {
      if (task.merge.empty())
        continue;
      auto commit = git.resolve(task.merge);
      if (!commit)
        return commit.error();
      commits.push_back(*commit);
    }
    if (!request.tasks.empty() && !commits.empty())
      return commits;
    const auto start
      = request.tasks.empty() ? request.start : events::timestamp::min();
    const auto end
      = request.tasks.empty() ? request.end : events::timestamp::max();
    auto merged = git.merged(request.head, start, end);
    if (!merged)
      return merged.error();
    for (const auto& each : *merged) {
      const bool wanted
        = request.tasks.empty()
          || std::ranges::any_of(request.tasks, [&](const named_task& task) {
               return task.number == each.number;
             });
      if (wanted)
        commits.push_back(each.commit);
    }
    // Newest and oldest are enough to tell.
    if (commits.size() > 2)
      commits = {commits.front(), commits.back()};
    return commits;
  }

  std::filesystem::path path_;
};

} // namespace

std::unique_ptr<window_source> local_window(std::filesystem::path repository) {
  return std::make_unique<local_source>(std::move(repository));
}

} // namespace fc::actors
