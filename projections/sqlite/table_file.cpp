#include "projections/sqlite/table_file.hpp"

namespace fc::projections::sqlite {

using events::error;
using events::expected;

namespace {

constexpr std::size_t max_pending = 4096;

// JSON, times and flags have no type of their own in SQLite.
std::string_view type_name(column_type x) {
  switch (x) {
  case column_type::boolean:
  case column_type::integer:
  case column_type::bigint:
    return "INTEGER";
  case column_type::real:
    return "REAL";
  case column_type::text:
  case column_type::texts:
  case column_type::uuid:
  case column_type::document:
  case column_type::time:
    return "TEXT";
  }
  return "TEXT";
}

std::string joined(std::span<const column> columns) {
  std::string result;
  for (const auto& x : columns)
    result += (result.empty() ? "" : ", ") + std::string{x.name};
  return result;
}

/// Rows lie in key order in the file (no rowid), so equal content gives equal
/// pages.
std::string create_statement(const table& x) {
  std::string sql = "CREATE TABLE " + std::string{x.name} + " (\n";
  for (std::size_t i = 0; i < x.columns.size(); ++i)
    sql += "  " + std::string{x.columns[i].name} + " "
           + std::string{type_name(x.columns[i].type)}
           + (i < x.key ? " NOT NULL,\n" : ",\n");
  return sql + "  PRIMARY KEY (" + joined(x.columns.first(x.key))
         + ")\n) WITHOUT ROWID, STRICT";
}

std::string insert_statement(const table& x) {
  std::string values = "?";
  for (std::size_t i = 1; i < x.columns.size(); ++i)
    values += ", ?";
  return "REPLACE INTO " + std::string{x.name} + " (" + joined(x.columns)
         + ") VALUES (" + values + ")";
}

error execute(statement& to) {
  auto done = to.step();
  to.reset();
  return done ? error{} : done.error();
}

} // namespace

table_file::table_file(const database& to) : to_{to} {}

error table_file::create() {
  for (const auto& each : registry())
    if (auto err = to_.run(create_statement(*each.rows)))
      return err;
  return to_.run("CREATE TABLE " + std::string{checkpoint_table}
                 + " (\n  projection TEXT NOT NULL,\n  version INTEGER,\n"
                   "  position INTEGER,\n  head TEXT,\n  rows INTEGER,\n"
                   "  PRIMARY KEY (projection)\n) WITHOUT ROWID, STRICT");
}

void table_file::upsert(const table& into, row cells) {
  if (failure_)
    return;
  if (cells.size() != into.columns.size()) {
    failure_ = make_error(events::ec::internal,
                          "a row of " + std::string{into.name} + " has "
                            + std::to_string(cells.size()) + " cells, not "
                            + std::to_string(into.columns.size()));
    return;
  }
  row key{cells.begin(), cells.begin() + static_cast<std::ptrdiff_t>(into.key)};
  auto& rows = tables_[&into].rows;
  const auto before = rows.size();
  rows.insert_or_assign(std::move(key), std::move(cells));
  pending_ += rows.size() - before;
  if (pending_ >= max_pending)
    failure_ = flush();
}

void table_file::fail(error why) {
  if (!failure_)
    failure_ = std::move(why);
}

bool table_file::healthy() const {
  return !failure_;
}

error table_file::write(const table& into, pending_rows& rows) const {
  if (!rows.insert) {
    auto prepared = to_.prepare(insert_statement(into));
    if (!prepared)
      return prepared.error();
    rows.insert = std::move(*prepared);
  }
  for (const auto& [key, cells] : rows.rows) {
    int index = 0;
    for (const auto& x : cells)
      rows.insert->bind(++index, x);
    if (auto err = execute(*rows.insert))
      return err;
  }
  rows.rows.clear();
  return {};
}

error table_file::flush() {
  for (auto& [into, rows] : tables_)
    if (auto err = write(*into, rows))
      return err;
  pending_ = 0;
  return {};
}

expected<std::optional<checkpoint>> table_file::state() {
  const std::optional<checkpoint> unusable;
  auto made = to_.number("SELECT count(*) FROM sqlite_master WHERE name = '"
                         + std::string{checkpoint_table} + "'");
  if (!made)
    return made.error();
  if (*made == 0)
    return unusable;
  auto query
    = to_.prepare("SELECT projection, version, position, head FROM "
                  + std::string{checkpoint_table} + " ORDER BY projection");
  if (!query)
    return query.error();
  std::optional<checkpoint> result;
  for (const auto& each : registry()) {
    auto found = query->step();
    if (!found)
      return found.error();
    if (!*found || query->text(0) != each.name
        || query->integer(1) != each.version)
      return unusable;
    auto head = events::digest::from_hex(query->text(3));
    if (!head)
      return unusable;
    const checkpoint x{static_cast<events::position>(query->integer(2)), *head};
    if (result && *result != x)
      return unusable;
    result = x;
  }
  auto more = query->step();
  if (!more)
    return more.error();
  return *more ? unusable : result;
}

error table_file::save(const checkpoint& up_to) const {
  auto insert = to_.prepare("REPLACE INTO " + std::string{checkpoint_table}
                            + " VALUES (?, ?, ?, ?, ?)");
  if (!insert)
    return insert.error();
  for (const auto& each : registry()) {
    auto rows = to_.number("SELECT count(*) FROM " + std::string{each.name});
    if (!rows)
      return rows.error();
    insert->bind(1, make::text(each.name));
    insert->bind(2, cell{std::int64_t{each.version}});
    insert->bind(3, make::integer(up_to.at));
    insert->bind(4, cell{up_to.head.hex()});
    insert->bind(5, cell{*rows});
    if (auto err = execute(*insert))
      return err;
  }
  return {};
}

error table_file::commit(const checkpoint& up_to) {
  if (!failure_)
    failure_ = flush();
  if (!failure_)
    failure_ = save(up_to);
  if (!failure_)
    failure_ = to_.run("COMMIT");
  return failure_;
}

} // namespace fc::projections::sqlite
