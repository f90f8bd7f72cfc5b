#include "projections/postgres/ledger.hpp"

#include "projections/postgres/schema.hpp"

namespace fc::projections::postgres {

std::optional<checkpoint> ledger::state() const {
  std::optional<checkpoint> result;
  for (const auto& each : registry()) {
    const auto found = tables.find(each.name);
    if (found == tables.end() || found->second.version != each.version
        || found->second.structure != structure_of(*each.rows))
      return std::nullopt;
    if (result && *result != found->second.up_to)
      return std::nullopt;
    result = found->second.up_to;
  }
  return tables.size() == registry().size() ? result : std::nullopt;
}

std::string ledger::made_by_newer() const {
  for (const auto& each : registry()) {
    const auto found = tables.find(each.name);
    if (found != tables.end() && found->second.version > each.version)
      return found->first;
  }
  return {};
}

events::error begin_writing(pqxx::transaction_base& tx) {
  if (!tx.exec1("select pg_try_advisory_xact_lock("
                "hashtext('fc_data.tables'))")[0]
         .as<bool>())
    return make_error(events::ec::already_in_use,
                      "database: another program writes the tables; run it "
                      "again when that has ended");
  lift_limits(tx);
  return {};
}

void lift_limits(pqxx::transaction_base& tx) {
  tx.exec("set local statement_timeout = 0; "
          "set local idle_in_transaction_session_timeout = 0");
}

holdings holdings_in(pqxx::transaction_base& tx, std::string_view schema,
                     const table& x) {
  const auto row = tx.exec1(holdings_query(schema, x));
  return {row[0].as<std::int64_t>(), row[1].as<std::int64_t>()};
}

ledger read_ledger(pqxx::transaction_base& tx, bool lock) {
  ledger result;
  const auto rows
    = tx.exec(std::string{"select projection, version, position, head, "
                          "row_count, content, structure from "
                          "fc_data.projections order by projection"}
              + (lock ? " for update" : ""));
  for (const auto& row : rows) {
    auto& to = result.tables[row[0].c_str()];
    to.version = row[1].as<int>();
    to.up_to.at = row[2].as<events::position>();
    // A head that cannot be read is no log's: the tables are then rebuilt.
    if (auto head = events::digest::from_hex(row[3].c_str()))
      to.up_to.head = *head;
    to.held = {row[4].as<std::int64_t>(), row[5].as<std::int64_t>()};
    to.structure = row[6].c_str();
  }
  return result;
}

void write_ledger(pqxx::transaction_base& tx, const ledger& x) {
  tx.exec("delete from fc_data.projections");
  for (const auto& [name, each] : x.tables)
    tx.exec_params("insert into fc_data.projections (projection, version, "
                   "position, head, row_count, content, structure) "
                   "values ($1, $2, $3, $4, $5, $6, $7)",
                   name, each.version, each.up_to.at, each.up_to.head.hex(),
                   each.held.rows, each.held.content, each.structure);
}

void advance_ledger(pqxx::transaction_base& tx, const ledger& x) {
  std::string values;
  for (const auto& [name, each] : x.tables)
    values += (values.empty() ? "" : ", ") + ("(" + tx.quote(name)) + ", "
              + std::to_string(each.up_to.at) + ", "
              + tx.quote(each.up_to.head.hex()) + ", "
              + std::to_string(each.held.rows) + ", "
              + std::to_string(each.held.content) + ")";
  tx.exec("update fc_data.projections p set position = n.position, "
          "head = n.head, row_count = n.row_count, content = n.content, "
          "written_at = now() from (values "
          + values
          + ") as n (projection, position, head, row_count, content) "
            "where p.projection = n.projection");
}

} // namespace fc::projections::postgres
