#include "tools/replay/audit/benchmark_text.hpp"
#include "tools/replay/audit/page.hpp"

/// What the events up to the build say.
namespace fc::replay {

using namespace events;

namespace {

std::string yes_no(bool x) {
  return x ? "yes" : "no";
}

std::string place_of(const stream_name& stream, sequence seq) {
  return stream + ", record " + std::to_string(seq) + " of its stream";
}

/// The limit behind a symbolic rule.
std::string symbolic_limits(const policy::symbolic_rules& x) {
  return "files fewer than " + human_count(x.max_files)
         + ", changed lines fewer than " + human_count(x.max_lines)
         + ", diff of " + human_count(x.min_tokens) + " to "
         + human_count(x.max_tokens) + " tokens, title "
         + (x.strict ? "with a positive term and without a negative one"
                     : "with a positive term or without a negative one")
         + " (" + human_count(x.positive.size()) + " positive, "
         + human_count(x.negative.size()) + " negative terms)";
}

} // namespace

void event_formatter::format(const scraped& x) {
  note("seen in", x.source);
  say(counted(x.changed_files, "file") + ", +" + human_count(x.additions) + " -"
      + human_count(x.deletions) + " lines");
  std::vector<std::string> files;
  for (const auto& file : x.files)
    files.push_back(file.path + " (+" + human_count(file.additions) + " -"
                    + human_count(file.deletions) + ")");
  items("files", files, 8);
  blob("diff", x.diff);
  items("objects the source lacks", x.missing_objects, 4);
  if (x.text_repaired)
    say("bytes that are not UTF-8 were replaced");
}

void event_formatter::format(const symbolic_passed& x) {
  say(x.note.empty() ? "passed" : "passed: " + x.note);
  if (rules() != nullptr)
    note("limits", symbolic_limits(rules()->symbolic));
}

void event_formatter::format(const symbolic_rejected& x) {
  say("rejected by rule " + x.rule + ": " + x.explanation);
  rule(x.rule);
  if (rules() != nullptr)
    note("limits", symbolic_limits(rules()->symbolic));
}

void event_formatter::format(const dropped& x) {
  say((x.failed ? "failed at " : "rejected at ") + x.stage + " by rule "
      + x.rule + ": " + x.explanation);
  rule(x.rule);
}

void event_formatter::format(const attempt_failed& x) {
  say("attempt " + std::to_string(x.attempt) + " at " + x.stage + " failed ("
      + x.cause + "): " + error_text(x.message));
  blob("log", x.log);
  for (const auto& each : x.known)
    note("met before by", place_of(each.stream, each.seq));
  if (rules() == nullptr)
    return;
  const auto& retry = rules()->retry;
  const auto own = retry.attempts.find(x.stage);
  note("attempts allowed",
       human_count(own == retry.attempts.end() ? retry.default_attempts
                                               : own->second));
}

void event_formatter::format(const known_failure_avoided& x) {
  say(x.stage + " was not tried: with the same requirements it failed before ("
      + x.cause + "): " + x.message);
  for (const auto& each : x.failures)
    note("met before by", place_of(each.stream, each.seq));
}

void event_formatter::format(const known_failure_met& x) {
  say("a known failure at " + x.stage + " (" + x.cause + "): " + x.message);
  note("met by", place_of(x.stream, x.seq));
}

void event_formatter::format(const deferred& x) {
  say(x.stage + " waits"
      + (x.until == timestamp{} ? "" : " until " + human_time_of(x.until))
      + ": " + x.cause);
}

void event_formatter::format(const answered& x) {
  say(x.judge + " says: "
      + (x.performance ? "performance work" : "not performance work")
      + (x.category.empty() ? "" : ", " + x.category)
      + (x.difficulty.empty() ? "" : ", " + x.difficulty));
  note("reason", x.reason);
  blob("whole answer", x.answer);
  if (x.tokens_in + x.tokens_out > 0)
    say(human_count(x.tokens_in) + " tokens asked, " + human_count(x.tokens_out)
        + " answered, " + human_number(x.cost_usd) + " USD");
}

void event_formatter::format(const model_answered& x) {
  say("asked " + x.model + " (pass " + x.pass + ")"
      + (x.served_by.empty() || x.served_by == x.model
           ? ""
           : ", answered by " + x.served_by)
      + " for " + human_time(x.seconds) + ": " + human_count(x.tokens_in)
      + " tokens asked, " + human_count(x.tokens_out) + " answered"
      + (x.estimated ? " (estimated)" : "") + ", " + human_number(x.cost_usd)
      + " USD; ended by \"" + x.finish + "\"");
  if (x.left_out > 0)
    say(human_count(x.left_out) + " bytes of the diff were not shown to it");
  note("prompt", short_digest(x.prompt));
  note("question", short_digest(x.input));
  blob("whole answer", x.answer);
}

void event_formatter::format(const classified& x) {
  say("performance work: " + yes_no(x.performance)
      + (x.category.empty() ? "" : ", category " + x.category)
      + (x.difficulty.empty() ? "" : ", difficulty " + x.difficulty) + ", by "
      + x.judge);
  note("because", x.explanation);
}

void event_formatter::format(const resolved& x) {
  say("python " + x.python_version + " at " + x.interpreter + " ("
      + x.interpreter_source + "), asked for "
      + (x.requires_python.empty() ? "any" : x.requires_python));
  say("package " + x.package + " " + x.package_version + " in " + x.package_root
      + ", built by " + x.build_backend + " with " + x.installer + ", index "
      + x.index);
  items("needs for the build", x.build_requires);
  items("needs to run", x.requirements);
  for (const auto& each : x.dropped)
    note("left out " + each.requirement, each.reason);
  items("not available here", x.missing);
  note("benchmark suite", x.suite_dir + " (" + x.suite_config + ")");
  items("set for the build", x.build_env);
  items("set for benchmarks", x.run_env);
  for (const auto& each : x.ignored_settings)
    note("not honoured", each);
}

void event_formatter::format(const env_resolved& x) {
  say("python " + x.python_version + ", declared needs: " + x.probe);
  note("because", x.explanation);
}

void event_formatter::format(const problem_rendered& x) {
  blob("problem statement", x.statement);
  items("linked issues", x.linked);
}

void event_formatter::format(const synthesized& x) {
  for (const auto& side : x.sides) {
    std::string text = side.side + " " + short_commit(side.commit) + " "
                       + (side.ok ? "built in " : "FAILED after ")
                       + human_time(side.seconds);
    if (side.ok)
      text += ", " + counted(side.artefacts.size(), "built file");
    if (side.log)
      text += ", log " + short_digest(side.log.id);
    say(text);
    if (!side.ok)
      page.add("error: " + error_text(side.error));
  }
  // Lines that begin so are remarks between the commands.
  std::vector<std::string> commands;
  for (const auto& step : x.recipe)
    if (step.starts_with("# "))
      say(step.substr(2));
    else
      commands.push_back(step);
  items("commands", commands, 20);
  say("isolation " + x.isolation + ", network " + (x.network ? "on" : "off")
      + ", suite " + x.suite_dir + " of " + short_commit(x.suite_commit));
  items("compiled files changed", x.compiled_changed, 8);
  if (x.control)
    say("control: the patched side is base again");
}

void event_formatter::format(const image_built& x) {
  say("ready to be measured in " + x.image + ", environment "
      + short_digest(x.environment));
}

void event_formatter::format(const published& x) {
  say("published in " + x.month + " as " + x.task_id + " (" + x.environment
      + "), row " + short_digest(x.row) + ", admitted by " + x.admitted_by);
}

void event_formatter::format(const withdrawn& x) {
  say("withdrawn by rule " + x.rule + ": " + x.explanation);
  rule(x.rule);
  say("takes back " + x.task_id + " of " + x.month + ", record "
      + human_count(x.seq) + " of its stream");
}

void event_formatter::format(const reopened& x) {
  say(x.stage + " is to be done again: " + x.explanation);
}

void event_formatter::format(const diff_audited& x) {
  say(x.equal
        ? "the diff equals the one that the service serves"
        : "the diff differs from the one that the service serves: " + x.note);
}

// The events below belong to other streams; told in a word if they are met.

void event_formatter::format(const repository_seen& x) {
  note("repository seen", x.repo.str());
}

void event_formatter::format(const repository_excluded& x) {
  note("repository excluded", x.reason);
}

void event_formatter::format(const repository_readmitted& x) {
  note("repository readmitted", x.reason);
}

void event_formatter::format(const repository_renamed& x) {
  note("repository renamed", x.from.str() + " is " + x.to.str());
}

void event_formatter::format(const limit_met& x) {
  say(x.kind + " limit of " + x.service + " met, paused until "
      + to_iso8601(x.until));
}

void event_formatter::format(const program_died& x) {
  say("the program died (" + x.cause + ") while " + x.stream + " was in "
      + x.stage + (x.blamed ? ", over it" : ", beside it"));
}

void event_formatter::format(const window_reconciled& x) {
  say(human_count(x.stored) + " of " + human_count(x.counted) + " stored");
}

void event_formatter::format(const policy_adopted& x) {
  note("policy adopted", short_digest(x.id));
}

void event_formatter::format(const run_started& x) {
  note("run started", x.run);
}

void event_formatter::format(const run_finished& x) {
  say("run finished, " + human_count(x.published) + " published");
}

void event_formatter::format(const spent& x) {
  say(x.stage + " took " + human_time(x.wall_seconds) + " ("
      + human_time(x.cpu_seconds) + " of processor time)"
      + (x.tokens > 0 ? ", " + counted(x.tokens, "token") : ""));
}

} // namespace fc::replay
