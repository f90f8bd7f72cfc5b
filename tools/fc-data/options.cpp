#include "tools/fc-data/options.hpp"

#include "events/common/bounded_file.hpp"
#include "tools/shell/checks.hpp"
#include "tools/shell/environment.hpp"
#include "tools/shell/program.hpp"

#include <CLI/CLI.hpp>

#include <iostream>
#include <sstream>

namespace fc::tools {

namespace {

using events::ec;
using events::expected;
using events::make_error;

constexpr auto footer = R"(
Exit codes: 0 every pull request ended in a verdict; 1 could not run; 2 wrong
usage; 3 some pull requests failed for a reason that is no verdict, or were left
open (it says why); 130 interrupted (start the same command again to go on).)";

/// Beside the program where it is installed, else in the source tree.
std::filesystem::path installed_data() {
  std::error_code err;
  const auto program = std::filesystem::read_symlink("/proc/self/exe", err);
  const auto shared = program.parent_path().parent_path() / "share" / "fc-data";
  return std::filesystem::exists(shared, err)
           ? shared
           : std::filesystem::path{FC_SOURCE_DIR} / "tools";
}

/// One `owner/name#12` or `owner/name#12@BASE..MERGE`.
expected<task_option> parse_task(const std::string& text) {
  task_option task;
  const auto at = text.find('@');
  auto id = events::pull_request_id::parse(text.substr(0, at));
  // The whole text: half of an address could not be told by its password.
  if (!id) {
    auto all = events::pull_request_id::parse(text);
    return all ? id.error() : all.error();
  }
  task.id = *id;
  if (at == std::string::npos)
    return task;
  const auto range = text.substr(at + 1);
  const auto dots = range.find("..");
  if (dots == std::string::npos || dots == 0 || dots + 2 == range.size())
    return make_error(ec::invalid_argument,
                      "a task's commits are written @BASE..MERGE: '" + text
                        + "'");
  task.base = range.substr(0, dots);
  task.merge = range.substr(dots + 2);
  return task;
}

/// Checks what the parser cannot know.
events::error
check(const options& x, const std::string& start, const std::string& end) {
  if (x.json && !x.preflight)
    return make_error(ec::invalid_argument, "--json belongs to --preflight");
  if (x.only_orders())
    return {};
  if (!x.repo.empty() && x.sources.size() > 1)
    return make_error(ec::invalid_argument, "--repo goes with one --source");
  if (x.start && x.end && *x.end <= *x.start)
    return make_error(ec::invalid_argument,
                      "--end-date " + end + " is not after --start-date "
                        + start + " (the end is exclusive)");
  // It may be asked before all is known.
  if (x.preflight)
    return {};
  if (x.sources.empty() && !x.repositories.any())
    return make_error(ec::invalid_argument,
                      "name repositories with --source or --repositories");
  if (x.tasks.empty() && (start.empty() || end.empty()))
    return make_error(ec::invalid_argument,
                      "give --start-date and --end-date, or --tasks");
  if (start.empty() != end.empty())
    return make_error(ec::invalid_argument,
                      "--start-date and --end-date go together");
  return {};
}

/// A run whose model is named to another program only would be judged by the
/// rules, and nobody would notice. Who says `--judge rules` knows it.
events::error check_model_name(const options& x) {
  if (!x.names_no_judge || x.preflight || x.only_orders())
    return {};
  for (const auto& each : x.ignored)
    if (each.names_model)
      return make_error(ec::invalid_argument,
                        each.name
                          + " names a model, but nothing here reads it: set "
                            "FC_MODEL and FC_MODEL_URL to judge by a model, or "
                            "give --judge rules");
  return {};
}

/// Turns texts into values, in the order the user would look for a mistake.
events::error convert(options& x, const std::string& start,
                      const std::string& end, const std::string& tasks) {
  for (const auto& [text, value] :
       {std::pair{&start, &x.start}, std::pair{&end, &x.end}}) {
    if (text->empty())
      continue;
    auto at = events::parse_time(*text);
    if (!at)
      return at.error();
    *value = *at;
  }
  if (!tasks.empty()) {
    auto parsed = parse_tasks(tasks);
    if (!parsed)
      return parsed.error();
    x.tasks = std::move(*parsed);
  }
  x.names_no_judge = x.judge.model.model.empty() && x.judge.judge.empty();
  if (auto err = finish_judge_options(x.judge))
    return err;
  if (auto err = finish_repository_options(x.repositories))
    return err;
  if (auto err = check_model_name(x))
    return err;
  return check(x, start, end);
}

/// Where things are and go.
void add_folders(CLI::App& app, options& x) {
  app.add_option("--work", x.work, "Folder of the log and all other output")
    ->envname("FC_WORK");
  app.add_option("--dataset", x.dataset,
                 "Folder of the dataset "
                 "[WORK/dataset]");
  app.add_option("--policy", x.policy, "Policy file [the shipped one]")
    ->envname("FC_POLICY");
  app.add_option("--python", x.interpreter, "Interpreter to build with")
    ->envname("FC_PYTHON");
  app.add_option("--data", x.data, "Folder of bench/ and python/")
    ->envname("FC_DATA");
  app.add_option("--pip-index-url", x.pip_index_url, "As pip reads it")
    ->envname("PIP_INDEX_URL");
  app.add_option("--index", x.index, "Package index: auto, none or a URL")
    ->envname("FC_INDEX");
}

/// How to go about it.
void add_behaviour(CLI::App& app, options& x) {
  app.add_option("--evidence-from", x.evidence_from,
                 "Take recorded evidence from this log instead of making it");
  app.add_flag("--control", x.control,
               "A/A run: base against base; publishes nothing if all is well");
  app.add_flag("--keep-sandboxes", x.keep_sandboxes,
               "Keep the built environments");
  app.add_flag("--preflight", x.preflight,
               "Check everything that this run would need and what it would "
               "cost; run nothing");
  app.add_flag("--json", x.json, "With --preflight: as JSON");
  app.add_flag("--plain", x.plain, "Plain progress lines");
  app.add_option("--log-level", x.log_level, "Level of diagnostics on stderr")
    ->check(CLI::IsMember({"trace", "debug", "info", "warn", "err", "off"}))
    ->envname("FC_LOG_LEVEL");
}

} // namespace

