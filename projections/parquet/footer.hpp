#pragma once

#include "projections/parquet/encoding.hpp"

/// The thrift structures of a file: pages' headers and the footer. Thrift is
/// seen in the source of this header only.
namespace fc::projections::parquet {

/// A written column chunk.
struct chunk_info {
  std::int64_t offset = 0; ///< Of its first page header.
  std::int64_t compressed = 0;
  std::int64_t uncompressed = 0;
  bounds seen;
};

/// A written row group.
struct group_info {
  std::int64_t rows = 0;
  std::vector<chunk_info> chunks; ///< One a column.
};

/// The first and last bytes of every file.
inline constexpr std::string_view magic = "PAR1";

/// The bytes of a data page's header.
events::bytes page_header(std::int32_t values, std::size_t uncompressed,
                          std::size_t compressed);

/// The bytes from the end of the last page to the end of the file.
events::bytes file_footer(const std::vector<column>& columns,
                          const std::vector<group_info>& groups,
                          const std::map<std::string, std::string>& metadata);

/// Inverse of `file_footer`, without its length and magic; the text of an error
/// says what is wrong.
events::expected<file_info> parse_footer(events::byte_view raw);

} // namespace fc::projections::parquet
