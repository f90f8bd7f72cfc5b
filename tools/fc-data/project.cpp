#include "tools/fc-data/project.hpp"

#include "projections/parquet/dataset.hpp"
#include "projections/sqlite/store.hpp"

namespace fc::tools {

std::string tables_of(const options& settings) {
  return (settings.work / "tables.sqlite").string();
}

events::error check_folders(const options& settings) {
  return projections::parquet::check_dataset_folder(settings.dataset.string());
}

events::error
project_all(const events::log::log_reader& log, const options& settings) {
  auto tables = projections::sqlite::rebuild(log, tables_of(settings));
  if (!tables)
    return tables.error();
  auto dataset
    = projections::parquet::write_dataset(log, settings.dataset.string());
  if (!dataset)
    return dataset.error();
  return {};
}

} // namespace fc::tools
