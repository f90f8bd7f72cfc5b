#pragma once

#include "events/log/event_log.hpp"
#include "projections/row_sink.hpp"

#include <string>
#include <vector>

/// The public tables in Postgres. Addresses are libpq's.
namespace fc::projections::postgres {

/// How tables are rebuilt.
struct rebuild_options {
  /// Discard what was changed by hand, and tables that fcreplay did not make.
  bool replace = false;
};

/// A table and its rows.
struct table_rows {
  std::string name;
  std::int64_t rows = 0;
};

/// What a rebuild came to.
struct rebuild_report {
  checkpoint up_to;
  std::vector<table_rows> tables;
  events::digest content; ///< Of all tables' holdings, for comparing.
};

/// Makes the tables of the whole log beside the live ones, in one transaction:
/// rows by COPY, indexes, grants and policies, counts and content compared with
/// what was sent, and then all of them in the place of the live ones. Readers
/// see the old tables or the new ones. Whatever fails, and however it ends, the
/// live tables stay as they were and nothing is left over.
/// @returns `ec::conflict` for tables changed by hand, `ec::already_in_use`
/// while another program writes them, `ec::unavailable`, `ec::refused`,
/// `ec::storage_failure` with the server's words.
events::expected<rebuild_report>
rebuild(const events::log::log_reader& log, const std::string& address,
        const rebuild_options& options = {});

} // namespace fc::projections::postgres
