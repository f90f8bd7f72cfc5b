#include "tools/fc-data/sources.hpp"

#include "actors/discover/local_window.hpp"
#include "actors/discover/read_window.hpp"
#include "actors/services/git/clone.hpp"
#include "actors/services/git/git_repository.hpp"
#include "events/common/address.hpp"
#include "events/common/shown.hpp"

#include <cctype>
#include <iostream>

namespace fc::tools {

namespace {

namespace fs = std::filesystem;
using actors::scrape_job;
using actors::services::git_repository;
using events::ec;
using events::error;
using events::expected;
using events::make_error;

constexpr double clone_timeout_s = 7200;

bool is_url(const std::string& source) {
  return source.find("://") != std::string::npos
         || (source.find(':') != std::string::npos && !fs::exists(source));
}

/// The local folder of a source; a URL is cloned or updated first.
expected<fs::path>
local_folder(const std::string& given, const std::string& source,
             const options& settings, const actors::services::stop_flag& stop) {
  if (!is_url(source))
    return fs::absolute(source);
  auto name = source.substr(source.find_last_of("/:") + 1);
  if (name.ends_with(".git"))
    name.resize(name.size() - 4);
  const auto id = events::sha256(events::as_bytes(source)).hex().substr(0, 12);
  const auto into
    = fs::absolute(settings.work / "repositories" / (name + "-" + id + ".git"));
  std::cerr << "fetching " << events::common::shown(source) << '\n';
  if (auto err
      = actors::services::clone_repository(given, into, clone_timeout_s, stop))
    return err;
  return into;
}

/// A folder's name as a repository's: blanks and other letters that such a name
/// cannot have become hyphens.
std::string plain_name(std::string name) {
  if (name.ends_with(".git"))
    name.resize(name.size() - 4);
  for (auto& c : name)
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '.' && c != '_'
        && c != '-')
      c = '-';
  return name;
}

/// What the repository is called: by the user, by its tasks, by its origin, or
/// by its folder.
expected<events::repo_name>
name_of(git_repository& git, const options& settings, const fs::path& folder) {
  if (!settings.repo.empty())
    return events::repo_name::parse(settings.repo);
  if (auto name = git.name_from_origin())
    return *name;
  if (!settings.tasks.empty() && settings.sources.size() == 1)
    return settings.tasks.front().id.repo;
  // "." and "clone/" and "clone/.git" are the folder that they name.
  auto real = folder.lexically_normal();
  if (real.filename().empty())
    real = real.parent_path();
  if (real.filename() == ".git")
    real = real.parent_path();
  auto name
    = events::repo_name::parse("local/" + plain_name(real.filename().string()));
  if (name)
    return name;
  return make_error(ec::invalid_argument,
                    real.string()
                      + " has no origin and no name that a repository can "
                        "have; name it with --repo owner/name");
}

/// Why a revision that names no commit does not: the clone's own HEAD may be a
/// branch that nobody has committed to.
error unborn(const error& why, const options& settings,
             const std::string& source) {
  if (events::code_of(why) != ec::not_found || settings.head != "HEAD")
    return why;
  return make_error(ec::not_found,
                    "HEAD of " + source
                      + " names no commit: it is empty, or its branch is "
                        "another; name the branch to read with --head");
}

/// The tasks of one repository.
std::vector<actors::named_task>
tasks_of(const options& settings, const events::repo_name& repo) {
  std::vector<actors::named_task> tasks;
  for (const auto& each : settings.tasks)
    if (each.id.repo == repo)
      tasks.push_back({each.id.number, each.base, each.merge});
  return tasks;
}

/// Whether every number without commits of its own is in the history.
error check_numbers(git_repository& git, actors::window_request window) {
  window.known = [](std::uint32_t) {
    return true;
  };
  const events::policy::symbolic_gate gate{{}};
  auto read = actors::read_window(git, window, gate,
                                  [](const auto&) { return error{}; });
  return read ? error{} : read.error();
}

error check_commits(git_repository& git, const actors::window_request& window,
                    const options& settings, std::uint32_t& found) {
  if (auto head = git.resolve(window.head); !head)
    return unborn(head.error(), settings, window.source);
  for (const auto& task : window.tasks)
    for (const auto& revision : {task.base, task.merge}) {
      if (revision.empty())
        continue;
      if (auto commit = git.resolve(revision); !commit)
        return commit.error();
    }
  if (!window.tasks.empty()) {
    found += static_cast<std::uint32_t>(window.tasks.size());
    return check_numbers(git, window);
  }
  auto merged = git.merged(window.head, window.start, window.end);
  if (!merged)
    return merged.error();
  found += static_cast<std::uint32_t>(merged->size());
  return {};
}

expected<scrape_job>
open_one(const std::string& given, const options& settings,
         const actors::services::stop_flag& stop, std::uint32_t& found) {
  // What opens the door is git's alone: no event, name or error has it.
  const auto address = events::common::split_credentials(given);
  if (!address)
    return address.error();
  const auto source
    = is_url(given) ? events::common::without_credentials(address->url) : given;
  auto folder = local_folder(given, source, settings, stop);
  if (!folder)
    return folder.error();
  auto git = git_repository::open(*folder, stop);
  if (!git)
    return git.error();
  auto name = name_of(**git, settings, *folder);
  if (!name)
    return name.error();
  scrape_job job;
  job.path = *folder;
  job.source = actors::local_window(*folder);
  job.window.repo = *name;
  job.window.source = source;
  job.window.head = settings.head;
  job.window.tasks = tasks_of(settings, *name);
  if (!settings.tasks.empty() && job.window.tasks.empty())
    return make_error(ec::invalid_argument,
                      "task " + settings.tasks.front().id.str() + " is not of "
                        + name->str() + ", which is what " + source
                        + " is called; --repo owner/name renames it");
  if (settings.tasks.empty()) {
    job.window.start = *settings.start;
    job.window.end = *settings.end;
  }
  if (auto err = check_commits(**git, job.window, settings, found))
    return err;
  return job;
}

} // namespace

expected<std::vector<scrape_job>>
open_sources(const options& settings, const actors::services::stop_flag& stop) {
  std::vector<scrape_job> jobs;
  std::uint32_t found = 0;
  for (const auto& source : settings.sources) {
    auto job = open_one(source, settings, stop, found);
    if (!job)
      return job.error();
    const auto& name = job->window.repo;
    const bool twice = std::ranges::any_of(
      jobs, [&](const auto& other) { return other.window.repo == name; });
    if (twice)
      return make_error(
        ec::invalid_argument,
        events::common::without_credentials(source) + " is " + name.str()
          + ", as a --source before it; name each repository "
            "once, or rename one by --repo in a run of its own");
    jobs.push_back(std::move(*job));
  }
  // GitHub's repositories are looked for later.
  if (settings.repositories.any() || settings.sources.empty())
    return jobs;
  for (const auto& task : settings.tasks) {
    const bool has_source = std::ranges::any_of(
      jobs, [&](const auto& job) { return job.window.repo == task.id.repo; });
    if (!has_source)
      return make_error(ec::invalid_argument,
                        "task " + task.id.str() + " belongs to no --source");
  }
  if (found == 0)
    std::cerr << "fc-data: no pull request was merged in ["
              << events::to_iso8601(*settings.start) << ", "
              << events::to_iso8601(*settings.end)
              << ") on the first-parent history of "
              << events::common::without_credentials(settings.sources.front())
              << std::endl;
  return jobs;
}

} // namespace fc::tools
