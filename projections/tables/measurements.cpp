#include "projections/tables/measurements.hpp"

#include "events/policy/speedup/pairs.hpp"
#include "events/policy/statistics.hpp"
#include "projections/json_text.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace fc::projections {

namespace {

using enum column_type;

constexpr column run_columns[] = {
  {"run_id", uuid},
  {"owner", text},
  {"repo", text},
  {"sha", text},
  {"issue_number", integer},
  {"container_name", text},
  {"environment", text},
  {"agent_name", text},
  {"status", text},
  {"max_speedup", real},
  {"geomean_speedup", real},
  {"n_benchmarks", integer},
  {"wallclock_sec", real, source::writing},
  {"reward_payload", document},
  {"error_message", text},
  {"ran_at", time, source::writing},
  {"sequence", integer},
  {"machine", text},
  {"isolation", text},
  {"clock", text},
  {"control", boolean},
  {"n_listed", integer},
  {"n_impacted", integer},
  {"budget_spent", boolean},
  {"report_sha256", text},
  {"accepted", boolean},
  {"rule", text},
  {"explanation", text},
  {"benchmark", text},
  {"speedup_low", real},
  {"speedup_high", real},
  {"delta", real},
  {"aa_floor", real},
  {"geomean_low", real},
  {"n_screened", integer},
  {"speedup", real},
  {"publishable", boolean},
  {"failed", boolean},
  {"n_modules", integer},
  {"n_modules_seen", integer},
};

constexpr index run_indexes[] = {
  {"owner, repo, sha"},
  {"max_speedup"},
  {"status"},
  {"owner, repo, issue_number, sequence"},
};

constexpr column benchmark_columns[] = {
  {"owner", text},           {"repo", text},       {"issue_number", integer},
  {"sequence", integer},     {"benchmark", text},  {"status", text},
  {"error", text},           {"reach", text},      {"executed", document},
  {"left_out", text},        {"n_pairs", integer}, {"base_seconds", real},
  {"patched_seconds", real}, {"ratio", real},      {"samples", document},
};

constexpr column information_columns[] = {
  {"id", bigint},
  {"measured_at", time, source::writing},
  {"run_id", uuid},
  {"owner", text},
  {"repo", text},
  {"issue_number", integer},
  {"benchmark_name", text},
  {"agent_name", text},
  {"model_name", text},
  {"speedup", real},
  {"agent_speedup_vs_nop", real},
  {"oracle_speedup_vs_nop", real},
  {"advantage", real},
  {"significant", boolean},
  {"commit_hash", text},
  {"trial_started_at", time},
  {"trial_ended_at", time, source::writing},
  {"raw_payload", document},
  {"benchmark_type", text},
};

constexpr index information_indexes[] = {
  {"run_id, owner, repo, issue_number, benchmark_name, agent_name, model_name"},
  {"owner, repo, issue_number"},
  {"benchmark_name"},
  {"agent_name"},
  {"measured_at"},
  {"benchmark_type"},
};

constexpr column release_columns[] = {
  {"owner", text},
  {"repo", text},
  {"issue_number", integer},
  {"task_id", text},
  {"month", text},
  {"merged_at", time},
  {"environment", text},
  {"container_name", text},
  {"benchmark", text},
  {"speedup", real},
  {"speedup_low", real},
  {"speedup_high", real},
  {"row_sha256", text},
  {"admitted_by", text},
  {"published_at", time, source::writing},
  {"withdrawn", boolean},
  {"withdrawn_at", time, source::writing},
  {"withdrawn_reason", text},
};

/// The name as a key: an index takes no more than some 2,700 bytes.
std::string key_name(const std::string& x) {
  constexpr std::size_t longest = 1000;
  if (x.size() <= longest)
    return clean_utf8(x);
  return clean_utf8(x.substr(0, longest - 100)) + " ... "
         + events::sha256(events::as_bytes(x)).hex().substr(0, 16);
}

/// Benchmarks by name; of equal names the last.
std::map<std::string, const benchmark_trial*> by_name(const trialled& x) {
  std::map<std::string, const benchmark_trial*> result;
  for (const auto& each : x.benchmarks)
    result.insert_or_assign(key_name(each.name), &each);
  return result;
}

/// Names a trial for ever: it follows from stream and sequence.
std::string run_name(const pull_request_view& x, const measured_trial& trial) {
  return "harbor_runs " + stream_of(x.id) + " " + std::to_string(trial.seq);
}

/// What was measured, whatever the gate makes of it.
struct measured_summary {
  std::uint64_t benchmarks = 0;
  cell best; ///< Largest ratio base / patched; null where none was measured.
  cell geomean;
};

measured_summary measured_in(const trialled& x) {
  measured_summary result;
  double best = 0;
  double logarithms = 0;
  for (const auto& each : x.benchmarks) {
    const auto pairs = summarise(each);
    if (each.status != "ok" || pairs.pairs == 0)
      continue;
    ++result.benchmarks;
    best = std::max(best, pairs.ratio);
    logarithms += std::log(pairs.ratio);
  }
  if (result.benchmarks == 0)
    return result;
  result.best = make::real(best);
  result.geomean
    = make::real(std::exp(logarithms / static_cast<double>(result.benchmarks)));
  return result;
}

/// A ratio, for which 0 stands for "none".
cell ratio_or_null(double x) {
  return x > 0 ? make::real(x) : cell{};
}

/// Spread of base against base; without usable pairs it is not 0 but unknown.
cell floor_of(const trialled& trial, const speedup_measured& x) {
  const bool known = std::ranges::any_of(trial.benchmarks, [](const auto& b) {
    return !policy::speedup::aa_ratios(b).values.empty();
  });
  return known ? make::real(x.aa_floor) : cell{};
}

/// What became of the trial itself, whatever the gate makes of it.
std::string_view status(const trialled& x, const measured_summary& found,
                        const std::optional<speedup_measured>& verdict) {
  if (verdict && verdict->failed)
    return "failed";
  if (found.benchmarks > 0)
    return "success";
  if (x.budget_spent)
    return "timeout";
  return x.impacted == 0 && x.import_errors.empty() ? "no_benchmarks"
                                                    : "failed";
}

/// What the gate looked at, for readers without the log.
json reward(const trialled& x, const std::optional<speedup_measured>& verdict) {
  auto result = json::object();
  result["import_errors"] = as_json(x.import_errors);
  result["changed_functions"] = as_json(x.changed_functions);
  result["changed_compiled"] = x.changed_compiled;
  result["artefacts_differ"] = x.artefacts_differ;
  result["ignored"] = as_json(x.ignored);
  if (verdict) {
    result["candidates"] = as_json(verdict->candidates);
    result["guards"] = as_json(verdict->guards);
  }
  return result;
}

void add_verdict(row& to, const trialled& trial,
                 const std::optional<speedup_measured>& x) {
  if (!x) {
    to.resize(to.size() + 13);
    return;
  }
  add(to, make::flag(x->accepted), make::text_or_null(x->rule),
      make::text_or_null(x->explanation), make::text_or_null(x->benchmark),
      ratio_or_null(x->low), ratio_or_null(x->high), make::real(x->delta),
      floor_of(trial, *x), ratio_or_null(x->geomean_low),
      make::integer(x->screened), ratio_or_null(x->estimate),
      make::flag(x->accepted && !trial.control), make::flag(x->failed));
}

/// Why a trial gave nothing to judge, in a few words.
std::string trouble(const trialled& x) {
  std::string result;
  for (const auto& each : x.import_errors)
    result += (result.empty() ? "" : "; ") + each;
  return result;
}

row run_row(const pull_request_view& x, const measured_trial& each) {
  const auto& trial = each.trial;
  const auto& verdict = each.verdict;
  const auto found = measured_in(trial);
  row cells{make::uuid_of(run_name(x, each))};
  for (auto& key : make::key(x.id))
    cells.push_back(std::move(key));
  cells.insert(cells.begin() + 3, x.state.facts
                                    ? make::text_or_null(x.state.facts->merge)
                                    : cell{});
  add(cells, make::text_or_null(each.image),
      make::text_or_null(trial.environment), make::text("oracle"),
      make::text(status(trial, found, verdict)), found.best,
      verdict && verdict->geomean > 0 ? make::real(verdict->geomean)
                                      : found.geomean,
      make::integer(found.benchmarks), make::real(trial.seconds),
      make::document(reward(trial, verdict)),
      make::text_or_null(trouble(trial)), make::time_of(each.at),
      make::integer(each.seq), make::text_or_null(trial.machine),
      make::text_or_null(trial.isolation), make::text_or_null(trial.clock),
      make::flag(trial.control), make::integer(trial.listed),
      make::integer(trial.impacted), make::flag(trial.budget_spent),
      make::hex(trial.report.id));
  add_verdict(cells, trial, verdict);
  const bool counted = trial.modules > 0;
  add(cells, counted ? make::integer(trial.modules) : cell{},
      counted ? make::integer(trial.modules_seen) : cell{});
  return cells;
}

/// Only what a benchmark trial measured, without its names.
json samples(const benchmark_trial& x) {
  auto all = as_json(x);
  for (const auto* known :
       {"name", "status", "error", "reach", "executed", "left_out"})
    all.erase(known);
  return all;
}

/// asv's kind of a benchmark, from the name of its function.
std::string_view type_of(std::string_view benchmark) {
  const auto name = benchmark.substr(0, benchmark.find('('));
  const auto dot = name.rfind('.');
  const auto function
    = dot == std::string_view::npos ? name : name.substr(dot + 1);
  for (const std::string_view kind : {"peakmem", "mem", "track", "time"})
    if (function.starts_with(kind))
      return kind;
  return "time";
}

const candidate* candidate_of(const std::optional<speedup_measured>& x,
                              const std::string& name) {
  if (x)
    for (const auto& each : x->candidates)
      if (each.benchmark == name)
        return &each;
  return nullptr;
}

json payload(const benchmark_trial& x, const pair_summary& pairs,
             const candidate* judged) {
  auto result = json::object();
  result["n_pairs"] = pairs.pairs;
  result["base_seconds"] = pairs.base;
  result["patched_seconds"] = pairs.patched;
  result["reach"] = x.reach;
  result["status"] = x.status;
  if (judged != nullptr)
    result["candidate"] = as_json(*judged);
  return result;
}

row information_row(const pull_request_view& x, const measured_trial& each,
                    const benchmark_trial& b) {
  const auto pairs = summarise(b);
  const auto* judged = candidate_of(each.verdict, b.name);
  const auto name = run_name(x, each);
  row cells{make::id_of(name + " " + b.name), make::time_of(each.at),
            make::uuid_of(name)};
  for (auto& key : make::key(x.id))
    cells.push_back(std::move(key));
  add(cells, make::text(key_name(b.name)), make::text("oracle"), cell{},
      // The human change against itself: parity by definition.
      make::real(1), make::real(pairs.ratio), make::real(pairs.ratio),
      make::real(0), make::flag(judged != nullptr && judged->accepted),
      x.state.facts ? make::text_or_null(x.state.facts->merge) : cell{}, cell{},
      make::time_of(each.at), make::document(payload(b, pairs, judged)),
      make::text(type_of(b.name)));
  return cells;
}

} // namespace

