#include "tools/fc-data/run/prepare.hpp"

#include "actors/build/instrument.hpp"
#include "events/common/address.hpp"
#include "tools/fc-data/policy_file.hpp"
#include "tools/fc-data/sources.hpp"
#include "tools/fc-data/terminal/diagnostics.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <iostream>
#include <sched.h>

namespace fc::tools {

namespace {

using events::expected;
using policy_ptr = std::shared_ptr<const events::policy::policy>;

/// The processor that trials have for themselves: the last of several.
int trial_cpu() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  if (::sched_getaffinity(0, sizeof allowed, &allowed) != 0
      || CPU_COUNT(&allowed) < 2)
    return -1;
  int last = -1;
  for (int i = 0; i < CPU_SETSIZE; ++i)
    if (CPU_ISSET(i, &allowed))
      last = i;
  return last;
}

/// Opened before anything is written: what the stages need of this machine.
expected<actors::stage_context_ptr>
open_stage_context(const options& settings, const policy_ptr& policy,
                   const std::vector<actors::scrape_job>& jobs) {
  actors::stage_context_options context_options;
  context_options.work = std::filesystem::absolute(settings.work);
  context_options.interpreter = settings.interpreter;
  context_options.data = std::filesystem::absolute(settings.data);
  context_options.index = settings.index == "auto" ? "" : settings.index;
  context_options.pip_index_url = settings.pip_index_url;
  context_options.control = settings.control;
  context_options.keep_sandboxes = settings.keep_sandboxes;
  context_options.cpu = trial_cpu();
  for (const auto& job : jobs)
    context_options.repositories.emplace(job.window.repo, job.path);
  return actors::stage_context::open(std::move(context_options), policy);
}

using reader_ptr = std::shared_ptr<const events::log::log_reader>;

/// The other log, none where the user named none.
expected<reader_ptr> open_evidence(const options& settings) {
  if (settings.evidence_from.empty())
    return reader_ptr{};
  auto recorded = events::log::open_rocksdb_reader(settings.evidence_from);
  if (!recorded)
    return recorded.error();
  return reader_ptr{std::move(*recorded)};
}

/// Whether the judge's models can be asked. Evidence of another log may be all
/// that is needed: then nobody is asked before it is known.
expected<std::vector<actors::model_facts>>
check_models(const options& settings, const events::policy::policy& policy,
             const actors::services::stop_flag& stop) {
  if (!settings.evidence_from.empty())
    return std::vector<actors::model_facts>{};
  auto models = check_judge(settings.judge, policy, stop, false);
  if (models)
    for (const auto& each : *models)
      if (each.failure)
        std::cerr << "fc-data: " << each.model << " cannot be asked now, the "
                  << "other model stands in: "
                  << printable_line(events::describe(each.failure)) << '\n';
  return models;
}

} // namespace

std::string
configuration_of(const options& settings, const preparation& ready) {
  nlohmann::json x;
  for (const auto& job : ready.jobs) {
    nlohmann::json tasks = nlohmann::json::array();
    for (const auto& task : job.window.tasks)
      tasks.push_back({task.number, task.base, task.merge});
    x["sources"].push_back({{"repository", job.window.repo.str()},
                            {"source", job.window.source},
                            {"head", job.window.head},
                            {"tasks", tasks}});
  }
  if (settings.start && settings.tasks.empty()) {
    x["start"] = events::to_iso8601(*settings.start);
    x["end"] = events::to_iso8601(*settings.end);
  }
  if (const auto found = repository_configuration(settings.repositories);
      !found.empty())
    x["repositories"] = found;
  x["policy"] = ready.policy->id.hex();
  x["control"] = settings.control;
  x["interpreter"] = settings.interpreter.string();
  x["index"] = settings.index;
  if (const auto judge = judge_configuration(settings.judge); !judge.empty())
    x["judge"] = judge;
  return events::common::without_credentials(x.dump());
}

std::string instrument_of(const preparation& ready) {
  return ready.context && !ready.recorded
           ? actors::describe_instrument(*ready.context)
           : std::string{};
}

events::expected<preparation>
prepare(const options& settings, interrupt& signals) {
  auto policy = load_policy(settings);
  if (!policy)
    return policy.error();
  auto repositories = open_repositories(settings);
  if (!repositories)
    return repositories.error();
  auto jobs = open_sources(settings, signals.flag());
  if (!jobs)
    return jobs.error();
  auto context = open_stage_context(settings, *policy, *jobs);
  if (!context)
    return context.error();
  auto recorded = open_evidence(settings);
  if (!recorded)
    return recorded.error();
  auto models = check_models(settings, **policy, signals.flag());
  if (!models)
    return models.error();
  return preparation{std::move(*policy),   std::move(*repositories),
                     std::move(*jobs),     std::move(*context),
                     std::move(*recorded), std::move(*models)};
}

} // namespace fc::tools
