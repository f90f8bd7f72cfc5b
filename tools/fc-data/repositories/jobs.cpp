#include "tools/fc-data/repositories/jobs.hpp"

#include "actors/discover/github/github_window.hpp"
#include "actors/discover/repositories/bigquery_source.hpp"
#include "actors/discover/repositories/code_search.hpp"
#include "actors/discover/repositories/known_repositories.hpp"
#include "actors/discover/repositories/listed_names.hpp"
#include "events/common/address.hpp"
#include "events/policy/rules/repository.hpp"
#include "tools/fc-data/repositories/github.hpp"
#include "tools/fc-data/terminal/diagnostics.hpp"
#include "tools/shell/program.hpp"

#include <algorithm>
#include <map>

namespace fc::tools {

using events::ec;
using events::error;
using events::expected;
using events::make_error;

namespace {

constexpr std::size_t max_lines = 20;

std::string
plural(std::size_t count, const std::string& one, const std::string& many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

void print_sources(std::ostream& out, const actors::named_repositories& all) {
  for (const auto& each : all.sources) {
    out << "  " << printable_line(each.source) << ": ";
    if (each.failure) {
      out << "FAILED: " << printable_line(shell::words_of(each.failure))
          << '\n';
      continue;
    }
    out << plural(each.found, "repository", "repositories");
    if (!each.passed_over.empty())
      out << ", " << each.passed_over.size() << " passed over (forks and such)";
    if (!each.cut.empty())
      out << "; NOT ALL THERE IS: " << printable_line(each.cut);
    out << '\n';
  }
}

void print_unread(std::ostream& out,
                  const std::vector<actors::unread_repository>& all) {
  for (std::size_t i = 0; i < all.size() && i < max_lines; ++i)
    out << "  " << all[i].repo.str()
        << (all[i].rule.empty() ? "" : " (" + all[i].rule + ")") << ": "
        << printable_line(all[i].reason) << '\n';
  if (all.size() > max_lines)
    out << "  and " << all.size() - max_lines
        << " more; fcreplay --repositories names all\n";
}

/// "3 excluded (fork 1, stars 2)"
std::string excluded_text(const actors::found_repositories& x) {
  std::map<std::string, std::size_t> rules;
  for (const auto& each : x.excluded)
    ++rules[each.rule];
  std::string text;
  for (const auto& [rule, count] : rules)
    text += (text.empty() ? "" : ", ") + rule + " " + std::to_string(count);
  return std::to_string(x.excluded.size()) + " excluded"
         + (text.empty() ? "" : " (" + text + ")");
}

void print_found(std::ostream& out, const actors::repository_search_result& x) {
  out << plural(x.named.all.size(), "repository is", "repositories are")
      << " named, " << x.found.admitted.size() << " to be read, "
      << excluded_text(x.found) << '\n';
  print_sources(out, x.named);
  for (const auto& each : x.found.renamed)
    out << "  " << each.from.str() << " is now called " << each.to.str()
        << '\n';
  if (!x.found.problems.empty())
    out << plural(x.found.problems.size(), "repository", "repositories")
        << " could not be read:\n";
  print_unread(out, x.found.problems);
  out.flush();
}

/// The tasks of one repository, by either of its names.
std::vector<actors::named_task>
tasks_of(const options& settings, const actors::found_repository& x) {
  std::vector<actors::named_task> tasks;
  for (const auto& each : settings.tasks)
    if (each.id.repo == x.repo || each.id.repo == x.card.facts.repo
        || each.id.repo == x.card.asked)
      tasks.push_back({each.id.number, each.base, each.merge});
  return tasks;
}

/// Its clone is found by what it is, not by what it is called.
std::filesystem::path
clone_of(const options& settings, const actors::found_repository& x) {
  const auto id
    = events::sha256(events::as_bytes(x.node_id)).hex().substr(0, 12);
  return std::filesystem::absolute(
    settings.work / "repositories"
    / (std::string{x.repo.name()} + "-" + id + ".git"));
}

expected<actors::scrape_job>
job_of(const actors::found_repository& x, const options& settings,
       const std::shared_ptr<const actors::github_access>& access,
       const events::log::log_reader& log) {
  auto page = actors::last_page_size(log, x.repo);
  if (!page)
    return page.error();
  actors::scrape_job job;
  job.path = clone_of(settings, x);
  job.source
    = actors::github_window(access, x.card, job.path, *page == 0 ? 100 : *page);
  job.window.repo = x.repo;
  job.window.source = events::common::without_credentials(access->git_url);
  const auto at = job.window.source.find("{name}");
  job.window.source.replace(at, 6, x.card.facts.repo.str());
  job.window.head = settings.head;
  job.window.tasks = tasks_of(settings, x);
  if (job.window.tasks.empty()) {
    job.window.start = *settings.start;
    job.window.end = *settings.end;
  }
  return job;
}

/// The sources of the options; what they need is opened.
error open_sources_of(repository_set& to, const options& settings) {
  for (const auto& text : settings.repositories.sources) {
    const auto colon = text.find(':');
    const auto file = colon == std::string::npos ? "" : text.substr(colon + 1);
    if (text == "code-search") {
      to.rest = std::make_shared<actors::services::github_rest>(
        *to.github, settings.work / "cache" / "github");
      to.sources.push_back(actors::code_search(*to.rest));
    } else if (text == "bigquery") {
      auto client = open_bigquery(settings.repositories);
      if (!client)
        return client.error();
      to.bigquery = std::move(*client);
      to.sources.push_back(actors::bigquery_source(*to.bigquery));
    } else if (text.starts_with("list:")) {
      to.sources.push_back(actors::list_file(file));
    } else if (text.starts_with("jsonl:")) {
      to.sources.push_back(actors::json_lines(file));
    } else {
      to.sources.push_back(actors::given_names(text));
    }
  }
  return {};
}

} // namespace

expected<repository_set> open_repositories(const options& settings) {
  repository_set result;
  if (!settings.repositories.any())
    return result;
  auto github = open_github(settings.repositories);
  if (!github)
    return github.error();
  result.github = std::move(*github);
  if (auto err = open_sources_of(result, settings))
    return err;
  return result;
}

error apply_exclusions(std::ostream& out, events::log::event_log& log,
                       const repository_options& settings) {
  auto lines = actors::record_exclusions(log, settings.orders, {});
  if (!lines)
    return lines.error();
  for (const auto& line : *lines)
    out << line << '\n';
  return {};
}

error leave_out_excluded(std::ostream& out, const events::log::log_reader& log,
                         std::vector<actors::scrape_job>& jobs) {
  auto known = actors::known_repositories::read(log);
  if (!known)
    return known.error();
  std::erase_if(jobs, [&](const actors::scrape_job& job) {
    const auto* found = known->find(job.window.repo);
    if (found == nullptr || !found->view.excluded
        || found->view.excluded->rule != events::policy::rules::user)
      return false;
    out << job.window.repo.str()
        << " is excluded and not read: " << found->view.excluded->reason
        << '\n';
    return true;
  });
  return {};
}

expected<found_jobs>
find_jobs(std::ostream& out, repository_set from, const options& settings,
          const repository_run& of) {
  found_jobs result;
  if (!from.github)
    return result;
  auto limits
    = actors::standing_limits(*of.log, "github", from.github->time().now());
  if (!limits)
    return limits.error();
  for (const auto& each : *limits)
    from.github->restore(each);
  actors::repository_search search;
  search.log = of.log;
  search.policy = of.policy;
  search.run = of.run;
  search.sources = std::move(from.sources);
  search.github = from.github.get();
  if (settings.tasks.empty())
    search.window = {*settings.start, *settings.end};
  for (const auto& each : settings.tasks)
    search.only.push_back(each.id.repo);
  auto found = actors::find_repositories(std::move(search), of.stop);
  if (!found)
    return found.error();
  print_found(out, *found);
  const auto& wanted = settings.repositories;
  auto access = std::make_shared<actors::github_access>();
  access->client = from.github;
  access->slots
    = std::make_shared<actors::services::counting_semaphore>(wanted.at_once);
  access->git_url = wanted.git_url;
  access->audit_share = wanted.audit_share;
  result.sound = found->sound();
  for (const auto& each : found->found.admitted) {
    auto job = job_of(each, settings, access, *of.log);
    if (!job)
      return job.error();
    result.jobs.push_back(std::move(*job));
  }
  return result;
}

} // namespace fc::tools
