#pragma once

#include "projections/row_sink.hpp"

#include <string>
#include <vector>

/// Tables of projections as SQL of Postgres.
namespace fc::projections::postgres {

/// Where readers look, where a rebuild loads, and where bookkeeping lies.
inline constexpr std::string_view live_schema = "public";
inline constexpr std::string_view build_schema = "fc_data_build";
inline constexpr std::string_view own_schema = "fc_data";

/// "public.pull_requests"
std::string qualified(std::string_view schema, const table& x);

/// "owner, repo, issue_number"
std::string names_of(std::span<const column> columns);

/// As `format_type` of the server says it, e.g. "timestamp with time zone".
std::string_view type_name(column_type x);

/// The table without indexes, closed to everybody but its owner.
std::string create_statement(std::string_view schema, const table& x);

/// Primary key and indexes, one statement each, for after the rows are in.
std::vector<std::string>
index_statements(std::string_view schema, const table& x);

/// Who may read: grants, row level security and its policies. A role can do
/// nothing that is not said here.
std::vector<std::string>
access_statements(std::string_view schema, const table& x);

/// Columns in order as "name type, ...", the way a live table is compared with.
std::string structure_of(const table& x);

/// A query of one row, columns and in the form of `structure_of`; `$1` is the
/// qualified name. No columns where there is no such table.
std::string_view structure_query();

} // namespace fc::projections::postgres
