#pragma once

#include "events/error.hpp"
#include "projections/cell.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace fc::projections {

/// What a column holds; a store maps it to its own type.
enum class column_type : std::uint8_t {
  boolean,
  integer,
  real,
  text,
  document,
  time,
};

/// Name and type of one column.
struct column {
  std::string_view name;
  column_type type;
};

/// A public table. Its first `key` columns are the primary key and never null;
/// stores keep and print rows in key order.
struct table {
  std::string_view name;
  std::size_t key;
  std::span<const column> columns;
};

/// Takes the rows of projections. It reports failures when its owner commits,
/// so that a fold has nothing to handle.
class row_sink {
public:
  virtual ~row_sink() = default;

  /// Replaces the row that has the same key, or adds it.
  /// @pre `cells` has one cell per column.
  virtual void upsert(const table& into, row cells) = 0;

  /// Whether rows can still be taken; false ends a replay early.
  virtual bool healthy() const {
    return true;
  }
};

/// Up to where a store followed the log.
struct checkpoint {
  events::position at = 0;
  events::digest head; ///< Chain digest of that record: which log it was.

  bool operator==(const checkpoint&) const = default;
};

/// A place where tables live, e.g. a SQLite file or a Postgres schema.
class table_store : public row_sink {
public:
  /// What the store holds; none if it is empty or was made by projections of
  /// other names or versions, which means that it must be rebuilt.
  virtual events::expected<std::optional<checkpoint>> state() = 0;

  /// Makes everything since the last commit visible together with `up_to`, or
  /// nothing of it.
  /// @returns the first failure since then.
  virtual events::error commit(const checkpoint& up_to) = 0;
};

} // namespace fc::projections
