#pragma once

#include "events/log/event_log.hpp"
#include "projections/row_sink.hpp"

#include <memory>
#include <string>
#include <vector>

namespace fc::projections {

/// A public table and how many rows it has.
struct table_count {
  std::string name;
  std::uint64_t rows = 0;
};

/// What a rebuild came to.
struct rebuild_result {
  checkpoint up_to;
  std::vector<table_count> tables; ///< By name.
  /// Of all tables, for comparing; files and folders of the same rows have the
  /// same, whatever their kind.
  events::digest content;
  std::string_view content_name; ///< What it is of: "tables", "content".
};

/// What following came to.
struct follow_result {
  checkpoint up_to;
  std::uint64_t records = 0;  ///< Applied by this call.
  events::timestamp newest{}; ///< When the last was recorded; zero: not known.
  bool rebuilt = false;       ///< All of the log was applied, not the new part.
};

/// Where the public tables of one log are put: the port of every kind of
/// store. Made by `sqlite::open_target`, `postgres::open_target` and
/// `folder::open_target`; the log must outlive it and is refreshed by the
/// caller.
///
/// Every target promises: readers see the old tables or the new ones; whatever
/// fails, the old ones stay as they were; the same log gives the same rows, in
/// the order of their keys; what somebody else made is refused
/// (`ec::invalid_argument`, in a database `ec::conflict`), never overwritten.
class table_target {
public:
  virtual ~table_target() = default;

  /// As people call it: a path, or "the database".
  virtual std::string name() const = 0;

  /// Makes the tables of the whole log anew.
  virtual events::expected<rebuild_result> rebuild() = 0;

  /// Applies what the log has now, or a part of it, to the tables that are
  /// there. Rebuilds where there are none, where they are of another log or of
  /// other versions of the projections, and where a target can do nothing else.
  /// A database refuses instead to replace tables of another log
  /// (`ec::refused`) and those of newer versions (`ec::too_new`).
  virtual events::expected<follow_result> follow() = 0;
};

} // namespace fc::projections
