#pragma once

#include "events/log/event_log.hpp"
#include "projections/row_sink.hpp"

#include <memory>
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

/// What following came to.
struct follow_report {
  checkpoint up_to;
  std::uint64_t records = 0;  ///< Applied by this call.
  std::uint64_t rows = 0;     ///< Written by this call.
  events::timestamp newest{}; ///< When the last of them was recorded.
};

/// Keeps the tables up with a log: rows and checkpoint in one transaction, so
/// each record is applied once, whoever is killed.
class follower {
public:
  /// Connects, and checks that the tables are as they were left.
  /// @param log Must outlive it; the caller refreshes it.
  /// @returns `ec::not_found` where the tables must be rebuilt first (none yet,
  /// or made by older versions), `ec::refused` for those of another log,
  /// `ec::too_new`, else as `rebuild`.
  static events::expected<std::unique_ptr<follower>>
  open(const events::log::log_reader& log, const std::string& address);
  ~follower();

  /// Applies the records after the checkpoint, as the log is now.
  /// After an error the follower must be opened again; what was committed is
  /// then known.
  events::expected<follow_report> advance();

private:
  struct state;
  explicit follower(std::unique_ptr<state> x);
  std::unique_ptr<state> state_;
};

} // namespace fc::projections::postgres
