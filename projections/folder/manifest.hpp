#pragma once

#include "projections/row_sink.hpp"

#include <optional>
#include <string>
#include <vector>

namespace fc::projections::folder {

/// What `manifest.json` says of one table's file.
struct table_entry {
  std::string name;
  int version = 0; ///< Of the projection.
  std::string file;
  std::uint64_t rows = 0;
  events::digest sha256; ///< Of the file's bytes.
};

/// What a folder of tables holds, and that it is one of ours.
struct manifest {
  std::string kind; ///< "jsonl" or "parquet".
  checkpoint up_to;
  events::digest content; ///< Of the canonical text of all tables.
  std::vector<table_entry> tables;
};

inline constexpr std::string_view manifest_name = "manifest.json";

/// Where rows wait to be sorted while a folder is made; not in a finished one.
inline constexpr std::string_view rows_name = "rows.sqlite";

/// The same manifest gives the same text.
std::string to_text(const manifest& x);

/// The manifest of a folder; none where there is no file of that name or it is
/// not one of ours. @returns `ec::storage_failure` when it cannot be read.
events::expected<std::optional<manifest>>
read_manifest(const std::string& folder);

} // namespace fc::projections::folder
