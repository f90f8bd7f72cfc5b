#include "projections/parquet/card.hpp"

#include "projections/parquet/row.hpp"

#include <sstream>

namespace fc::projections::parquet {

namespace {

constexpr std::string_view heading
  = "# FormulaCode: measured performance optimisations";

/// The hub's names for how large a dataset is.
std::string_view size_category(std::size_t rows) {
  if (rows < 1'000)
    return "n<1K";
  if (rows < 10'000)
    return "1K<n<10K";
  if (rows < 100'000)
    return "10K<n<100K";
  return rows < 1'000'000 ? "100K<n<1M" : "1M<n<10M";
}

std::string_view type_name(column_type x) {
  switch (x) {
  case column_type::utf8:
    return "string";
  case column_type::bytes:
    return "binary";
  case column_type::int32:
    return "int32";
  case column_type::int64:
    return "int64";
  case column_type::float64:
    return "float64";
  case column_type::boolean:
    return "bool";
  case column_type::timestamp_micros:
    return "timestamp[us, UTC]";
  case column_type::list_float64:
    return "list<float64>";
  case column_type::list_utf8:
    return "list<string>";
  }
  return "?";
}

void put_config(std::ostream& out, std::string_view name,
                std::string_view files) {
  out << "  - config_name: \"" << name << "\"\n    data_files: \"" << files
      << "\"\n";
}

void put_front_matter(std::ostream& out, const card_facts& x) {
  out << "---\nlanguage:\n  - en\nlicense: " << x.license
      << "\ntags:\n  - code\n  - benchmarks\n  - performance\n"
         "  - optimization\nsize_categories:\n  - "
      << size_category(x.rows) << "\nconfigs:\n";
  if (!x.months.empty())
    put_config(out, "default", "data/formulacode@*.parquet");
  put_config(out, "verified", "verified/formulacode.parquet");
  for (const auto& [month, rows] : x.months)
    put_config(out, month, "data/formulacode@" + month + ".parquet");
  out << "---\n\n";
}

void put_counts(std::ostream& out, std::string_view title,
                std::string_view first,
                const std::map<std::string, std::size_t>& counts) {
  out << "## " << title << "\n\n| " << first << " | tasks |\n| --- | --- |\n";
  for (const auto& [name, rows] : counts)
    out << "| " << name << " | " << rows << " |\n";
  out << '\n';
}

void put_measured(std::ostream& out, const card_facts& x) {
  out
    << "## How it was measured\n\n"
       "Base and patched commit were built from source in the same environment "
       "and timed by the\nproject's own benchmark suite, each pair in fresh "
       "processes. The gate has two stages: a\nscreen picks the benchmarks "
       "that reach the changed code and look faster; fresh pairs then\nconfirm "
       "them, so that a lucky screen does not count twice. A benchmark is "
       "accepted when a\none-sided signed-rank test, corrected for the number "
       "of candidates, says that it is faster\nby more than `delta`. "
       "`speedup_low` to `speedup_high` is the interval of the estimate at\n"
       "level `confidence`. `aa_floor` is how far base and base built again "
       "are apart: what looks\nlike a speedup below it is noise, and `delta` "
       "is never smaller than the policy's multiple\nof it.\n\n";
  if (const auto local = x.environments.find("local-sandbox");
      local != x.environments.end())
    out << "**" << local->second
        << " of these tasks were timed in a local sandbox**, not on a rented "
           "machine of known make.\nThey are here only because the policy "
           "named below admits that environment; read `machine`,\n"
           "`isolation` and `clock` before comparing rows.\n\n";
}

void put_columns(std::ostream& out) {
  out << "## Columns\n\n| column | type | null | meaning |\n"
         "| --- | --- | --- | --- |\n";
  for (const auto& one : dataset_fields())
    out << "| " << one.shape.name << " | " << type_name(one.shape.type) << " | "
        << (one.shape.optional ? "yes" : "no") << " | " << one.meaning
        << " |\n";
  out << '\n';
}

} // namespace

std::string dataset_card(const card_facts& x) {
  std::ostringstream out;
  put_front_matter(out, x);
  out << heading
      << "\n\n"
         "Each row is a merged pull request of a Python project that made the "
         "project faster, with\nthe change, the problem it solves, and the "
         "measurement that says so. There are "
      << x.rows
      << " tasks.\nFiles are by month of merge. A published row never changes "
         "and never vanishes; `row_digest`\nlets anybody check. The "
         "configuration "
         "`verified` holds the tasks that a human has checked; it is\nempty "
         "until somebody has.\n\n";
  put_measured(out, x);
  put_counts(out, "Months", "month of merge", x.months);
  put_counts(out, "Environments", "environment", x.environments);
  put_counts(out, "Policies", "SHA-256 of the policy that accepted the task",
             x.policies);
  put_counts(out, "Admission", "admitted by", x.admitted_by);
  put_columns(out);
  out << "## Origin\n\nMade from an event log up to position " << x.until
      << ". Whoever has that log makes the same files\nagain with the command "
         "below; a log that has grown adds rows and changes none.\n\n"
         "```\nfcreplay --log LOG --project parquet --to FOLDER\n"
         "```\n\n`fcreplay --log LOG --audit owner/repo#number` tells why a "
         "task is here.\n";
  return out.str();
}

bool is_dataset_card(std::string_view text) {
  return text.find(heading) != std::string_view::npos;
}

} // namespace fc::projections::parquet
