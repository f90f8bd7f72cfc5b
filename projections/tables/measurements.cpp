#include "projections/tables/measurements.hpp"

#include "events/policy/speedup/pairs.hpp"
#include "events/policy/statistics.hpp"
#include "projections/tables/pull_request_row.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace fc::projections {

namespace {

using enum column_type;

constexpr auto writing = source::writing;

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

/// A trial of a pull request.
struct trial_row : pull_request_row {
  const measured_trial& trial;

  template <class Part>
  const Part* part() const {
    if constexpr (std::is_same_v<Part, measured_trial>)
      return &trial;
    else if constexpr (std::is_same_v<Part, trialled>)
      return &trial.trial;
    else if constexpr (std::is_same_v<Part, speedup_measured>)
      return address_of(trial.verdict);
    else
      return pull_request_row::part<Part>();
  }
};

/// Names a trial for ever: it follows from stream and sequence.
std::string run_name(const trial_row& x) {
  return "harbor_runs " + stream_of(x.view.id) + " "
         + std::to_string(x.trial.seq);
}

constexpr auto run_id = [](const trial_row& x) {
  return make::uuid_of(run_name(x));
};

/// No model made the change: it is the one that was merged.
constexpr auto oracle = [](const trialled&) {
  return make::text("oracle");
};

/// A ratio of a verdict, for which 0 stands for "none".
template <double speedup_measured::*Member>
constexpr auto ratio = [](const speedup_measured& x) {
  return x.*Member > 0 ? make::real(x.*Member) : cell{};
};

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

/// Why a trial gave nothing to judge, in a few words.
std::string trouble(const trialled& x) {
  std::string result;
  for (const auto& each : x.import_errors)
    result += (result.empty() ? "" : "; ") + each;
  return result;
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

struct run_row : trial_row {
  measured_summary found;
};

cell geomean(const run_row& x) {
  const auto* verdict = x.part<speedup_measured>();
  return verdict && verdict->geomean > 0 ? make::real(verdict->geomean)
                                         : x.found.geomean;
}

/// Spread of base against base; without usable pairs it is not 0 but unknown.
cell aa_floor(const run_row& x) {
  const auto* verdict = x.part<speedup_measured>();
  const bool known
    = verdict
      && std::ranges::any_of(x.trial.trial.benchmarks, [](const auto& b) {
           return !policy::speedup::aa_ratios(b).values.empty();
         });
  return known ? make::real(verdict->aa_floor) : cell{};
}

/// Older trials did not count modules.
cell counted(const trialled& x, std::uint64_t modules) {
  return x.modules > 0 ? make::integer(modules) : cell{};
}

constexpr auto run_columns = columns_from<run_row>({
  {"run_id", uuid, run_id, required},
  {"owner", text, owner_of},
  {"repo", text, repo_of},
  {"sha", text, or_null<&scraped::merge>},
  {"issue_number", integer, number_of},
  {"container_name", text, or_null<&measured_trial::image>},
  {"environment", text, or_null<&trialled::environment>},
  {"agent_name", text, oracle},
  {"status", text,
   [](const run_row& x) {
     return make::text(status(x.trial.trial, x.found, x.trial.verdict));
   }},
  {"max_speedup", real, [](const run_row& x) { return x.found.best; },
   "the largest that was measured, accepted or not"},
  {"geomean_speedup", real, computed<geomean>},
  {"n_benchmarks", integer,
   [](const run_row& x) {
     return make::integer(x.found.benchmarks);
   }},
  {"wallclock_sec", real, as_is<&trialled::seconds>, writing},
  {"reward_payload", document,
   [](const measured_trial& x) {
     return make::document(reward(x.trial, x.verdict));
   }},
  {"error_message", text,
   [](const trialled& x) {
     return make::text_or_null(trouble(x));
   }},
  {"ran_at", time, as_is<&measured_trial::at>, writing},
  {"sequence", integer, as_is<&measured_trial::seq>},
  {"machine", text, or_null<&trialled::machine>},
  {"isolation", text, or_null<&trialled::isolation>},
  {"clock", text, or_null<&trialled::clock>},
  {"control", boolean, as_is<&trialled::control>},
  {"n_listed", integer, as_is<&trialled::listed>},
  {"n_impacted", integer, as_is<&trialled::impacted>},
  {"budget_spent", boolean, as_is<&trialled::budget_spent>},
  {"report_sha256", text,
   [](const trialled& x) {
     return make::hex(x.report.id);
   }},
  {"accepted", boolean, as_is<&speedup_measured::accepted>},
  {"rule", text, or_null<&speedup_measured::rule>},
  {"explanation", text, or_null<&speedup_measured::explanation>},
  {"benchmark", text, or_null<&speedup_measured::benchmark>},
  {"speedup_low", real, ratio<&speedup_measured::low>},
  {"speedup_high", real, ratio<&speedup_measured::high>},
  {"delta", real, as_is<&speedup_measured::delta>},
  {"aa_floor", real, computed<aa_floor>},
  {"geomean_low", real, ratio<&speedup_measured::geomean_low>},
  {"n_screened", integer, as_is<&speedup_measured::screened>},
  {"speedup", real, ratio<&speedup_measured::estimate>},
  {"publishable", boolean,
   [](const trial_row& x) {
     const auto& verdict = x.trial.verdict;
     return verdict ? make::flag(verdict->accepted && !x.trial.trial.control)
                    : cell{};
   }},
  {"failed", boolean, as_is<&speedup_measured::failed>},
  {"n_modules", integer,
   [](const trialled& x) {
     return counted(x, x.modules);
   }},
  {"n_modules_seen", integer,
   [](const trialled& x) {
     return counted(x, x.modules_seen);
   }},
});

constexpr index run_indexes[] = {
  {"owner, repo, sha"},
  {"max_speedup"},
  {"status"},
  {"owner, repo, issue_number, sequence"},
};

struct benchmark_row {
  const event_context& context;
  const std::string& name; ///< As a key.
  const benchmark_trial& benchmark;
  pair_summary pairs;

  template <class Part>
  const Part* part() const {
    if constexpr (std::is_same_v<Part, pull_request_id>)
      return &context.pull_request->id;
    else if constexpr (std::is_same_v<Part, record>)
      return &context.at;
    else if constexpr (std::is_same_v<Part, pair_summary>)
      return &pairs;
    else
      return &benchmark;
  }
};

constexpr auto benchmark_columns = columns_from<benchmark_row>({
  {"owner", text, owner_of, required},
  {"repo", text, repo_of, required},
  {"issue_number", integer, number_of, required},
  {"sequence", integer, as_is<&record::seq>, required},
  {"benchmark", text, [](const benchmark_row& x) { return make::text(x.name); },
   required},
  {"status", text, as_is<&benchmark_trial::status>},
  {"error", text, or_null<&benchmark_trial::error>},
  {"reach", text, or_null<&benchmark_trial::reach>},
  {"executed", document, as_is<&benchmark_trial::executed>},
  {"left_out", text, or_null<&benchmark_trial::left_out>},
  {"n_pairs", integer, as_is<&pair_summary::pairs>},
  {"base_seconds", real, as_is<&pair_summary::base>},
  {"patched_seconds", real, as_is<&pair_summary::patched>},
  {"ratio", real, as_is<&pair_summary::ratio>},
  {"samples", document,
   [](const benchmark_trial& x) {
     return make::document(samples(x));
   }},
});

struct information_row : trial_row {
  const benchmark_trial& benchmark;
  pair_summary pairs;
  const candidate* judged; ///< None where the gate did not look at it.

  template <class Part>
  const Part* part() const {
    if constexpr (std::is_same_v<Part, benchmark_trial>)
      return &benchmark;
    else if constexpr (std::is_same_v<Part, pair_summary>)
      return &pairs;
    else
      return trial_row::part<Part>();
  }
};

constexpr auto information_columns = columns_from<information_row>({
  {"id", bigint,
   [](const information_row& x) {
     return make::id_of(run_name(x) + " " + x.benchmark.name);
   },
   required},
  {"measured_at", time, as_is<&measured_trial::at>, writing},
  {"run_id", uuid, run_id},
  {"owner", text, owner_of},
  {"repo", text, repo_of},
  {"issue_number", integer, number_of},
  {"benchmark_name", text,
   [](const benchmark_trial& x) {
     return make::text(key_name(x.name));
   }},
  {"agent_name", text, oracle},
  {"model_name", text, unrecorded},
  {"speedup", real, [](const trialled&) { return make::real(1); },
   "the human change against itself: parity by definition"},
  {"agent_speedup_vs_nop", real, as_is<&pair_summary::ratio>},
  {"oracle_speedup_vs_nop", real, as_is<&pair_summary::ratio>},
  {"advantage", real,
   [](const trialled&) {
     return make::real(0);
   }},
  {"significant", boolean,
   [](const information_row& x) {
     return make::flag(x.judged != nullptr && x.judged->accepted);
   }},
  {"commit_hash", text, or_null<&scraped::merge>},
  {"trial_started_at", time, unrecorded},
  {"trial_ended_at", time, as_is<&measured_trial::at>, writing},
  {"raw_payload", document,
   [](const information_row& x) {
     return make::document(payload(x.benchmark, x.pairs, x.judged));
   }},
  {"benchmark_type", text,
   [](const benchmark_trial& x) {
     return make::text(type_of(x.name));
   }},
});

constexpr index information_indexes[] = {
  {"run_id, owner, repo, issue_number, benchmark_name, agent_name, model_name"},
  {"owner, repo, issue_number"},
  {"benchmark_name"},
  {"agent_name"},
  {"measured_at"},
  {"benchmark_type"},
};

constexpr auto release_columns = columns_from<pull_request_row>({
  {"owner", text, owner_of, required},
  {"repo", text, repo_of, required},
  {"issue_number", integer, number_of, required},
  {"task_id", text, as_is<&published::task_id>},
  {"month", text, as_is<&published::month>},
  {"merged_at", time, as_is<&scraped::merged_at>},
  {"environment", text, or_null<&published::environment>},
  {"container_name", text, or_null<&image_built::image>},
  {"benchmark", text, or_null<&speedup_measured::benchmark>},
  {"speedup", real, as_is<&speedup_measured::estimate>},
  {"speedup_low", real, as_is<&speedup_measured::low>},
  {"speedup_high", real, as_is<&speedup_measured::high>},
  {"row_sha256", text, as_is<&published::row>},
  {"admitted_by", text, or_null<&published::admitted_by>},
  {"published_at", time, as_is<&milestones::published>, writing},
  {"withdrawn", boolean,
   [](const pull_request_state& x) {
     return make::flag(x.withdrawal.has_value());
   }},
  {"withdrawn_at", time, as_is<&milestones::withdrawn>, writing},
  {"withdrawn_reason", text,
   [](const withdrawn& x) {
     return make::text(x.rule + ": " + x.explanation);
   }},
});

} // namespace

const table harbor_runs::rows
  = table_of(name, run_columns, audience::everyone, run_indexes);
const table trial_benchmarks::rows
  = table_of(name, benchmark_columns, audience::everyone);
const table benchmark_information::rows = table_of(
  name, information_columns, audience::everyone, information_indexes);
const table releases::rows
  = table_of(name, release_columns, audience::everyone);

void harbor_runs::put(const pull_request_view& x) {
  for (const auto& each : x.trials)
    to.rows.upsert(
      rows, run_columns.cells_of({{{x, to}, each}, measured_in(each.trial)}));
}

void benchmark_information::put(const pull_request_view& x) {
  for (const auto& each : x.trials)
    for (const auto& [key, b] : by_name(each.trial))
      if (const auto pairs = summarise(*b); pairs.pairs > 0)
        to.rows.upsert(
          rows,
          information_columns.cells_of(
            {{{x, to}, each}, *b, pairs, candidate_of(each.verdict, b->name)}));
}

void trial_benchmarks::apply(const event_context& m, const trialled& x) {
  if (m.pull_request == nullptr)
    return;
  for (const auto& [key, each] : by_name(x))
    to.rows.upsert(
      rows, benchmark_columns.cells_of({m, key, *each, summarise(*each)}));
}

void releases::put(const pull_request_view& x) {
  if (x.release)
    to.rows.upsert(rows, release_columns.cells_of({x, to}));
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
