#pragma once

#include "projections/parquet/row.hpp"

#include <string>
#include <vector>

namespace fc::projections::parquet {

/// What is to be written.
struct dataset_options {
  /// Last record to look at; 0 is the whole log.
  events::position until = 0;
  std::string license = "apache-2.0"; ///< Of the card.
};

/// What was written.
struct dataset_report {
  events::position until = 0; ///< The log was read up to here.
  std::size_t rows = 0;
  std::vector<std::string> written;   ///< Months whose file is new.
  std::vector<std::string> untouched; ///< Months whose file stayed as it was.
};

/// Whether a dataset may be made in a folder: none, an empty one, or one with a
/// dataset. Nothing is written, so a run can ask before it begins.
/// @returns `ec::refused` for a folder with files of others,
/// `ec::storage_failure` where none can be made.
events::error check_dataset_folder(const std::string& folder);

/// Writes the dataset folder: `data/formulacode@YYYY-MM.parquet` by month of
/// merge, `verified/formulacode.parquet` and the card `README.md`. Rows are
/// ordered by owner, repository and number. A file that holds the wanted rows
/// is left as it is.
/// Rows that the log withdrew leave their file.
/// @returns as `check_dataset_folder`; `ec::refused`, before anything is
/// written, when another row that the folder already has would change or
/// vanish; `ec::corrupt` when the log contradicts itself; `ec::already_in_use`;
/// `ec::storage_failure`.
events::expected<dataset_report>
write_dataset(const events::log::log_reader& log, const std::string& folder,
              const dataset_options& options = {});

} // namespace fc::projections::parquet
