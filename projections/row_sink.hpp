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
  integer, ///< 32 bits where the store tells them apart.
  bigint,
  real,
  text,
  texts, ///< A list of texts.
  uuid,
  document, ///< JSON.
  time,
};

/// What the values of a column follow from.
enum class source : std::uint8_t {
  evidence, ///< Evidence and verdicts: equal in all logs that have the same.
  writing,  ///< Also when, where and in which order the log was written.
};

/// One column, the same for every target.
struct column {
  std::string_view name;
  column_type type = column_type::text;
  source from = source::evidence;
  bool nullable = true;
  std::string_view meaning = {}; ///< Where the name does not say it.
};

/// An index beside the primary key, in the words of SQL.
struct index {
  std::string_view columns;    ///< "owner, repo, merged_at"
  std::string_view where = {}; ///< Rows it covers, empty for all.
  std::string_view method = "btree";
};

/// Who may read a table of a store that has users.
enum class audience : std::uint8_t {
  everyone, ///< The public, without an account.
  staff,    ///< Only who runs the store.
};

/// A public table. Its first `key` columns are the primary key and never null;
/// stores keep and print rows in key order.
struct table {
  std::string_view name;
  std::size_t key;
  std::span<const column> columns;
  audience readers;
  std::span<const index> indexes = {};
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

  /// A projection could not make its rows: nothing may be committed.
  virtual void fail(events::error why) = 0;
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
