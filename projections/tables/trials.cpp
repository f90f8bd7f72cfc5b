#include "projections/tables/trials.hpp"

#include "events/policy/speedup/pairs.hpp"
#include "events/policy/statistics.hpp"
#include "projections/event_json.hpp"

#include <algorithm>

namespace fc::projections {

namespace {

using enum column_type;

constexpr column trial_columns[] = {
  {"owner", text},
  {"repo", text},
  {"issue_number", integer},
  {"sequence", integer},
  {"container_name", text},
  {"environment", text},
  {"machine", text},
  {"isolation", text},
  {"clock", text},
  {"control", boolean},
  {"status", text},
  {"n_listed", integer},
  {"n_impacted", integer},
  {"n_benchmarks", integer},
  {"budget_spent", boolean},
  {"report_sha256", text},
  {"accepted", boolean},
  {"rule", text},
  {"explanation", text},
  {"benchmark", text},
  {"max_speedup", real},
  {"speedup_low", real},
  {"speedup_high", real},
  {"delta", real},
  {"aa_floor", real},
  {"geomean_speedup", real},
  {"geomean_low", real},
  {"n_screened", integer},
  {"reward_payload", document},
};

constexpr column benchmark_columns[] = {
  {"owner", text},           {"repo", text},       {"issue_number", integer},
  {"sequence", integer},     {"benchmark", text},  {"status", text},
  {"error", text},           {"reach", text},      {"executed", document},
  {"left_out", text},        {"n_pairs", integer}, {"base_seconds", real},
  {"patched_seconds", real}, {"ratio", real},      {"samples", document},
};

constexpr column release_columns[] = {
  {"owner", text},       {"repo", text},           {"issue_number", integer},
  {"task_id", text},     {"month", text},          {"merged_at", time},
  {"environment", text}, {"container_name", text}, {"benchmark", text},
  {"speedup", real},     {"speedup_low", real},    {"speedup_high", real},
  {"row_sha256", text},  {"admitted_by", text},
};

std::uint64_t timed(const trialled& x) {
  return static_cast<std::uint64_t>(
    std::ranges::count_if(x.benchmarks, [](const auto& b) {
      return b.status == "ok" && !b.screen_base.empty();
    }));
}

/// What became of the trial itself, whatever the gate makes of it.
std::string_view status(const trialled& x) {
  if (timed(x) > 0)
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
  if (verdict) {
    result["candidates"] = as_json(verdict->candidates);
    result["guards"] = as_json(verdict->guards);
  }
  return result;
}

void add_verdict(row& to, const std::optional<speedup_measured>& x) {
  if (!x) {
    to.resize(to.size() + 12);
    return;
  }
  to.insert(to.end(), {
                        make::flag(x->accepted),
                        make::text_or_null(x->rule),
                        make::text_or_null(x->explanation),
                        make::text_or_null(x->benchmark),
                        make::real(x->estimate),
                        make::real(x->low),
                        make::real(x->high),
                        make::real(x->delta),
                        make::real(x->aa_floor),
                        make::real(x->geomean),
                        make::real(x->geomean_low),
                        make::integer(x->screened),
                      });
}

/// Only what a benchmark trial measured, without its names.
json samples(const benchmark_trial& x) {
  auto all = as_json(x);
  for (const auto* known :
       {"name", "status", "error", "reach", "executed", "left_out"})
    all.erase(known);
  return all;
}

} // namespace

const table trials::rows{name, 4, trial_columns};
const table trial_benchmarks::rows{name, 5, benchmark_columns};
const table releases::rows{name, 3, release_columns};

void trials::put(const pull_request_view& x) {
  const auto trial = x.state.trial.value_or(trialled{});
  // A verdict belongs to the trial before it.
  const auto verdict
    = x.measured_at > x.trialled_at ? x.state.speedup : std::nullopt;
  auto cells = make::key(x.id);
  cells.insert(
    cells.end(),
    {
      make::integer(x.trialled_at),
      x.state.image ? make::text_or_null(x.state.image->image) : cell{},
      make::text_or_null(trial.environment),
      make::text_or_null(trial.machine),
      make::text_or_null(trial.isolation),
      make::text_or_null(trial.clock),
      make::flag(trial.control),
      make::text(status(trial)),
      make::integer(trial.listed),
      make::integer(trial.impacted),
      make::integer(timed(trial)),
      make::flag(trial.budget_spent),
      make::hex(trial.report.id),
    });
  add_verdict(cells, verdict);
  cells.push_back(make::document(reward(trial, verdict)));
  out.upsert(rows, std::move(cells));
}

void trial_benchmarks::apply(const moment& m, const trialled& x) {
  if (m.pull_request == nullptr)
    return;
  for (const auto& b : x.benchmarks) {
    const auto pairs = summarise(b);
    auto cells = make::key(m.pull_request->id);
    cells.insert(cells.end(), {
                                make::integer(m.at.seq),
                                make::text(b.name),
                                make::text(b.status),
                                make::text_or_null(b.error),
                                make::text_or_null(b.reach),
                                make::document(as_json(b.executed)),
                                make::text_or_null(b.left_out),
                                make::integer(pairs.pairs),
                                make::real(pairs.base),
                                make::real(pairs.patched),
                                make::real(pairs.ratio),
                                make::document(samples(b)),
                              });
    out.upsert(rows, std::move(cells));
  }
}

void releases::apply(const moment& m, const published& x) {
  if (m.pull_request == nullptr)
    return;
  const auto& state = m.pull_request->state;
  const auto& speedup = state.speedup;
  auto cells = make::key(m.pull_request->id);
  cells.insert(cells.end(),
               {
                 make::text(x.task_id),
                 make::text(x.month),
                 state.facts ? make::time_of(state.facts->merged_at) : cell{},
                 make::text_or_null(x.environment),
                 state.image ? make::text_or_null(state.image->image) : cell{},
                 speedup ? make::text_or_null(speedup->benchmark) : cell{},
                 speedup ? make::real(speedup->estimate) : cell{},
                 speedup ? make::real(speedup->low) : cell{},
                 speedup ? make::real(speedup->high) : cell{},
                 make::hex(x.row),
                 make::text_or_null(x.admitted_by),
               });
  out.upsert(rows, std::move(cells));
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
