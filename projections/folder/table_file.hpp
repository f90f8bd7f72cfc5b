#pragma once

#include "projections/row_sink.hpp"

#include <memory>
#include <string>

namespace fc::projections::folder {

/// Takes the rows of one table, in the order of their keys, into one file.
/// Dropped without `finish`, it leaves none.
class table_file {
public:
  virtual ~table_file() = default;

  /// @pre One cell per column, of the column's type.
  virtual events::error add(const row& cells) = 0;

  /// Syncs the file and gives it its name.
  virtual events::error finish() = 0;
};

using table_file_ptr = std::unique_ptr<table_file>;

/// One JSON object a line, members in the order of the columns: numbers, flags
/// and null as such, documents as what they are, lists of texts as arrays,
/// times as ISO 8601 texts (UTC) with six digits of a second or none. Lines end
/// with a line feed.
events::expected<table_file_ptr>
create_jsonl(const std::string& path, const table& of);

/// A Parquet file. Columns of the key are required, others optional. Types:
/// BOOLEAN, INT32, INT64, DOUBLE; texts, UUIDs and JSON documents as strings;
/// lists of texts as lists of strings; times as TIMESTAMP(MICROS, UTC).
events::expected<table_file_ptr>
create_parquet(const std::string& path, const table& of);

} // namespace fc::projections::folder
