#pragma once

#include "projections/table_target.hpp"

namespace fc::projections::folder {

/// What the files of a folder are.
enum class format : std::uint8_t { jsonl, parquet };

/// The tables in a folder of their own: one file a table, and `manifest.json`.
/// The same log gives the same bytes. Following makes all of it anew where the
/// log has anything new.
std::unique_ptr<table_target> open_target(const events::log::log_reader& log,
                                          std::string folder, format files);

} // namespace fc::projections::folder
