#pragma once

#include "projections/registry.hpp"
#include "projections/sqlite/database.hpp"

#include <map>

namespace fc::projections::sqlite {

/// The public tables in an open SQLite file. Rows wait in memory, the newest
/// per key, and are written in key order: few writes for many small changes.
class table_file : public table_store {
public:
  /// @param to Must be inside a transaction, which `commit` ends.
  explicit table_file(const database& to);

  /// Makes empty tables.
  events::error create();

  void upsert(const table& into, row cells) override;
  bool healthy() const override;
  void fail(events::error why) override;
  events::expected<std::optional<checkpoint>> state() override;
  events::error commit(const checkpoint& up_to) override;

private:
  struct pending_rows {
    std::map<row, row> rows; ///< By key.
    std::optional<statement> insert;
  };

  events::error flush();
  events::error write(const table& into, pending_rows& rows) const;
  events::error save(const checkpoint& up_to) const;

  const database& to_;
  std::map<const table*, pending_rows> tables_;
  std::size_t pending_ = 0;
  events::error failure_;
};

/// Marks a file as one of ours (`PRAGMA application_id`), so that nobody
/// else's database is overwritten.
inline constexpr std::int64_t application_id = 0x66636474; // "fcdt"

/// Name of the table that says how far the log was followed.
inline constexpr std::string_view checkpoint_table = "projection_checkpoints";

} // namespace fc::projections::sqlite
