#pragma once

#include "events/ids.hpp"

#include <iosfwd>
#include <string>
#include <vector>

namespace fc::projections::sqlite {

/// Number of rows of a table.
struct table_size {
  std::string name;
  std::uint64_t rows = 0;
};

/// What a table file holds.
struct table_summary {
  std::vector<table_size> tables;
  events::digest sha256; ///< Of the canonical text of all tables.
};

/// Which columns are dumped: `source::evidence`, so that logs with the same
/// evidence and verdicts give the same, or all.
enum class dumped : std::uint8_t { evidence, everything };

/// Reads every public table of a file and, where `to` is given, writes their
/// canonical text: tables by name, rows by key, as
///
///     text  ::= (name "\n" header row* "\n")*
///     row   ::= cell ("," cell)* "\n"
///     cell  ::= empty for null | digits | true | false | "\"" text "\""
///
/// with quotes in texts doubled (CSV). It depends on what the tables hold
/// and on nothing else; checkpoints are not part of it.
events::expected<table_summary>
dump_tables(const std::string& file, std::ostream* to = nullptr,
            dumped what = dumped::evidence);

} // namespace fc::projections::sqlite
