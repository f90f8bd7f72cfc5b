#pragma once

#include "projections/postgres/content.hpp"
#include "projections/registry.hpp"

#include <pqxx/pqxx>

#include <map>
#include <optional>

namespace fc::projections::postgres {

/// What the database says about one of its tables.
struct entry {
  int version = 0;
  checkpoint up_to;
  holdings held;
  std::string structure; ///< As `structure_of`, when it was made.
};

/// `fc_data.projections`: which tables are ours, how far they followed the log,
/// and what they held then. Written in the transaction that writes the rows.
struct ledger {
  std::map<std::string, entry, std::less<>> tables;

  /// Up to where all tables followed; none if any is absent, was made by
  /// another version of its projection, or differs from the others: then they
  /// must be rebuilt.
  std::optional<checkpoint> state() const;

  /// A table that a newer version of its projection made; empty for none.
  std::string made_by_newer() const;
};

/// Begins a transaction that writes tables: no other does until it ends, and
/// none of a hosted server's limits on time holds for it.
/// @returns `ec::already_in_use`.
events::error begin_writing(pqxx::transaction_base& tx);

/// Lifts a hosted server's limits on the time of a transaction.
void lift_limits(pqxx::transaction_base& tx);

/// What a table holds now: reads every row.
holdings holdings_in(pqxx::transaction_base& tx, std::string_view schema,
                     const table& x);

/// @param lock Keeps other programs from writing until the transaction ends.
ledger read_ledger(pqxx::transaction_base& tx, bool lock = false);

/// Replaces all of it.
void write_ledger(pqxx::transaction_base& tx, const ledger& x);

/// Moves the tables' checkpoint and holdings on.
void advance_ledger(pqxx::transaction_base& tx, const ledger& x);

} // namespace fc::projections::postgres
