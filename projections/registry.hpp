#pragma once

#include "events/log/event_log.hpp"
#include "projections/row_sink.hpp"

#include <limits>
#include <memory>
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

/// What a replay keeps between calls, so that following record by record does
/// not read the past again: streams in motion and how runs go. It serves a
/// replay that goes on from where the last one ended; any other begins anew.
class replay_memory {
public:
  replay_memory();
  ~replay_memory();

private:
  friend class table_replay;
  struct state;
  std::unique_ptr<state> state_;
};

/// Every projection of the registry over one log.
class table_replay {
public:
  /// Both must outlive it, and so must the memory.
  /// @param memory None for one of its own.
  table_replay(const events::log::log_reader& log, row_sink& out,
               replay_memory* memory = nullptr);
  ~table_replay();

  /// Makes the rows of the records after `before`. A row that follows from the
  /// end of a stream is made once, when the last record that the log has of it
  /// is reached; one that says how a run goes, after the last record.
  /// @param max Records at most.
  /// @param newest When the last of them was recorded, if there was any.
  /// @returns the checkpoint after the last record, `before` if there was none.
  events::expected<checkpoint>
  advance(const checkpoint& before,
          std::uint64_t max = std::numeric_limits<std::uint64_t>::max(),
          events::timestamp* newest = nullptr);

private:
  struct state;
  std::unique_ptr<state> state_;
};

/// Brings a store up to the end of the log, in one commit.
/// @pre The store is empty where `before` is.
events::expected<checkpoint>
project(const events::log::log_reader& log, const checkpoint& before,
        table_store& into, replay_memory* memory = nullptr);

/// Whether the log is the one a store followed up to `x`: it still has that
/// record. A log made anew, or another one, does not.
events::expected<bool>
continues(const events::log::log_reader& log, const checkpoint& x);

} // namespace fc::projections
