#include "events/policy/admissible.hpp"
#include "events/policy/speedup/pairs.hpp"
#include "events/policy/speedup/reach.hpp"
#include "events/policy/speedup/unseen.hpp"
#include "projections/tables/measurements.hpp"
#include "tools/replay/audit/benchmark_text.hpp"
#include "tools/replay/audit/page.hpp"

#include <algorithm>
#include <cmath>
#include <map>

/// What trials and the verdict on them say.
namespace fc::replay {

using namespace events;

namespace {

constexpr std::size_t max_rows = 60;
constexpr std::size_t max_ignored = 10;
constexpr std::size_t name_width = 34;
constexpr std::size_t candidate_width = 28;

struct benchmark_row {
  const benchmark_trial* trial;
  projections::pair_summary pairs;
};

/// Benchmarks that reach the change, timed ones first, fastest first.
std::vector<benchmark_row> impacted(const trialled& x) {
  std::vector<benchmark_row> rows;
  for (const auto& each : x.benchmarks)
    if (policy::speedup::is_reached(each) || !each.screen_base.empty())
      rows.push_back({&each, projections::summarise(each)});
  const auto rank = [](const benchmark_row& a) {
    return a.pairs.pairs == 0 ? -1.0 : a.pairs.ratio;
  };
  std::ranges::stable_sort(
    rows, [&](const auto& a, const auto& b) { return rank(a) > rank(b); });
  return rows;
}

/// Why other benchmarks are not known to reach the change, like ones together.
std::vector<std::string> unknown_benchmarks(const trialled& x) {
  std::map<std::string, std::vector<const benchmark_trial*>> by_reason;
  for (const auto& each : x.benchmarks) {
    if (policy::speedup::is_reached(each) || each.status == "ok")
      continue;
    by_reason[each.error.empty() ? each.status : error_text(each.error)]
      .push_back(&each);
  }
  std::vector<std::string> result;
  for (const auto& [reason, which] : by_reason)
    result.push_back(counted(which.size(), "other benchmark") + ", "
                     + which.front()->status + ": " + reason + " ("
                     + which.front()->name
                     + (which.size() > 1 ? ", ...)" : ")"));
  return result;
}

/// The gate's word on a benchmark, nullptr where it was no candidate.
const candidate*
candidate_of(const speedup_measured& verdict, const benchmark_trial& x) {
  const auto found
    = std::ranges::find(verdict.candidates, x.name, &candidate::benchmark);
  return found == verdict.candidates.end() ? nullptr : &*found;
}

/// What each side says where they differ.
std::string sides_of(const benchmark_trial& x) {
  if (x.base_status == x.head_status)
    return {};
  return " (base " + x.base_status + ", patched " + x.head_status + ")";
}

/// Time that processes claim and nobody outside saw, or the other way round.
std::string
clock_remark(const benchmark_trial& x, const policy::policy* rules) {
  const auto gap = policy::speedup::clock_gap(x);
  if (rules == nullptr || gap <= rules->gate.max_clock_gap)
    return {};
  return "clock: the time that its processes claim contradicts the time "
         "measured outside by "
         + human_percent(gap);
}

/// Why a benchmark says less than it could, or nothing.
std::string remark_on(const benchmark_trial& x, const candidate* as_candidate,
                      const policy::policy* rules) {
  if (!x.error.empty())
    return "error: " + error_text(x.error) + sides_of(x);
  if (!x.left_out.empty())
    return "left out: " + x.left_out;
  if (auto lie = clock_remark(x, rules); !lie.empty())
    return lie;
  if (as_candidate != nullptr && !as_candidate->accepted
      && !x.confirm_base.empty())
    return "confirmed pairs taken, did not hold: " + as_candidate->reason;
  if (rules != nullptr)
    if (const auto why = policy::inadmissible(x, rules->gate))
      return "inadmissible: " + *why;
  return {};
}

text_table
benchmark_table(const std::vector<benchmark_row>& rows,
                const speedup_measured& verdict, const policy::policy* rules) {
  text_table table{"benchmark"};
  table.cut_first(name_width);
  for (const auto* title : {"base", "patched", "ratio", "pairs"})
    table.add_column(title, align::right);
  table.add_column("reach", align::left);
  table.add_column("status", align::left);
  for (const auto& [trial, pairs] : rows) {
    const bool timed = pairs.pairs > 0;
    const auto* as_candidate = candidate_of(verdict, *trial);
    table.add({trial->name, timed ? human_time(pairs.base) : "-",
               timed ? human_time(pairs.patched) : "-",
               timed ? human_ratio(pairs.ratio) : "-",
               std::to_string(pairs.pairs), trial->reach,
               status_of(*trial, as_candidate)});
    table.note(remark_on(*trial, as_candidate, rules));
  }
  return table;
}

/// Candidates first, then the order of the table.
std::vector<sampled_benchmark>
samples_of(const std::vector<benchmark_row>& rows, const policy::policy* rules,
           const speedup_measured& verdict) {
  std::vector<sampled_benchmark> result;
  for (const auto& row : rows)
    result.push_back({row.trial, rules, candidate_of(verdict, *row.trial)});
  std::ranges::stable_partition(result, [](const sampled_benchmark& x) {
    return x.as_candidate != nullptr || !x.trial->confirm_base.empty();
  });
  return result;
}

text_table candidate_table(const std::vector<candidate>& all) {
  text_table table{"candidate"};
  table.cut_first(candidate_width);
  for (const auto* title :
       {"estimate", "low", "high", "p", "p adjusted", "pairs"})
    table.add_column(title, align::right);
  table.add_column("holds", align::left);
  for (const auto& x : all) {
    table.add({x.benchmark, human_ratio(x.estimate), human_ratio(x.low),
               human_ratio(x.high), human_number(x.p),
               human_number(x.p_adjusted), std::to_string(x.pairs),
               x.accepted ? "yes" : "no"});
    if (!x.accepted)
      table.note(x.reason);
  }
  return table;
}

text_table guard_table(const std::vector<guard>& all) {
  text_table table{"guard"};
  table.add_column("value", align::right);
  table.add_column("limit", align::right);
  table.add_column("held", align::left);
  for (const auto& x : all) {
    table.add({x.name, human_number(x.value), human_number(x.limit),
               x.held ? "yes" : "NO"});
    table.note(x.explanation);
  }
  return table;
}

std::string gate_limits(const policy::gate_rules& x) {
  return "screened ratio at least " + human_ratio(x.screen_ratio)
         + ", confirmed ratio at least " + human_ratio(x.min_ratio)
         + ", more than " + human_percent(x.delta) + " faster at level "
         + human_number(x.alpha) + ", at least "
         + counted(x.min_pairs, "usable pair") + ", lower bound of the "
         + "geometric mean at least " + human_ratio(x.geomean_low);
}

} // namespace

void event_formatter::format(const trialled& x) {
  say(x.environment + " on " + x.machine + ", isolation " + x.isolation
      + ", clock " + x.clock + ", took " + human_time(x.seconds));
  say(human_count(x.impacted) + " of " + counted(x.listed, "benchmark")
      + " of the suite reach the change"
      + (x.budget_spent ? "; the time allowed ran out" : "")
      + (x.control ? "; control: the patched side is base again" : ""));
  items("changed functions", x.changed_functions, 10);
  if (x.changed_compiled)
    say(std::string{"compiled sources changed, built files "}
        + (x.artefacts_differ ? "differ" : "do NOT differ"));
  if (x.modules > 0)
    say("of the suite " + std::to_string(x.modules_seen) + " of "
        + counted(x.modules, "module") + " could be imported, "
        + std::to_string(x.ran) + " of " + counted(x.listed, "benchmark")
        + " ran" + (x.survey_cut ? "; the survey was cut short" : ""));
  note("measured with", x.instrument);
  for (std::size_t i = 0; i < x.ignored.size() && i < max_ignored; ++i)
    note("not honoured", x.ignored[i]);
  if (x.ignored.size() > max_ignored)
    note("not honoured",
         human_count(x.ignored.size() - max_ignored) + " more, see --json");
  for (const auto& error : x.import_errors)
    note("benchmark file does not load", error_text(error));
  blob("every sample", x.report);
  for (const auto& text : unknown_benchmarks(x))
    say(text);
  const auto rows = impacted(x);
  if (rows.empty())
    return;
  const auto* judge = about.judge_of(at.seq);
  const auto verdict = about.verdict_on(at.seq).value_or(speedup_measured{});
  page.table(benchmark_table(rows, verdict, judge), max_rows);
  page.samples(samples_of(rows, judge, verdict));
}

void event_formatter::format(const speedup_measured& x) {
  say((x.accepted ? "accepted: "
       : x.failed ? "could not be measured, rule " + x.rule + ": "
                  : "not accepted by rule " + x.rule + ": ")
      + error_text(x.explanation));
  if (!x.accepted)
    rule(x.rule);
  if (!x.benchmark.empty())
    say("speedup " + human_ratio(x.estimate) + ", interval "
        + human_ratio(x.low) + " to " + human_ratio(x.high) + ", on "
        + x.benchmark);
  say("smallest speedup that counts (delta) " + human_percent(x.delta)
      + ", spread of base against base (A/A floor) "
      + human_percent(std::expm1(x.aa_floor)) + ", geometric mean of "
      + counted(x.screened, "screened benchmark") + " " + human_ratio(x.geomean)
      + ", at least " + human_ratio(x.geomean_low));
  if (rules() != nullptr)
    note("limits", gate_limits(rules()->gate));
  if (!x.candidates.empty())
    page.table(candidate_table(x.candidates), max_rows);
  if (!x.guards.empty())
    page.table(guard_table(x.guards), max_rows);
}

} // namespace fc::replay
