#include "projections/parquet/dataset.hpp"
#include "projections/postgres/store.hpp"
#include "projections/sqlite/dump.hpp"
#include "projections/sqlite/store.hpp"
#include "tools/replay/commands.hpp"

#include <iomanip>
#include <iostream>

namespace fc::replay {

namespace {

/// "  pull_requests         250,000 rows"
void print_table(const std::string& name, std::uint64_t rows) {
  std::cout << "  " << std::left << std::setw(22) << name << std::right
            << std::setw(10) << rows << " rows\n";
}

verdict to_supabase(const log_reader& log, const options& x) {
  auto done = projections::postgres::rebuild(log, x.database, {x.replace});
  if (!done)
    return done.error();
  std::cout << "rebuilt the database up to position " << done->up_to.at << '\n';
  for (const auto& each : done->tables)
    print_table(each.name, static_cast<std::uint64_t>(each.rows));
  std::cout << "content sha256 " << done->content.hex() << '\n';
  return true;
}

verdict to_sqlite(const log_reader& log, const options& x) {
  namespace sqlite = projections::sqlite;
  auto done = sqlite::rebuild(log, x.to);
  if (!done)
    return done.error();
  auto tables = sqlite::dump_tables(x.to);
  if (!tables)
    return tables.error();
  std::cout << "rebuilt " << x.to << " up to position " << done->up_to.at
            << '\n';
  for (const auto& each : tables->tables)
    print_table(each.name, each.rows);
  std::cout << "tables sha256 " << tables->sha256.hex() << '\n';
  return true;
}

verdict to_parquet(const log_reader& log, const options& x) {
  auto done = projections::parquet::write_dataset(log, x.to);
  if (!done)
    return done.error();
  std::cout << "dataset " << x.to << " up to position " << done->until
            << "\n  rows      " << done->rows << '\n';
  for (const auto& month : done->written)
    std::cout << "  written   " << month << '\n';
  for (const auto& month : done->untouched)
    std::cout << "  unchanged " << month << '\n';
  return true;
}

} // namespace

verdict project(const log_reader& log, const options& x) {
  if (x.project == "supabase")
    return to_supabase(log, x);
  return x.project == "sqlite" ? to_sqlite(log, x) : to_parquet(log, x);
}

} // namespace fc::replay
