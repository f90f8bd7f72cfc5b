#include "projections/parquet/dataset.hpp"
#include "projections/sqlite/dump.hpp"
#include "projections/sqlite/store.hpp"
#include "projections/sqlite/table_file.hpp"
#include "tools/replay/commands.hpp"

#include <iomanip>
#include <iostream>

namespace fc::replay {

namespace {

namespace sqlite = projections::sqlite;

/// Following goes forward only: a file that is already beyond the end of the
/// log as it was is left alone.
error refuse_to_go_back(const log_reader& log, const std::string& file) {
  auto old = sqlite::database::open(file, sqlite::access::read, {});
  if (!old)
    return {}; // What is wrong with the file is said by whoever writes it.
  const auto at = (*old)->number("SELECT max(position) FROM "
                                 + std::string{sqlite::checkpoint_table});
  if (!at || static_cast<events::position>(*at) <= log.last())
    return {};
  return events::make_error(
    events::ec::invalid_argument,
    "file " + file + " already holds the log up to position "
      + std::to_string(*at) + ", --until ends at " + std::to_string(log.last())
      + "; build the older tables without --follow, in another file");
}

verdict to_sqlite(const log_reader& log, const options& x) {
  if (x.follow && x.until)
    if (auto err = refuse_to_go_back(log, x.to))
      return err;
  auto done = x.follow ? sqlite::follow(log, x.to) : sqlite::rebuild(log, x.to);
  if (!done)
    return done.error();
  auto tables = sqlite::dump_tables(x.to);
  if (!tables)
    return tables.error();
  std::cout << (done->rebuilt ? "rebuilt " : "updated ") << x.to
            << " up to position " << done->up_to.at << '\n';
  for (const auto& each : tables->tables)
    std::cout << "  " << std::left << std::setw(18) << each.name << std::right
              << std::setw(10) << each.rows << " rows\n";
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
  return x.project == "sqlite" ? to_sqlite(log, x) : to_parquet(log, x);
}

} // namespace fc::replay
