#pragma once

#include "projections/row_sink.hpp"

#include <cstdint>
#include <string>

/// What a table holds, in one number that does not depend on the order of its
/// rows: the exclusive or of a 64-bit hash of each row. Both we and the server
/// compute it, so a rebuild knows that what it sent is what is there, and a row
/// that somebody changes is seen. Replacing a row changes it by the hashes of
/// the old and the new one.
namespace fc::projections::postgres {

/// Number and content of some rows.
struct holdings {
  std::int64_t rows = 0;
  std::int64_t content = 0;

  bool operator==(const holdings&) const = default;
};

/// `hashtextextended(x, 0)` of Postgres on a little-endian machine (PostgreSQL
/// 15, src/common/hashfn.c, `hash_bytes_extended`; the server keeps it as it is
/// because tables may be partitioned by it).
std::int64_t hash_of(std::string_view x);

/// Hash of a row: of its cells as texts, joined by U+001F, null as U+001E;
/// numbers with fraction and times as the hex digits of the server's binary
/// form, which has one spelling only.
std::int64_t hash_of(const row& cells);

/// The same as an SQL expression over the columns of a table.
/// @param alias Name of the table in the query.
std::string hash_expression(const table& of, std::string_view alias);

/// A query of one row: number of rows and content.
std::string holdings_query(std::string_view schema, const table& of);

/// A list as the server reads it: `{"a","b"}`.
std::string array_literal(const text_list& x);

} // namespace fc::projections::postgres
