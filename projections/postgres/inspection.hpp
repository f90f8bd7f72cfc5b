#pragma once

#include "events/error.hpp"
#include "projections/postgres/ledger.hpp"

namespace fc::projections::postgres {

/// Whether this user may write what has to be written, and nothing else hangs
/// on the live tables.
/// @returns `ec::refused` naming schema, table or view, and what to do.
events::error may_replace(pqxx::transaction_base& tx);

/// Whether the tables are of this program's versions or older ones.
/// @returns `ec::too_new` naming a table.
events::error not_newer(const ledger& x);

/// Whether the live tables look as they were left: all of ours and no other,
/// with the columns they were made with.
/// @returns `ec::conflict` naming table and column.
events::error same_structure(pqxx::transaction_base& tx, const ledger& x);

/// Whether they hold what they held: reads every row.
/// @returns `ec::conflict` naming the table.
events::error same_content(pqxx::transaction_base& tx, const ledger& x);

} // namespace fc::projections::postgres