const table harbor_runs::rows{name, 1, run_columns, audience::everyone,
                              run_indexes};
const table trial_benchmarks::rows{name, 5, benchmark_columns,
                                   audience::everyone};
const table benchmark_information::rows{
  name, 1, information_columns, audience::everyone, information_indexes};
const table releases::rows{name, 3, release_columns, audience::everyone};

void harbor_runs::put(const pull_request_view& x) {
  for (const auto& each : x.trials)
    to.rows.upsert(rows, run_row(x, each));
}

void benchmark_information::put(const pull_request_view& x) {
  for (const auto& each : x.trials)
    for (const auto& [key, b] : by_name(each.trial))
      if (summarise(*b).pairs > 0)
        to.rows.upsert(rows, information_row(x, each, *b));
}

void trial_benchmarks::apply(const event_context& m, const trialled& x) {
  if (m.pull_request == nullptr)
    return;
  for (const auto& [name_of, each] : by_name(x)) {
    const auto& b = *each;
    const auto pairs = summarise(b);
    auto cells = make::key(m.pull_request->id);
    add(cells, make::integer(m.at.seq), make::text(name_of),
        make::text(b.status), make::text_or_null(b.error),
        make::text_or_null(b.reach), make::document(as_json(b.executed)),
        make::text_or_null(b.left_out), make::integer(pairs.pairs),
        make::real(pairs.base), make::real(pairs.patched),
        make::real(pairs.ratio), make::document(samples(b)));
    to.rows.upsert(rows, std::move(cells));
  }
}

