#include "tools/fc-data/summary.hpp"

#include "events/catalog.hpp"
#include "projections/funnel.hpp"
#include "projections/replay.hpp"
#include "projections/sqlite/database.hpp"
#include "tools/fc-data/terminal/diagnostics.hpp"

#include <iomanip>
#include <map>

namespace fc::tools {

namespace {

using projections::sqlite::database;

struct cost {
  double wall_seconds = 0;
  double cpu_seconds = 0;
  std::uint64_t bytes = 0;
  std::uint64_t tokens = 0;
  double usd = 0;
  std::uint64_t calls = 0;
  std::uint32_t steps = 0;
};

/// By stage, of one run.
using costs = std::map<std::string, cost>;

/// The tables hold no costs. A run's records come after its own first.
events::expected<costs>
read_costs(const events::log::log_reader& log, const std::string& run) {
  costs all;
  auto own = log.read_stream(events::run_stream(run));
  if (!own)
    return own.error();
  events::error failure;
  const auto from = own->empty() ? events::position{1} : own->front().at;
  auto err = log.scan(from, [&](const events::record& at) {
    if (at.run != run || at.tag != events::spent::tag)
      return true;
    auto x = events::event_in<events::spent>(at);
    if (!x) {
      failure = x.error();
      return false;
    }
    auto& sum = all[x->stage];
    sum.wall_seconds += x->wall_seconds;
    sum.cpu_seconds += x->cpu_seconds;
    sum.bytes += x->bytes;
    sum.tokens += x->tokens;
    sum.usd += x->cost_usd;
    sum.calls += x->calls;
    ++sum.steps;
    return true;
  });
  if (err)
    return err;
  if (failure)
    return failure;
  return all;
}

/// Prints a heading and a line for each row, or nothing where there is none.
template <class Line>
events::error print_rows(std::ostream& out, const database& tables,
                         const char* heading, const char* query, Line line) {
  auto rows = tables.prepare(query);
  if (!rows)
    return rows.error();
  for (bool first = true;; first = false) {
    const auto more = rows->step();
    if (!more)
      return more.error();
    if (!*more)
      return {};
    if (first)
      out << '\n' << heading << '\n';
    line(*rows);
    out << '\n';
  }
}

events::error print_ends(std::ostream& out, const database& tables) {
  using projections::sqlite::statement;
  if (auto err
      = print_rows(out, tables, "rejected, by the rule that decided",
                   "SELECT rule, count(*) FROM pull_requests "
                   "WHERE outcome = 'rejected' GROUP BY rule ORDER BY rule",
                   [&](const statement& x) {
                     out << std::setw(8) << x.integer(1) << "  "
                         << printable_line(x.text(0));
                   }))
    return err;
  if (auto err = print_rows(
        out, tables, "failed, without a verdict",
        "SELECT owner || '/' || repo || '#' || issue_number AS name, "
        "coalesce(explanation, rule, '') FROM pull_requests "
        "WHERE outcome = 'failed' ORDER BY name",
        [&](const statement& x) {
          out << "  " << printable_line(x.text(0)) << "  "
              << printable_line(x.text(1));
        }))
    return err;
  return print_rows(
    out, tables, "published",
    "SELECT owner || '/' || repo || '#' || issue_number AS name, speedup, "
    "speedup_low, speedup_high, benchmark FROM releases r "
    "WHERE EXISTS (SELECT 1 FROM pull_requests p WHERE p.owner = r.owner AND "
    "p.repo = r.repo AND p.issue_number = r.issue_number AND "
    "p.outcome = 'published') ORDER BY name",
    [&](const statement& x) {
      out << "  " << x.text(0) << "  " << std::fixed << std::setprecision(2)
          << x.real(1) << "x [" << x.real(2) << ", " << x.real(3) << "]  "
          << printable_line(x.text(4));
    });
}

void print_cost(std::ostream& out, const costs& all) {
  if (!all.empty())
    out << "\nwhat this run cost\n";
  for (const auto& [stage, sum] : all) {
    out << "  " << std::left << std::setw(20) << stage << std::right
        << std::setw(5) << sum.steps << " steps" << std::fixed
        << std::setprecision(1) << std::setw(9) << sum.wall_seconds << " s"
        << std::setw(9) << sum.cpu_seconds << " cpu s";
    if (sum.tokens > 0)
      out << "  " << sum.calls << " calls, " << sum.tokens << " tokens, $"
          << std::setprecision(4) << sum.usd;
    out << '\n';
  }
}

} // namespace

events::error
print_funnel(std::ostream& out, const events::log::log_reader& log) {
  projections::funnel all;
  if (auto err = projections::replay(log, all))
    return err;
  const auto total = all.total();
  out << "\nfunnel\n";
  for (std::size_t i = 0; i < events::funnel_column_total; ++i)
    out << std::setw(8) << total.survived[i] << "  "
        << events::funnel_columns[i].label.meaning << '\n';
  return {};
}

events::error
print_summary(std::ostream& out, const events::log::log_reader& log,
              const std::string& run, const actors::run_result& result,
              const options& settings) {
  const auto file = (settings.work / "tables.sqlite").string();
  auto tables = database::open(file, projections::sqlite::access::read,
                               std::chrono::seconds{5});
  if (!tables)
    return tables.error();
  auto spent = read_costs(log, run);
  if (!spent)
    return spent.error();
  const auto before = out.flags();
  if (auto err = print_funnel(out, log))
    return err;
  if (auto err = print_ends(out, **tables))
    return err;
  for (const auto& window : result.windows) {
    if (window.incomplete.empty() && window.note.empty())
      continue;
    out << "\n" << window.repo << ": " << printable_line(window.note) << '\n';
    for (const auto& each : window.incomplete)
      out << "  incomplete: " << printable_line(each) << '\n';
  }
  print_cost(out, *spent);
  out << "\nlog       " << (settings.work / "log").string() << "\ntables    "
      << file << "\ndataset   " << settings.dataset.string()
      << "\nexplain   fcreplay --log " << (settings.work / "log").string()
      << " --audit owner/repo#N\n";
  out.flags(before);
  return {};
}

} // namespace fc::tools
