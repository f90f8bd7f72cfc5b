#include "tools/fc-data/launch.hpp"

#include "actors/core/run_log.hpp"
#include "actors/pipeline.hpp"
#include "tools/fc-data/interrupt.hpp"
#include "tools/fc-data/judge.hpp"
#include "tools/fc-data/project.hpp"
#include "tools/fc-data/repositories/jobs.hpp"
#include "tools/fc-data/run/deaths.hpp"
#include "tools/fc-data/run/prepare.hpp"
#include "tools/fc-data/run/rest.hpp"
#include "tools/fc-data/run/table_keeper.hpp"
#include "tools/fc-data/stages.hpp"
#include "tools/fc-data/summary.hpp"
#include "tools/fc-data/terminal/terminal_reporter.hpp"
#include "tools/shell/program.hpp"

#include "caf/actor_system.hpp"
#include "caf/actor_system_config.hpp"

#include <algorithm>
#include <iostream>
#include <unistd.h>

namespace fc::tools {

namespace {

using events::ec;
using events::error;
using events::expected;
using events::make_error;
using events::stage;

using log_ptr = std::shared_ptr<events::log::event_log>;

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
  at(stage::trial)
    = 3 * plan.build_timeout_s + 2 * plan.survey_budget_s + plan.screen_budget_s
      + plan.confirm_budget_s
      + 60 * std::max(plan.benchmark_timeout_s, plan.max_benchmark_timeout_s)
      + room;
  return all;
}

/// The policy and the orders of this start become part of the log.
error adopt_and_exclude(events::log::event_log& log,
                        const events::policy::policy& policy,
                        const options& settings) {
  if (auto err = actors::adopt_policy(log, policy, settings.policy.string()))
    return err;
  return apply_exclusions(std::cout, log, settings.repositories);
}

/// The run's first records: its policy, its orders and what it is.
expected<actors::run_identity>
begin(events::log::event_log& log, const options& settings,
      const preparation& ready) {
  if (auto err = adopt_and_exclude(log, *ready.policy, settings))
    return err;
  return actors::begin_run(log, {configuration_of(settings, ready),
                                 settings.start.value_or(events::timestamp{}),
                                 settings.end.value_or(events::timestamp{}),
                                 settings.control});
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
  const auto motion = parts.motion;
  actors::pipeline running{system, std::move(parts)};
  signals.on_interrupt([&running, motion] {
    motion->asked_to_stop();
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
  shell::complain("fc-data", events::describe(why));
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
  auto light = stages.all_but({stage::synthesize, stage::trial});
  if (judge.performer)
    light.erase(stage::classify);
  std::vector<actors::performers> all{
    light, light, stages.of({stage::synthesize}), stages.of({stage::trial})};
  for (std::uint32_t i = 0; i < judge.workers; ++i)
    all.push_back(stages.of({stage::classify}));
  return all;
}

/// The first result. @returns whether anybody gets it: better to end now than
/// after hours whose results nobody would see.
bool announce(const actors::run_identity& run) {
  std::cout << (run.continued ? "continuing run " : "run ") << run.id
            << std::endl;
  return !shell::output_is_lost();
}

/// Live lines where a person watches standard error, plain ones elsewhere.
std::shared_ptr<terminal_reporter> open_screen(const options& settings) {
  const char* const kind = std::getenv("TERM");
  const bool live = !settings.plain && ::isatty(STDERR_FILENO) == 1
                    && kind != nullptr && std::string_view{kind} != "dumb";
  return std::make_shared<terminal_reporter>(
    std::cout, std::cerr,
    live ? [] { return shell::size_of_terminal(STDERR_FILENO); }
         : terminal_reporter::size_function{});
}

/// After the run: the tables, and what a person is told.
error conclude(events::log::event_log& log, const options& settings,
               const std::string& run, const actors::run_result& result,
               const judge_set& judge, std::uint32_t left_behind) {
  if (auto err = project_all(log, settings))
    return err;
  if (auto err = print_summary(std::cout, log, run, result, settings))
    return err;
  explain_left_behind(std::cout, left_behind, settings.work);
  explain_open(std::cout, result.open_for, judge.ledger.get(),
               settings.judge.budget);
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
expected<exit_code> only_exclude(const options& settings) {
  auto log = open_log(settings);
  if (!log)
    return log.error();
  if (auto err = apply_exclusions(std::cout, **log, settings.repositories))
    return err;
  return exit_code::done;
}

/// Stage 1: what is found joins the jobs, and the stage context learns where it
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
    to.context->add_repository(name, job.path);
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
  shell::complain("fc-data", events::describe(result.failure));
  return exit_code::interrupted;
}

/// Every repository was left out; `sound` is what stage 1 said.
exit_code nothing_to_read(bool sound) {
  std::cout << "no repository is left to be read\n";
  return sound ? exit_code::done : exit_code::some_failed;
}

} // namespace

expected<exit_code> launch(const options& settings) {
  if (settings.only_orders())
    return only_exclude(settings);
  interrupt signals;
  auto ready = prepare(settings, signals);
  if (!ready)
    return ready.error();
  if (auto err = check_folders(settings))
    return err;
  auto opened = open_log(settings);
  if (!opened)
    return opened.error();
  const log_ptr log = std::move(*opened);
  const auto judge
    = open_judge(settings.judge, {log, ready->policy, ready->recorded},
                 std::move(ready->models));
  auto stages = make_stages(log, ready->policy, ready->context, ready->recorded,
                            judge.performer);
  const auto run = begin(*log, settings, *ready);
  if (!run)
    return run.error();
  if (auto err = begin_judge(judge, *log, *run))
    return err;
  if (!announce(*run))
    return exit_code::could_not_run;
  const auto died = look_at_deaths(settings, log, run->id, stages);
  if (!died)
    return died.error();
  if (auto err = leave_out_excluded(std::cout, *log, ready->jobs))
    return err;
  const auto sound = add_found(*ready, settings, log, run->id, signals);
  if (!sound)
    return sound.error();
  if (ready->jobs.empty())
    return nothing_to_read(*sound);
  const auto screen = open_screen(settings);
  actors::pipeline_parts parts{
    .log = log,
    .policy = ready->policy,
    .run = run->id,
    .reporter = screen,
    .workers = workers_of(stages, judge),
    .windows = std::move(ready->jobs),
    .dispatch = {.lease_s = leases(ready->policy->trial, judge)},
    .instrument = instrument_of(*ready),
  };
  died->watch(parts);
  const auto result
    = run_to_end(std::move(parts), screen, signals, tables_of(settings));
  auto end = ending_of(result, *sound);
  if (!end || *end == exit_code::interrupted)
    return end;
  if (auto err = conclude(*log, settings, run->id, result, judge,
                          ready->context->left_behind()))
    return err;
  return end;
}

} // namespace fc::tools