void releases::put(const pull_request_view& view) {
  if (!view.release)
    return;
  const auto& state = view.state;
  const auto& x = *view.release;
  const auto& gone = state.withdrawal;
  const auto& speedup = state.speedup;
  auto cells = make::key(view.id);
  add(cells, make::text(x.task_id), make::text(x.month),
      state.facts ? make::time_of(state.facts->merged_at) : cell{},
      make::text_or_null(x.environment),
      state.image ? make::text_or_null(state.image->image) : cell{},
      speedup ? make::text_or_null(speedup->benchmark) : cell{},
      speedup ? make::real(speedup->estimate) : cell{},
      speedup ? make::real(speedup->low) : cell{},
      speedup ? make::real(speedup->high) : cell{}, make::hex(x.row),
      make::text_or_null(x.admitted_by), make::time_of(view.times.published),
      make::flag(gone.has_value()), make::time_of(view.times.withdrawn),
      gone ? make::text(gone->rule + ": " + gone->explanation) : cell{});
  to.rows.upsert(rows, std::move(cells));
}

pair_summary summarise(const benchmark_trial& x) {
  namespace statistics = policy::statistics;
  const bool confirmed = !x.confirm_base.empty();
  const auto pairs = confirmed ? policy::speedup::confirm_ratios(x)
                               : policy::speedup::screen_ratios(x);
  return {pairs.values.size(),
          statistics::median(confirmed ? x.confirm_base : x.screen_base),
          statistics::median(confirmed ? x.confirm_head : x.screen_head),
          pairs.ratio()};
}

} // namespace fc::projections
