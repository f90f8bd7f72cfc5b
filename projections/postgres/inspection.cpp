#include "projections/postgres/inspection.hpp"

#include "projections/postgres/schema.hpp"

namespace fc::projections::postgres {

using events::ec;
using events::error;
using events::make_error;

namespace {

constexpr std::string_view discard
  = "rebuild with --replace to discard what is there";

bool yes(pqxx::transaction_base& tx, const std::string& query) {
  const auto rows = tx.exec(query);
  return !rows.empty() && !rows[0][0].is_null() && rows[0][0].as<bool>();
}

/// First text of a query's answer, empty where there is no row.
std::string first(pqxx::transaction_base& tx, const std::string& query) {
  const auto rows = tx.exec(query);
  return rows.empty() || rows[0][0].is_null() ? "" : rows[0][0].c_str();
}

error refuse(const std::string& text) {
  return make_error(ec::refused, "database: " + text);
}

error may_use_schemas(pqxx::transaction_base& tx) {
  for (const auto schema : {live_schema, own_schema}) {
    const std::string name{schema};
    if (!yes(tx, "select has_schema_privilege(to_regnamespace('" + name
                   + "')::oid, 'create')"))
      return refuse("schema " + name + " belongs to "
                    + first(tx, "select pg_get_userbyid(nspowner) from "
                                "pg_namespace where nspname = '"
                                  + name + "'")
                    + " and this user may not create in it; connect as its "
                      "owner");
  }
  return {};
}

/// "view public.recent"
std::string dependent_of(pqxx::transaction_base& tx, const std::string& name) {
  return first(
    tx,
    "select case c.relkind when 'm' then 'materialized view ' else 'view ' "
    "end || r.ev_class::regclass from pg_depend d "
    "join pg_rewrite r on d.classid = 'pg_rewrite'::regclass "
    "and r.oid = d.objid join pg_class c on c.oid = r.ev_class "
    "where d.refclassid = 'pg_class'::regclass "
    "and d.refobjid = to_regclass('"
      + name
      + "') union all select 'foreign key of ' || conrelid::regclass "
        "from pg_constraint where contype = 'f' and confrelid = to_regclass('"
      + name
      + "') union all select 'function ' || d.objid::regprocedure from "
        "pg_class c join pg_type t on t.oid = c.reltype join pg_depend d "
        "on d.refclassid = 'pg_type'::regclass and d.refobjid in (t.oid, "
        "t.typarray) where d.classid = 'pg_proc'::regclass and c.oid = "
        "to_regclass('"
      + name + "') limit 1");
}

std::vector<std::string> parts_of(const std::string& structure) {
  std::vector<std::string> result;
  for (std::size_t at = 0; at < structure.size();) {
    const auto end = std::min(structure.find(", ", at), structure.size());
    result.push_back(structure.substr(at, end - at));
    at = end + 2;
  }
  return result;
}

/// "has no column title text", "has a column x integer that is not ours"
std::string difference(const std::string& left, const std::string& found) {
  const auto ours = parts_of(left);
  const auto theirs = parts_of(found);
  for (const auto& each : ours)
    if (std::ranges::find(theirs, each) == theirs.end())
      return "has no column " + each;
  for (const auto& each : theirs)
    if (std::ranges::find(ours, each) == ours.end())
      return "has a column " + each + " that is not ours";
  return "has its columns in another order";
}

} // namespace

error may_replace(pqxx::transaction_base& tx) {
  if (auto err = may_use_schemas(tx))
    return err;
  for (const auto& each : registry()) {
    const auto name = qualified(live_schema, *each.rows);
    const auto owner
      = first(tx, "select pg_get_userbyid(relowner) from pg_class "
                  "where oid = to_regclass('"
                    + name + "') and not pg_has_role(relowner, 'usage')");
    if (!owner.empty())
      return refuse("table " + name + " belongs to " + owner
                    + "; connect as its owner");
    if (const auto what = dependent_of(tx, name); !what.empty())
      return refuse(what + " hangs on table " + name
                    + ", which a rebuild replaces; drop it, rebuild, and make "
                      "it again");
  }
  return {};
}

error not_newer(const ledger& x) {
  const auto table = x.made_by_newer();
  if (table.empty())
    return {};
  return make_error(ec::too_new, "database: table public." + table
                                   + " was made by a newer program; upgrade "
                                     "this one");
}

error same_structure(pqxx::transaction_base& tx, const ledger& x) {
  for (const auto& each : registry()) {
    const auto name = qualified(live_schema, *each.rows);
    const std::string found
      = tx.exec_params1(std::string{structure_query()}, name)[0].c_str();
    const auto known = x.tables.find(each.name);
    if (known == x.tables.end()) {
      if (found.empty())
        continue;
      return make_error(ec::conflict,
                        "database: table " + name
                          + " was not made by fcreplay; move it to another "
                            "schema, or "
                          + std::string{discard});
    }
    if (found.empty())
      return make_error(ec::conflict, "database: table " + name + " is gone; "
                                        + std::string{discard});
    if (found != known->second.structure)
      return make_error(ec::conflict,
                        "database: table " + name + " was changed by hand: it "
                          + difference(known->second.structure, found) + "; "
                          + std::string{discard});
  }
  return {};
}

error same_content(pqxx::transaction_base& tx, const ledger& x) {
  for (const auto& each : registry()) {
    const auto known = x.tables.find(each.name);
    // Another version has other columns: nothing to compare with.
    if (known == x.tables.end() || known->second.version != each.version)
      continue;
    const auto found = holdings_in(tx, live_schema, *each.rows);
    const auto& left = known->second.held;
    if (found == left)
      continue;
    return make_error(
      ec::conflict,
      "database: rows of table " + qualified(live_schema, *each.rows)
        + " were changed by hand: "
        + (found.rows == left.rows
             ? "one of " + std::to_string(left.rows) + " at least differs"
             : std::to_string(found.rows) + " rows and not "
                 + std::to_string(left.rows))
        + "; " + std::string{discard});
  }
  return {};
}

} // namespace fc::projections::postgres
