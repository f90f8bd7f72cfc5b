#pragma once

#include "events/log/event_log.hpp"
#include "projections/row_sink.hpp"

#include <vector>

namespace fc::projections {

/// A projection that fills a public table.
struct table_projection {
  std::string_view name;
  int version;
  const table* rows;
};

/// All of them, in the order of their names.
const std::vector<table_projection>& registry();

/// Feeds the records from `from` on to every projection of the registry.
/// @returns the checkpoint after the last record, `before` if there was none.
events::expected<checkpoint>
replay_tables(const events::log::log_reader& log, const checkpoint& before,
              row_sink& out);

/// Brings a store up to the end of the log, in one commit.
/// @pre The store is empty where `before` is.
events::expected<checkpoint>
project(const events::log::log_reader& log, const checkpoint& before,
        table_store& into);

/// Whether the log is the one a store followed up to `x`: it still has that
/// record. A log made anew, or another one, does not.
events::expected<bool>
continues(const events::log::log_reader& log, const checkpoint& x);

} // namespace fc::projections
