#include "tools/replay/options.hpp"

#include "events/ids.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>

namespace fc::replay {

namespace {

constexpr const char* about
  = "Reads the event log of fc-data: rebuilds the tables, explains what became "
    "of a pull request, verifies the log, keeps it in repair. Never changes it "
    "but by --repair, --restore, --collect-garbage --delete and --what-if "
    "--commit; all else may "
    "run beside a running fc-data.";

constexpr const char* footer
  = "Exit: 0 done, 1 it could not be done or --verify and --check found a "
    "difference, 2 wrong usage.";

void add_commands(CLI::App& app, options& x) {
  auto* project = app.add_option("--project", x.project,
                                 "Build the tables: sqlite or parquet");
  project->check(CLI::IsMember({"sqlite", "parquet"}));
  app.add_option("--audit", x.audit, "Explain one pull request, owner/repo#12");
  app.add_flag("--verify", x.verify, "Check every record and blob of the log");
  app.add_flag("--funnel", x.funnel,
               "Count who survived each gate, and why not");
  app.add_flag("--dump", x.dump, "Print events as JSON lines");
  app.add_flag("--catalogue", x.catalogue,
               "Print the catalogue of events as markdown; needs no log");
  app.add_flag("--repair", x.repair,
               "Keep what can be proved of a damaged log; the damaged one is "
               "moved aside");
  app.add_option("--backup", x.backup,
                 "Add a backup to this folder: only what is new is copied");
  app.add_option("--restore", x.restore,
                 "Make the log, which must not be there, of a backup in this "
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
  app.add_option("--to", x.to, "File (sqlite) or folder (parquet) to write");
  app.add_flag("--follow", x.follow,
               "With --project sqlite: apply only what is new");
  app.add_option("--stream", x.stream,
                 "With --dump: this stream only, e.g. pr/owner/repo#12");
  app.add_option("--check", x.check,
                 "With --catalogue: compare with a file, print nothing");
  app.add_option("--number", x.number,
                 "With --restore: this backup, not the newest");
  app.add_flag("--delete", x.remove,
               "With --collect-garbage: remove them; needs the log for itself");
  app.add_flag("--json", x.json,
               "With --audit, --funnel or --what-if: as JSON");
  app.add_flag(
    "--commit", x.commit,
    "With --what-if: adopt the policy and append its verdicts; needs "
    "the log for itself");
  app.add_flag("--all", x.all, "With --what-if: name all that change");
  app.add_option("--since", x.since,
                 "With --what-if: only what was merged then or later");
  app.add_option("--repo", x.repo,
                 "With --what-if: this repository only, owner/name");
}

/// What does not go together, or nothing.
std::string misuse(const options& x) {
  const auto commands = std::ranges::count(
    std::initializer_list<bool>{!x.project.empty(), !x.audit.empty(), x.verify,
                                x.funnel, x.dump, x.catalogue, x.repair,
                                !x.backup.empty(), !x.restore.empty(),
                                x.collect_garbage, !x.what_if.empty()},
    true);
  if (commands == 0)
    return "name a command: --project, --audit, --verify, --funnel, --dump, "
           "--catalogue, --repair, --backup, --restore, --collect-garbage or "
           "--what-if";
  if (commands > 1)
    return "name one command only";
  if (!x.project.empty() && x.to.empty())
    return "--project " + x.project + " needs --to";
  if (x.project.empty() && !x.to.empty())
    return "--to belongs to --project";
  if (x.follow && x.project != "sqlite")
    return "--follow belongs to --project sqlite";
  if (!x.stream.empty() && !x.dump)
    return "--stream belongs to --dump";
  if (!x.check.empty() && !x.catalogue)
    return "--check belongs to --catalogue";
  if (x.number != 0 && x.restore.empty())
    return "--number belongs to --restore";
  if (x.remove && !x.collect_garbage)
    return "--delete belongs to --collect-garbage";
  if (x.json && x.audit.empty() && !x.funnel && x.what_if.empty())
    return "--json belongs to --audit, --funnel or --what-if";
  if (x.what_if.empty()
      && (x.commit || x.all || !x.since.empty() || !x.repo.empty()))
    return "--commit, --all, --since and --repo belong to --what-if";
  if (!x.since.empty() && !events::parse_time(x.since))
    return "--since " + x.since + " is no date such as 2024-01-31";
  if (!x.repo.empty() && !events::repo_name::parse(x.repo))
    return "--repo " + x.repo + " is no owner/name";
  if (x.commit && (!x.since.empty() || !x.repo.empty()))
    return "--commit is for the whole log: without --since and --repo";
  return {};
}

int refuse(std::string text) {
  std::ranges::replace(text, '\n', ' ');
  std::cerr << "fcreplay: " << text << "; see fcreplay --help\n";
  return 2;
}

} // namespace

std::optional<options> parse(int argc, char** argv, int& exit_code) {
  options x;
  CLI::App app{about, "fcreplay"};
  app.footer(footer);
  add_commands(app, x);
  add_details(app, x);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& err) {
    exit_code = err.get_exit_code() == 0 ? app.exit(err) : refuse(err.what());
    return std::nullopt;
  }
  if (const auto why = misuse(x); !why.empty()) {
    exit_code = refuse(why);
    return std::nullopt;
  }
  return x;
}

} // namespace fc::replay
