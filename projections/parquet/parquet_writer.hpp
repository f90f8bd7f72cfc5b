#pragma once

#include "events/error.hpp"
#include "events/ids.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <variant>
#include <vector>

/// A small writer of Apache Parquet files: PLAIN values, RLE levels, zstd
/// pages. No thrift here, it stays in the sources.
namespace fc::projections::parquet {

/// What a column holds. Text must be valid UTF-8.
enum class column_type : std::uint8_t {
  utf8,
  bytes,
  int32,
  int64,
  float64,
  boolean,
  timestamp_micros, ///< UTC; what is below a microsecond is cut off.
  list_float64,
  list_utf8,
};

/// Name and type of a column; only an optional one holds nulls.
struct column {
  std::string name;
  column_type type = column_type::utf8;
  bool optional = false;

  bool operator==(const column&) const = default;
};

/// One value of a row; the alternative must be the column's. Text and bytes are
/// both strings, `std::monostate` is null. Elements of lists are never null.
using cell = std::variant<std::monostate, bool, std::int32_t, std::int64_t,
                          double, std::string, events::timestamp,
                          std::vector<double>, std::vector<std::string>>;

/// The values of one row, in the order of the columns.
using cells = std::vector<cell>;

/// Shape of a file. Equal rows, columns and options give equal bytes (with the
/// same version of libzstd).
struct writer_options {
  std::size_t group_rows = 10'000;      ///< At most, in a row group.
  std::size_t group_bytes = 64U << 20U; ///< About, before compression.
  std::size_t page_bytes = 1U << 20U;   ///< About, before compression.
  int compression_level = 3;            ///< Of zstd.
  std::map<std::string, std::string> metadata;
};

/// Writes one file. It appears under its name only when `finish` succeeded,
/// synced to disk; before that, and after any error, there is nothing.
class parquet_writer {
public:
  /// @returns `ec::invalid_argument` for unusable columns,
  /// `ec::storage_failure` with path and cause.
  static events::expected<parquet_writer>
  create(const std::string& path, std::vector<column> columns,
         writer_options options = {});
  ~parquet_writer();
  parquet_writer(parquet_writer&&) noexcept;
  parquet_writer& operator=(parquet_writer&&) noexcept;

  /// Refuses a row that does not fit the columns (`ec::invalid_argument`); the
  /// writer is as before then. After a `ec::storage_failure` it is unusable.
  [[nodiscard]] events::error append(const cells& x);

  /// Adds a pair to the key-value metadata, e.g. what only the end knows.
  void put_metadata(std::string key, std::string value);

  /// Writes the footer, syncs and renames. At most once.
  [[nodiscard]] events::error finish();

private:
  struct impl;
  explicit parquet_writer(std::unique_ptr<impl> x);
  std::unique_ptr<impl> impl_;
};

/// What the footer of a file says.
struct file_info {
  std::int64_t rows = 0;
  std::size_t row_groups = 0;
  std::vector<std::string> columns; ///< Of the top level.
  std::map<std::string, std::string> metadata;
  std::string created_by;
};

/// Reads a footer, of any writer.
/// @returns `ec::not_found`, `ec::storage_failure`, `ec::corrupt`.
events::expected<file_info> read_info(const std::string& path);

} // namespace fc::projections::parquet
