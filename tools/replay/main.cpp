#include "tools/replay/commands.hpp"
#include "tools/replay/points.hpp"
#include "tools/shell/program.hpp"

namespace {

using namespace fc;

replay::command_result
ask(const replay::log_reader& log, const replay::options& x) {
  if (!x.project.empty())
    return replay::project(log, x);
  if (!x.audit.empty())
    return replay::audit(log, x);
  if (x.funnel)
    return replay::show_funnel(log, x);
  if (x.failures)
    return replay::show_failures(log, x);
  if (x.spend)
    return replay::show_spend(log, x);
  if (x.windows)
    return replay::show_windows(log, x);
  if (x.repositories)
    return replay::show_repositories(log, x);
  if (!x.diff.empty())
    return replay::show_diff(log, x);
  if (!x.what_if.empty())
    return replay::what_if(log, x);
  if (x.dump)
    return replay::dump(log, x);
  return replay::verify(log);
}

replay::command_result run(const replay::options& x) {
  if (x.catalogue)
    return replay::catalogue(x);
  if (x.repair)
    return replay::repair(x);
  if (!x.backup.empty())
    return replay::back_up(x);
  if (!x.restore.empty())
    return replay::restore(x);
  if (x.collect_garbage)
    return replay::collect_garbage(x);
  if (x.commit)
    return replay::commit_what_if(x);
  if (x.follow)
    replay::hold_signals();
  auto log = events::log::open_rocksdb_reader(x.log);
  if (!log)
    return log.error();
  if (x.follow)
    return replay::follow(**log, x);
  if (!x.until)
    return ask(**log, x);
  const auto end = replay::end_of(**log, *x.until);
  if (!end)
    return end.error();
  return ask(events::log::log_snapshot{**log, *end}, x);
}

int run(int argc, char** argv) {
  int exit_code = 0;
  const auto options = replay::parse(argc, argv, exit_code);
  if (!options)
    return exit_code;
  const auto result = run(*options);
  if (!result) {
    shell::complain("fcreplay", events::describe(result.error()));
    return 1;
  }
  return *result ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
  return fc::shell::run("fcreplay", [&] { return run(argc, argv); });
}
