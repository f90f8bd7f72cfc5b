#include "events/policy/gate.hpp"
#include "events/policy/speedup/pairs.hpp"
#include "projections/tables/measurements.hpp"
#include "tools/replay/audit/page.hpp"
#include "tools/replay/text.hpp"

#include <algorithm>
#include <cmath>
#include <map>

/// What trials and the verdict on them say.
namespace fc::replay {

using namespace events;

namespace {

constexpr std::size_t most_rows = 60;
constexpr std::size_t name_width = 34;
constexpr std::size_t strip_width = 50;

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
std::string unknown_benchmarks(const trialled& x) {
  std::map<std::string, std::vector<const benchmark_trial*>> by_reason;
  for (const auto& each : x.benchmarks) {
    if (policy::speedup::is_reached(each) || each.status == "ok")
      continue;
    by_reason[each.error.empty() ? each.status : each.error].push_back(&each);
  }
  std::string text;
  for (const auto& [reason, which] : by_reason)
    text
      += wrapped(counted(which.size(), "other benchmark") + ", "
                   + which.front()->status + ": " + reason + " ("
                   + which.front()->name + (which.size() > 1 ? ", ...)" : ")"),
                 said);
  return text;
}

std::string kind_of(const benchmark_trial& x) {
  if (x.status != "ok")
    return x.status;
  return !x.confirm_base.empty() ? "confirmed"
         : x.screen_base.empty() ? "not timed"
                                 : "screened";
}

/// Why a benchmark says less than it could, or nothing.
std::string remark_on(const benchmark_trial& x, const policy::policy* rules) {
  if (!x.error.empty())
    return "error: " + x.error;
  if (!x.left_out.empty())
    return "left out: " + x.left_out;
  if (rules != nullptr)
    if (const auto why = policy::inadmissible(x, rules->gate))
      return "inadmissible: " + *why;
  return {};
}

std::string benchmark_table(const std::vector<benchmark_row>& rows,
                            const policy::policy* rules) {
  text_table table{"benchmark"};
  for (const auto* title : {"base", "patched", "ratio", "pairs"})
    table.add_column(title, align::right);
  table.add_column("reach", align::left);
  table.add_column("status", align::left);
  for (std::size_t i = 0; i < rows.size() && i < most_rows; ++i) {
    const auto& [trial, pairs] = rows[i];
    const bool timed = pairs.pairs > 0;
    table.add({shortened(trial->name, name_width),
               timed ? human_time(pairs.base) : "-",
               timed ? human_time(pairs.patched) : "-",
               timed ? human_ratio(pairs.ratio) : "-",
               std::to_string(pairs.pairs), trial->reach, kind_of(*trial)});
    const bool cut = width_of(trial->name) > name_width;
    table.note((cut ? trial->name + " " : "") + remark_on(*trial, rules));
  }
  auto text = table.str(said);
  if (rows.size() > most_rows)
    text += wrapped("and " + human_count(rows.size() - most_rows)
                      + " more, see --json",
                    said);
  return text;
}

std::vector<double> as_ratios(const policy::speedup::log_ratios& x) {
  std::vector<double> result;
  for (const double value : x.values)
    result.push_back(std::exp(value));
  return result;
}

std::string strip(std::string_view label, const std::vector<double>& x) {
  if (x.empty())
    return {};
  const auto [low, high] = std::ranges::minmax(x);
  return std::string(below, ' ') + std::string{label} + human_ratio(low) + " ["
         + dot_strip(x, low, high, 1, strip_width) + "] " + human_ratio(high)
         + "\n";
}

/// The pairs of a confirmed benchmark, each a dot from the lowest to the
/// highest ratio, and base against base where that was measured.
std::string strips(const benchmark_trial& x) {
  const auto confirmed = as_ratios(policy::speedup::confirm_ratios(x));
  if (confirmed.empty())
    return {};
  return wrapped(x.name, said) + strip("base / patched  ", confirmed)
         + strip("base / base     ", as_ratios(policy::speedup::aa_ratios(x)));
}

std::string candidate_table(const std::vector<candidate>& all) {
  text_table table{"candidate"};
  for (const auto* title :
       {"estimate", "low", "high", "p", "p adjusted", "pairs"})
    table.add_column(title, align::right);
  table.add_column("holds", align::left);
  for (const auto& x : all) {
    table.add({shortened(x.benchmark, 28), human_ratio(x.estimate),
               human_ratio(x.low), human_ratio(x.high), human_number(x.p),
               human_number(x.p_adjusted), std::to_string(x.pairs),
               x.accepted ? "yes" : "no"});
    if (!x.accepted)
      table.note(x.reason);
  }
  return table.str(said);
}

std::string guard_table(const std::vector<guard>& all) {
  text_table table{"guard"};
  table.add_column("value", align::right);
  table.add_column("limit", align::right);
  table.add_column("held", align::left);
  for (const auto& x : all) {
    table.add({x.name, human_number(x.value), human_number(x.limit),
               x.held ? "yes" : "NO"});
    table.note(x.explanation);
  }
  return table.str(said);
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

void event_teller::tell(const trialled& x) {
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
  for (const auto& error : x.import_errors)
    note("benchmark file does not load", error);
  blob("every sample", x.report);
  page += unknown_benchmarks(x);
  const auto rows = impacted(x);
  if (rows.empty())
    return;
  page += benchmark_table(rows, about.judge_of(at.seq));
  for (const auto& row : rows)
    page += strips(*row.trial);
}

void event_teller::tell(const speedup_measured& x) {
  say((x.accepted ? "accepted: " : "not accepted by rule " + x.rule + ": ")
      + x.explanation);
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
    page += candidate_table(x.candidates);
  if (!x.guards.empty())
    page += guard_table(x.guards);
}

} // namespace fc::replay
