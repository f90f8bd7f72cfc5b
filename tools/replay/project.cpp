#include "projections/parquet/dataset.hpp"
#include "tools/replay/commands.hpp"
#include "tools/replay/table_target.hpp"

#include <iomanip>
#include <iostream>

namespace fc::replay {

namespace {

/// "  pull_requests         250,000 rows"
void print_table(const projections::table_count& x) {
  std::cout << "  " << std::left << std::setw(22) << x.name << std::right
            << std::setw(10) << x.rows << " rows\n";
}

command_result to_tables(const log_reader& log, const options& x) {
  const auto to = open_target(log, x);
  auto done = to->rebuild();
  if (!done)
    return done.error();
  std::cout << "rebuilt " << to->name() << " up to position " << done->up_to.at
            << '\n';
  for (const auto& each : done->tables)
    print_table(each);
  std::cout << done->content_name << " sha256 " << done->content.hex() << '\n';
  return true;
}

command_result to_dataset(const log_reader& log, const options& x) {
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

command_result project(const log_reader& log, const options& x) {
  return x.project == "parquet" ? to_dataset(log, x) : to_tables(log, x);
}

} // namespace fc::replay
