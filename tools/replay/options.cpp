#include "tools/replay/options.hpp"

#include "events/ids.hpp"
#include "tools/shell/checks.hpp"
#include "tools/shell/environment.hpp"
#include "tools/shell/program.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <cstdlib>
#include <iostream>

namespace fc::replay {

namespace {

constexpr const char* about
  = "Reads the event log of fc-data: rebuilds the tables, explains what became "
    "of a pull request, verifies and repairs the log. Only --repair, "
    "--restore, --collect-garbage --delete and --what-if --commit change it; "
    "all other commands may run beside a running fc-data.";

constexpr const char* footer
  = "Exit: 0 done, 1 it could not be done or --verify or --check found a "
    "difference, 2 wrong usage.";

/// A point of the log from the command line.
events::log::log_point
point_of(const std::string& option, const std::string& text) {
  auto point = events::log::parse_log_point(text);
  if (!point) {
    const auto why = events::describe(point.error());
    throw CLI::ValidationError(option, why.substr(why.find(' ') + 1));
  }
  return *point;
}

void add_commands(CLI::App& app, options& x) {
  auto* project = app.add_option("--project", x.project,
                                 "Build the tables: supabase (Postgres, "
                                 "address in SUPABASE_DB_URL), sqlite, jsonl "
                                 "or parquet-tables; or the dataset: parquet");
  project->check(CLI::IsMember(
    {"supabase", "sqlite", "jsonl", "parquet-tables", "parquet"}));
  app.add_option("--audit", x.audit, "Explain one pull request, owner/repo#12");
  app.add_flag("--verify", x.verify, "Check every record and blob of the log");
  app.add_flag("--funnel", x.funnel,
               "Count how many survived each gate, and why the others did not");
  app.add_flag("--failures", x.failures,
               "Failed work by fingerprint, most frequent first");
  app.add_flag("--spend", x.spend,
               "Costs by stage, by outcome, by repository, and of one "
               "published task");
  app.add_flag("--windows", x.windows,
               "Completeness certificates, mismatches first, and gaps");
  app.add_flag("--repositories", x.repositories,
               "Results of each repository: its yield, exclusion and names");
  app
    .add_option_function<std::vector<std::string>>(
      "--diff",
      [&x](const std::vector<std::string>& points) {
        for (const auto& each : points)
          x.diff.push_back(point_of("--diff", each));
      },
      "Which pull requests moved between two positions or times, and why")
    ->expected(2)
    ->type_name("A B");
  app.add_flag("--dump", x.dump, "Print events as JSON lines");
  app.add_flag("--catalogue", x.catalogue,
               "Print the catalogue of events as markdown; needs no log");
  app.add_flag_callback(
    "--rules", [&x] { x.catalogue = x.rules = true; },
    "Print the catalogue of rules as markdown; needs no log");
  app.add_flag("--repair", x.repair,
               "Keep the provable part of a damaged log; the damaged one is "
               "moved aside");
  app.add_option("--backup", x.backup,
                 "Add a backup to this folder: only what is new is copied");
  app.add_option(
    "--restore", x.restore,
    "Make the log, which must not exist yet, from a backup in this "
    "folder");
  app.add_flag("--collect-garbage", x.collect_garbage,
               "List the blobs that no event refers to");
  app.add_option("--what-if", x.what_if,
                 "Judge all recorded evidence again under this policy file");
}

void add_details(CLI::App& app, options& x) {
  app.add_option("--log", x.log, "Folder of the log")
    ->envname("FC_LOG")
    ->capture_default_str();
  app.add_option("--to", x.to,
                 "File (sqlite) or folder (jsonl, parquet-tables, "
                 "parquet) to write");
  app.add_flag("--follow", x.follow,
               "With --project supabase or sqlite: apply new records until "
               "interrupted");
  app.add_flag("--once", x.once, "With --follow: end where the log ends");
  app.add_flag("--replace", x.replace,
               "With --project supabase: discard changes made by hand, and "
               "tables that fcreplay did not make");
  app.add_option("--stream", x.stream,
                 "With --dump: this stream only, e.g. pr/owner/repo#12");
  app.add_option(
    "--check", x.check,
    "With --catalogue or --rules: compare with a file, print nothing");
  app.add_option("--number", x.number,
                 "With --restore: this backup, not the newest");
  app.add_flag("--delete", x.remove,
               "With --collect-garbage: remove them; needs the log for itself");
  app.add_option_function<std::string>(
    "--until",
    [&x](const std::string& text) { x.until = point_of("--until", text); },
    "The log as it was: up to a position, or to a time (UTC) as 2024-01-31 or "
    "2024-01-31T12:00:00Z");
  app.add_option("--html", x.html,
                 "With --audit: write one page for a browser to this file");
  app.add_option_function<std::string>(
    "--repo",
    [&x](const std::string& text) {
      auto repo = events::repo_name::parse(text);
      if (!repo)
        throw CLI::ValidationError("--repo",
                                   "'" + text + "' is not owner/name");
      x.repo = *repo;
    },
    "With --what-if and reports such as --funnel: for one repository");
  app.add_flag("--json", x.json,
               "With --audit, --what-if and reports such as --funnel: as JSON");
  app.add_flag(
    "--commit", x.commit,
    "With --what-if: adopt the policy and append its verdicts; needs "
    "the log for itself");
  app.add_flag("--all", x.all,
               "With --what-if: name all pull requests that change");
  app.add_option("--since", x.since,
                 "With --what-if: only pull requests merged then or later");
}

/// What does not go together with --project, or nothing.
std::string misuse_of_project(const options& x) {
  const bool in_files = !x.project.empty() && x.project != "supabase";
  if (in_files && x.to.empty())
    return "--project " + x.project + " needs --to";
  if (!in_files && !x.to.empty())
    return "--to belongs to --project sqlite, jsonl, parquet-tables or parquet";
  if (x.follow && x.project != "sqlite" && x.project != "supabase")
    return "--follow belongs to --project supabase or sqlite";
  if (x.follow && x.until)
    return "--until does not go with --follow, which has no end";
  if (x.once && !x.follow)
    return "--once belongs to --follow";
  if (x.replace && (x.project != "supabase" || x.follow))
    return "--replace belongs to --project supabase without --follow";
  return {};
}

/// What does not go together when the log is read, or nothing.
std::string misuse_of_reading(const options& x) {
  if (x.until
      && (x.catalogue || x.repair || !x.backup.empty() || !x.restore.empty()
          || x.collect_garbage || x.commit))
    return "--until belongs to commands that only read the log";
  const bool report = x.funnel || x.failures || x.spend || x.windows
                      || x.repositories || !x.diff.empty();
  const bool what_if = !x.what_if.empty();
  if (x.json && x.audit.empty() && !report && !what_if)
    return "--json belongs to --audit, --what-if and reports such as --funnel";
  if (x.repo && !report && !what_if)
    return "--repo belongs to --what-if and reports such as --funnel";
  if (!x.html.empty() && x.audit.empty())
    return "--html belongs to --audit";
  if (!x.html.empty() && x.json)
    return "name one of --html and --json";
  if (!what_if && (x.commit || x.all || !x.since.empty()))
    return "--commit, --all and --since belong to --what-if";
  if (!x.since.empty() && !events::parse_time(x.since))
    return "--since " + x.since + " is not a date such as 2024-01-31";
  if (x.commit && (!x.since.empty() || x.repo))
    return "--commit is for the whole log: without --since and --repo";
  return {};
}

/// What does not go together, or nothing.
std::string misuse(const options& x) {
  const auto commands = std::ranges::count(
    std::initializer_list<bool>{
      !x.project.empty(), !x.audit.empty(), x.verify, x.funnel, x.failures,
      x.spend, x.windows, x.repositories, !x.diff.empty(), !x.what_if.empty(),
      x.dump, x.catalogue, x.repair, !x.backup.empty(), !x.restore.empty(),
      x.collect_garbage},
    true);
  if (commands == 0)
    return "name a command: --project, --audit, --verify, --funnel, "
           "--failures, --spend, --windows, --repositories, --diff, --what-if, "
           "--dump, "
           "--catalogue, --repair, --backup, --restore or --collect-garbage";
  if (commands > 1)
    return "name one command only";
  if (auto why = misuse_of_project(x); !why.empty())
    return why;
  if (!x.stream.empty() && !x.dump)
    return "--stream belongs to --dump";
  if (!x.check.empty() && !x.catalogue)
    return "--check belongs to --catalogue";
  if (x.number != 0 && x.restore.empty())
    return "--number belongs to --restore";
  if (x.remove && !x.collect_garbage)
    return "--delete belongs to --collect-garbage";
  return misuse_of_reading(x);
}

/// The address is in no option: those are seen by every user of the machine.
std::string address() {
  const char* const set = std::getenv("SUPABASE_DB_URL");
  return set == nullptr ? "" : set;
}

int refuse(const std::string& text) {
  shell::complain("fcreplay", text + "; see fcreplay --help");
  return 2;
}

/// Only what somebody may take for a setting of this program.
void warn_ignored() {
  auto all = shell::ignored_settings();
  std::erase_if(all, [](const shell::ignored_setting& x) {
    return !x.name.starts_with("FC_") && !x.name.starts_with("SUPABASE_");
  });
  shell::warn_ignored("fcreplay", all);
}

} // namespace

std::optional<options> parse(int argc, char** argv, int& exit_code) {
  options x;
  CLI::App app{about, "fcreplay"};
  app.footer(footer);
  add_commands(app, x);
  add_details(app, x);
  shell::check_all_values(app);
  if (const auto option = shell::option_without_value(argc, argv);
      !option.empty()) {
    exit_code = refuse(option + ": the value is empty");
    return std::nullopt;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& err) {
    exit_code = err.get_exit_code() == 0
                  ? app.exit(err)
                  : refuse(shell::usage_error_text(err, app));
    return std::nullopt;
  }
  if (const auto why = misuse(x); !why.empty()) {
    exit_code = refuse(why);
    return std::nullopt;
  }
  warn_ignored();
  x.database = address();
  return x;
}

} // namespace fc::replay
