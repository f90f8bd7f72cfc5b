#include "tools/fc-data/launch.hpp"

#include "actors/core/run_log.hpp"
#include "actors/pipeline.hpp"
#include "tools/fc-data/interrupt.hpp"
#include "tools/fc-data/judge.hpp"
#include "tools/fc-data/policy_file.hpp"
#include "tools/fc-data/project.hpp"
#include "tools/fc-data/repositories/jobs.hpp"
#include "tools/fc-data/sources.hpp"
#include "tools/fc-data/stages.hpp"
#include "tools/fc-data/summary.hpp"
#include "tools/fc-data/table_keeper.hpp"
#include "tools/fc-data/terminal_reporter.hpp"

#include "caf/actor_system.hpp"
#include "caf/actor_system_config.hpp"

#include <nlohmann/json.hpp>

#include <iostream>
#include <sched.h>
#include <unistd.h>

namespace fc::tools {

namespace {

using events::ec;
using events::error;
using events::expected;
using events::make_error;
using events::stage;

using policy_ptr = std::shared_ptr<const events::policy::policy>;
using log_ptr = std::shared_ptr<events::log::event_log>;

/// What a restart must have in common with the run it continues.
std::string configuration_of(const options& settings, const policy_ptr& policy,
                             const std::vector<actors::scrape_job>& jobs) {
  nlohmann::json x;
  for (const auto& job : jobs) {
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
  x["policy"] = policy->id.hex();
  x["control"] = settings.control;
  x["interpreter"] = settings.interpreter.string();
  x["index"] = settings.index;
  if (const auto judge = judge_configuration(settings.judge); !judge.empty())
    x["judge"] = judge;
  return x.dump();
}

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
expected<actors::workshop_ptr>
open_workshop(const options& settings, const policy_ptr& policy,
              const std::vector<actors::scrape_job>& jobs) {
  actors::workshop_options shop_options;
  shop_options.work = std::filesystem::absolute(settings.work);
  shop_options.interpreter = settings.interpreter;
  shop_options.data = std::filesystem::absolute(settings.data);
  shop_options.index = settings.index == "auto" ? "" : settings.index;
  shop_options.pip_index_url = settings.pip_index_url;
  shop_options.control = settings.control;
  shop_options.keep_sandboxes = settings.keep_sandboxes;
  shop_options.cpu = trial_cpu();
  for (const auto& job : jobs)
    shop_options.repositories.emplace(job.window.repo, job.path);
  return actors::workshop::open(std::move(shop_options), policy);
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
                  << "other model stands in: " << events::describe(each.failure)
                  << '\n';
  return models;
}

/// How long a step may take before its lease is given away: what the policy
/// allows it, and room to tidy up.
actors::lease_seconds
leases(const events::policy::trial_plan& plan, const judge_set& judge) {
  constexpr double room = 600;
  actors::lease_seconds all;
  all.fill(room);
  const auto at = [&](stage x) -> double& {
    return all[static_cast<std::size_t>(x)];
  };
  at(stage::classify) = judge.lease_s + room;
  at(stage::synthesize) = 3 * plan.build_timeout_s + room;
  at(stage::trial) = 3 * plan.build_timeout_s + 2 * plan.survey_budget_s
                     + plan.screen_budget_s + plan.confirm_budget_s
                     + 60 * plan.benchmark_timeout_s + room;
  return all;
}

/// @param tables File that is kept up with the log meanwhile.
actors::run_result run_to_end(actors::pipeline_parts parts,
                              const std::shared_ptr<terminal_reporter>& screen,
                              interrupt& signals, const std::string& tables) {
  const auto log = parts.log;
  const table_keeper keeper{*log, tables};
  caf::actor_system_config config;
  actors::configure(config);
  caf::actor_system system{config};
  auto ended = screen->result();
  actors::pipeline running{system, std::move(parts)};
  signals.on_interrupt([&running] {
    running.halt(make_error(ec::cancelled,
                            "interrupted; start the same command again to go "
                            "on"));
  });
  auto result = ended.get();
  signals.on_interrupt({});
  return result;
}

/// Debian's RocksDB asserts when a log is closed after a failed write; nothing
/// is left to save, so it is not closed.
[[noreturn]] void leave_failed_log(const error& why) {
  std::cout.flush();
  std::cerr << "fc-data: " << events::describe(why) << std::endl;
  std::_Exit(static_cast<int>(exit_code::could_not_run));
}

exit_code code_of(const actors::run_result& result) {
  return result.failed + result.deferred > 0 ? exit_code::some_failed
                                             : exit_code::done;
}

/// A thread each. A model is asked by as many as it serves at once, and they
/// hold up nobody else.
std::vector<actors::performers>
workers_of(const stage_set& stages, const judge_set& judge) {
  auto light = stages.of(
    {stage::classify, stage::resolve, stage::render, stage::publish});
  if (judge.performer)
    light.erase(stage::classify);
  std::vector<actors::performers> all{
    light, light, stages.of({stage::synthesize}), stages.of({stage::trial})};
  for (std::uint32_t i = 0; i < judge.workers; ++i)
    all.push_back(stages.of({stage::classify}));
  return all;
}

/// After the run: the tables, and what a person is told.
error conclude(events::log::event_log& log, const options& settings,
               const std::string& run, const actors::run_result& result,
               const judge_set& judge) {
  if (auto err = project_all(log, settings))
    return err;
  if (auto err = print_summary(std::cout, log, run, result, settings))
    return err;
  explain_open(std::cout, judge, settings.judge, result.deferred);
  return {};
}

expected<log_ptr> open_log(const options& settings) {
  auto opened
    = events::log::open_rocksdb_log({.path = (settings.work / "log").string()});
  if (!opened)
    return opened.error();
  return log_ptr{std::move(*opened)};
}

/// --exclude and --readmit alone.
expected<exit_code> only_obey(const options& settings) {
  auto log = open_log(settings);
  if (!log)
    return log.error();
  if (auto err = obey_orders(std::cout, **log, settings.repositories))
    return err;
  return exit_code::done;
}

/// Everything that is opened before anything is written.
struct preparation {
  policy_ptr policy;
  repository_set repositories;
  std::vector<actors::scrape_job> jobs;
  actors::workshop_ptr shop;
  reader_ptr recorded;
  std::vector<actors::model_facts> models; ///< As they were checked.
};

expected<preparation> prepare(const options& settings, interrupt& signals) {
  auto policy = load_policy(settings);
  if (!policy)
    return policy.error();
  auto repositories = open_repositories(settings);
  if (!repositories)
    return repositories.error();
  auto jobs = open_sources(settings, signals.flag());
  if (!jobs)
    return jobs.error();
  auto shop = open_workshop(settings, *policy, *jobs);
  if (!shop)
    return shop.error();
  auto recorded = open_evidence(settings);
  if (!recorded)
    return recorded.error();
  auto models = check_models(settings, **policy, signals.flag());
  if (!models)
    return models.error();
  return preparation{std::move(*policy),   std::move(*repositories),
                     std::move(*jobs),     std::move(*shop),
                     std::move(*recorded), std::move(*models)};
}

/// Stage 1: what is found joins the jobs, and the workshop learns where it
/// will lie. @returns whether all was sound.
expected<bool>
add_found(preparation& to, const options& settings, const log_ptr& log,
          const std::string& run, interrupt& signals) {
  auto found = find_jobs(std::cout, std::move(to.repositories), settings,
                         {log, to.policy, run, signals.flag()});
  if (!found)
    return found.error();
  for (auto& job : found->jobs) {
    const auto& name = job.window.repo;
    const bool twice = std::ranges::any_of(
      to.jobs, [&](const auto& other) { return other.window.repo == name; });
    if (twice) {
      std::cout << name.str() << " is read from its --source\n";
      continue;
    }
    to.shop->add_repository(name, job.path);
    to.jobs.push_back(std::move(job));
  }
  return found->sound;
}

/// How a run ended that began; `sound` is what stage 1 said.
expected<exit_code> ending_of(const actors::run_result& result, bool sound) {
  if (events::code_of(result.failure) == ec::storage_failure)
    leave_failed_log(result.failure);
  if (!result.failure)
    return sound ? code_of(result) : exit_code::some_failed;
  if (events::code_of(result.failure) != ec::cancelled)
    return result.failure;
  std::cerr << "fc-data: " << events::describe(result.failure) << '\n';
  return exit_code::interrupted;
}

} // namespace

expected<exit_code> launch(const options& settings) {
  if (settings.only_orders())
    return only_obey(settings);
  interrupt signals;
  auto ready = prepare(settings, signals);
  if (!ready)
    return ready.error();
  auto opened = open_log(settings);
  if (!opened)
    return opened.error();
  const log_ptr log = std::move(*opened);
  const auto judge
    = open_judge(settings.judge, {log, ready->policy, ready->recorded},
                 std::move(ready->models));
  const auto stages = make_stages(log, ready->policy, ready->shop,
                                  ready->recorded, judge.performer);
  if (auto err
      = actors::adopt_policy(*log, *ready->policy, settings.policy.string()))
    return err;
  if (auto err = obey_orders(std::cout, *log, settings.repositories))
    return err;
  auto run = actors::begin_run(
    *log, {configuration_of(settings, ready->policy, ready->jobs),
           settings.start.value_or(events::timestamp{}),
           settings.end.value_or(events::timestamp{}), settings.control});
  if (!run)
    return run.error();
  if (auto err = begin_judge(judge, *log, *run))
    return err;
  const bool live = !settings.plain && ::isatty(STDOUT_FILENO) == 1;
  std::cout << (run->continued ? "continuing run " : "run ") << run->id
            << std::endl;
  if (auto err = leave_out_excluded(std::cout, *log, ready->jobs))
    return err;
  const auto sound = add_found(*ready, settings, log, run->id, signals);
  if (!sound)
    return sound.error();
  if (ready->jobs.empty()) {
    std::cout << "no repository is left to be read\n";
    return *sound ? exit_code::done : exit_code::some_failed;
  }
  auto screen = std::make_shared<terminal_reporter>(std::cout, live);
  actors::pipeline_parts parts{
    .log = log,
    .policy = ready->policy,
    .run = run->id,
    .reporter = screen,
    .workers = workers_of(stages, judge),
    .windows = std::move(ready->jobs),
    .dispatch = {.lease_s = leases(ready->policy->trial, judge)},
  };
  const auto result
    = run_to_end(std::move(parts), screen, signals, tables_of(settings));
  auto end = ending_of(result, *sound);
  if (!end || *end == exit_code::interrupted)
    return end;
  if (auto err = conclude(*log, settings, run->id, result, judge))
    return err;
  return end;
}

} // namespace fc::tools
