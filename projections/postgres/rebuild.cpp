#include "projections/postgres/rebuild.hpp"

#include "projections/postgres/copier.hpp"
#include "projections/postgres/inspection.hpp"
#include "projections/postgres/migrate.hpp"
#include "projections/postgres/schema.hpp"

#include <chrono>
#include <thread>

namespace fc::projections::postgres {

using events::ec;
using events::error;
using events::expected;
using events::make_error;

namespace {

using sent_rows = std::map<const table*, holdings>;

/// Runs a statement that may fail without harm to the transaction.
bool attempt(pqxx::work& tx, const std::string& statement) {
  try {
    pqxx::subtransaction inner{tx};
    inner.exec(statement);
    inner.commit();
    return true;
  } catch (const pqxx::broken_connection&) {
    throw;
  } catch (const pqxx::sql_error&) {
    return false;
  }
}

/// Settings of the one transaction; nothing of the session is touched.
error prepare(pqxx::work& tx) {
  if (auto err = begin_writing(tx))
    return err;
  tx.exec("set local maintenance_work_mem = '256MB'; "
          // Sampling wide rows is slow; autovacuum looks closer later.
          "set local default_statistics_target = 10; "
          "set local client_min_messages = warning");
  // Long texts cost half with lz4; not every server has it.
  attempt(tx, "set local default_toast_compression = 'lz4'");
  return {};
}

holdings sent_to(const sent_rows& sent, const table& x) {
  const auto found = sent.find(&x);
  return found == sent.end() ? holdings{} : found->second;
}

void create_tables(pqxx::work& tx) {
  tx.exec("create schema " + std::string{build_schema});
  for (const auto& each : registry())
    tx.exec(create_statement(build_schema, *each.rows));
}

expected<checkpoint>
load(pqxx::work& tx, const events::log::log_reader& log, sent_rows& sent) {
  copier rows{tx, std::string{build_schema}};
  auto up_to = table_replay{log, rows}.advance({});
  if (!up_to)
    return up_to;
  auto all = rows.finish();
  if (!all)
    return all.error();
  sent = std::move(*all);
  return up_to;
}

/// Whether the server has what was sent.
error verify(pqxx::work& tx, const table& x, const holdings& sent) {
  const auto found = holdings_in(tx, build_schema, x);
  if (found == sent)
    return {};
  return make_error(
    ec::corrupt, "database: table " + std::string{x.name} + " has "
                   + std::to_string(found.rows) + " rows after "
                   + std::to_string(sent.rows) + " were sent"
                   + (found.rows == sent.rows ? ", with another content" : "")
                   + "; the live tables are as they were");
}

error finish_tables(pqxx::work& tx, const sent_rows& sent) {
  for (const auto& each : registry()) {
    const auto& x = *each.rows;
    if (auto err = verify(tx, x, sent_to(sent, x)))
      return err;
    for (const auto& statement : index_statements(build_schema, x))
      tx.exec(statement);
    for (const auto& statement : access_statements(build_schema, x))
      tx.exec(statement);
    tx.exec("analyze " + qualified(build_schema, x));
  }
  return {};
}

/// What others put on the live tables and a new table has not: publications,
/// reading by roles of their own, and policies. @returns statements that put it
/// back.
std::vector<std::string> kept_of(pqxx::work& tx, const table& x) {
  const auto name = qualified(live_schema, x);
  std::vector<std::string> result;
  const auto rows = tx.exec(
    "select 'alter publication ' || quote_ident(p.pubname) || ' add table "
    + name
    + "' || coalesce(' (' || (select string_agg(quote_ident(attname), ', ' "
      "order by attnum) from pg_attribute where attrelid = r.prrelid and "
      "attnum = any(r.prattrs)) || ')', '') || coalesce(' where (' || "
      "pg_get_expr(r.prqual, r.prrelid) || ')', '') from pg_publication_rel r "
      "join pg_publication p on p.oid = r.prpubid "
      "where r.prrelid = to_regclass('"
    + name + "') union all select 'grant select on " + name
    + " to ' || quote_ident(pg_get_userbyid(a.grantee)) from pg_class c, "
      "aclexplode(c.relacl) a where c.oid = to_regclass('"
    + name
    + "') and a.privilege_type = 'SELECT' and a.grantee <> 0 and a.grantee <> "
      "c.relowner and pg_get_userbyid(a.grantee) not in "
      "('anon', 'authenticated', 'service_role', 'fc_reader') union all "
      "select 'create policy ' || quote_ident(policyname) || ' on "
    + name
    + " as ' || permissive || ' for ' || cmd || ' to ' || (select "
      "string_agg(case r when 'public' then r::text else quote_ident(r) end, "
      "', ') from unnest(roles) r) || coalesce(' using (' || qual || ')', '') "
      "|| coalesce(' with check (' || with_check || ')', '') from pg_policies "
      "where schemaname || '.' || tablename = '"
    + name
    + "' and policyname not in ('public_read', 'service_read', "
      "'reader_read')");
  for (const auto& row : rows)
    result.emplace_back(row[0].c_str());
  return result;
}

/// Locks all live tables at once. Gives way to readers that take long: whoever
/// comes after us would have to wait for them as well.
error lock_live(pqxx::work& tx, const std::string& names) {
  using clock = std::chrono::steady_clock;
  const auto give_up = clock::now() + std::chrono::minutes{10};
  tx.exec("set local lock_timeout = '200ms'");
  while (!attempt(tx, "lock table " + names + " in access exclusive mode")) {
    if (clock::now() > give_up)
      return make_error(ec::already_in_use,
                        "database: some program has held a live table for ten "
                        "minutes; end its transaction and run it again");
    std::this_thread::sleep_for(std::chrono::milliseconds{100});
  }
  tx.exec("set local lock_timeout = 0");
  return {};
}

error swap(pqxx::work& tx) {
  std::string live;
  std::vector<std::string> kept;
  for (const auto& each : registry()) {
    const auto name = qualified(live_schema, *each.rows);
    if (tx.exec_params1("select to_regclass($1) is null", name)[0].as<bool>())
      continue;
    live += (live.empty() ? "" : ", ") + name;
    for (auto& statement : kept_of(tx, *each.rows))
      kept.push_back(std::move(statement));
  }
  if (!live.empty()) {
    if (auto err = lock_live(tx, live))
      return err;
    tx.exec("drop table " + live);
  }
  for (const auto& each : registry())
    tx.exec("alter table " + qualified(build_schema, *each.rows)
            + " set schema " + std::string{live_schema});
  tx.exec("drop schema " + std::string{build_schema});
  for (const auto& statement : kept)
    tx.exec(statement);
  // Supabase's REST layer reads the schema again.
  tx.exec("notify pgrst, 'reload schema'");
  return {};
}

ledger ledger_of(const checkpoint& up_to, const sent_rows& sent) {
  ledger result;
  for (const auto& each : registry())
    result.tables[std::string{each.name}] = {
      each.version, up_to, sent_to(sent, *each.rows), structure_of(*each.rows)};
  return result;
}

rebuild_report summary_of(const checkpoint& up_to, const ledger& x) {
  rebuild_report result{up_to, {}, {}};
  std::string text;
  for (const auto& [name, each] : x.tables) {
    result.tables.push_back({name, each.held.rows});
    text += name + " " + std::to_string(each.held.rows) + " "
            + std::to_string(each.held.content) + "\n";
  }
  result.content = events::sha256(events::as_bytes(text));
  return result;
}

error inspect(pqxx::work& tx, const rebuild_options& options) {
  if (auto err = may_replace(tx))
    return err;
  const auto known = read_ledger(tx);
  if (auto err = not_newer(known))
    return err;
  if (options.replace)
    return {};
  if (auto err = same_structure(tx, known))
    return err;
  return same_content(tx, known);
}

} // namespace

expected<rebuild_report>
rebuild(const events::log::log_reader& log, const std::string& address,
        const rebuild_options& options) {
  auto to = connect(address);
  if (!to)
    return to.error();
  if (auto err = migrate(**to))
    return err;
  rebuild_report result;
  auto err = guarded("rebuild", [&]() -> error {
    pqxx::work tx{**to};
    if (auto failed = prepare(tx))
      return failed;
    if (auto failed = inspect(tx, options))
      return failed;
    create_tables(tx);
    sent_rows sent;
    auto up_to = load(tx, log, sent);
    if (!up_to)
      return up_to.error();
    if (auto failed = finish_tables(tx, sent))
      return failed;
    if (auto failed = swap(tx))
      return failed;
    const auto now = ledger_of(*up_to, sent);
    write_ledger(tx, now);
    tx.commit();
    result = summary_of(*up_to, now);
    return {};
  });
  if (err)
    return err;
  return result;
}

} // namespace fc::projections::postgres