expected<std::vector<task_option>> parse_tasks(const std::string& text) {
  std::string specs = text;
  if (text.starts_with('@')) {
    auto list = events::common::read_file(text.substr(1), "the task list");
    if (!list)
      return list.error();
    specs = std::move(*list);
    std::ranges::replace(specs, '\n', ',');
  }
  std::vector<task_option> tasks;
  std::stringstream in{specs};
  for (std::string spec; std::getline(in, spec, ',');) {
    CLI::detail::trim(spec);
    if (spec.empty() || spec.starts_with("//"))
      continue;
    auto task = parse_task(spec);
    if (!task)
      return task.error();
    tasks.push_back(std::move(*task));
  }
  if (tasks.empty())
    return make_error(ec::invalid_argument, "the task list is empty");
  return tasks;
}

parsed_options parse_options(int argc, char** argv) {
  parsed_options parsed;
  auto& x = parsed.values;
  std::string start;
  std::string end;
  std::string tasks;
  CLI::App app{"Mines merged pull requests for measured performance "
               "optimisations.",
               "fc-data"};
  app.footer(footer);
  app.add_option("--source", x.sources,
                 "Local git repository or URL to clone; may be repeated");
  app.add_option("--repo", x.repo,
                 "owner/name, where the source's origin "
                 "does not tell");
  app.add_option("--head", x.head, "Branch or commit to read the history of");
  app.add_option("--start-date", start,
                 "First day of the window, by merge time (UTC)");
  app.add_option("--end-date", end, "Day after the last one (exclusive)");
  app.add_option("--tasks", tasks,
                 "owner/name#N[@BASE..MERGE],… or @FILE with one per line");
  add_folders(app, x);
  add_behaviour(app, x);
  add_judge_options(app, x.judge);
  add_repository_options(app, x.repositories);
  shell::check_all_values(app);
  if (const auto option = shell::option_without_value(argc, argv);
      !option.empty()) {
    shell::complain("fc-data",
                    option + ": the value is empty (see fc-data --help)");
    parsed.exit = exit_code::usage;
    return parsed;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& err) {
    const bool fine = err.get_exit_code() == 0;
    if (fine)
      app.exit(err);
    else
      shell::complain("fc-data", shell::usage_error_text(err, app)
                                   + " (see fc-data --help)");
    parsed.exit = fine ? exit_code::done : exit_code::usage;
    return parsed;
  }
  x.ignored = shell::ignored_settings();
  if (auto err = convert(x, start, end, tasks)) {
    shell::complain("fc-data", events::describe(err));
    parsed.exit = exit_code::usage;
    return parsed;
  }
  if (!x.preflight)
    shell::warn_ignored("fc-data", x.ignored);
  if (x.dataset.empty())
    x.dataset = x.work / "dataset";
  if (x.data.empty())
    x.data = installed_data();
  return parsed;
}

} // namespace fc::tools
