#include "projections/postgres/follower.hpp"

#include "projections/json_text.hpp"
#include "projections/postgres/connection.hpp"
#include "projections/postgres/inspection.hpp"
#include "projections/postgres/migrate.hpp"
#include "projections/postgres/schema.hpp"

namespace fc::projections::postgres {

using events::ec;
using events::error;
using events::expected;
using events::make_error;

namespace {

// A transaction stays short, and what waits in memory small.
constexpr std::uint64_t max_records = 20'000;
constexpr std::size_t max_rows = 1000;
constexpr std::size_t max_bytes = std::size_t{64} << 20U;
constexpr std::size_t statement_bytes = std::size_t{4} << 20U;

std::size_t size_of(const row& x) {
  std::size_t result = x.size() * sizeof(cell);
  for (const auto& each : x)
    if (const auto* text = std::get_if<std::string>(&each))
      result += text->size();
    else if (const auto* document = std::get_if<json_text>(&each))
      result += document->text.size();
  return result;
}

/// The newest row per key, in key order.
class waiting_rows : public row_sink {
public:
  void upsert(const table& into, row cells) override {
    row key{cells.begin(),
            cells.begin() + static_cast<std::ptrdiff_t>(into.key)};
    bytes += size_of(cells);
    tables[&into].insert_or_assign(std::move(key), std::move(cells));
  }
  /// Also no when enough waits for one transaction.
  bool healthy() const override {
    return !failure && bytes < max_bytes;
  }
  void fail(error why) override {
    if (!failure)
      failure = std::move(why);
  }

  std::map<const table*, std::map<row, row>> tables;
  std::size_t bytes = 0;
  error failure;
};

void append_value(std::string& to, const cell& x) {
  if (const auto* text = std::get_if<std::string>(&x)) {
    append_json(to, std::string_view{*text});
  } else if (std::holds_alternative<std::monostate>(x)) {
    to += "null";
  } else if (std::holds_alternative<events::timestamp>(x)) {
    append_json(to, std::string_view{to_text(x)});
  } else {
    to += to_text(x);
  }
}

void append_object(std::string& to, const table& of, const row& cells) {
  for (std::size_t i = 0; i < cells.size(); ++i) {
    to += i == 0 ? "{\"" : ", \"";
    to += of.columns[i].name;
    to += "\": ";
    append_value(to, cells[i]);
  }
  to += '}';
}

/// Takes rows as one JSON array ($1), whatever their number: one round trip,
/// and no statement or table that outlives the transaction.
/// The answer: number and content of the rows that were replaced.
std::string upsert_statement(const table& x) {
  const auto name = qualified(live_schema, x);
  const auto keys = names_of(x.columns.first(x.key));
  std::string changes;
  for (const auto& each : x.columns.subspan(x.key))
    changes += (changes.empty() ? "" : ", ") + std::string{each.name}
               + " = excluded." + std::string{each.name};
  return "with n as materialized (select * from json_populate_recordset(null::"
         + name + ", $1)), o as (select count(*) as rows, coalesce(bit_xor("
         + hash_expression(x, "t") + "), 0) as content from " + name
         + " t join n using (" + keys + ")), w as (insert into " + name
         + " select * from n on conflict (" + keys + ") do update set "
         + changes + ") select rows, content from o";
}

/// Writes some rows, and changes `held` by those they replace.
void write_some(pqxx::work& tx, const std::string& statement,
                const std::string& json_rows, std::size_t count,
                holdings& held) {
  const auto replaced = tx.exec_params1(statement, json_rows);
  held.rows
    += static_cast<std::int64_t>(count) - replaced[0].as<std::int64_t>();
  held.content ^= replaced[1].as<std::int64_t>();
}

void write_all(pqxx::work& tx, const table& into,
               const std::map<row, row>& rows, holdings& held) {
  const auto statement = upsert_statement(into);
  std::string text;
  std::size_t count = 0;
  for (const auto& [key, cells] : rows) {
    text += count == 0 ? '[' : ',';
    append_object(text, into, cells);
    held.content ^= hash_of(cells);
    if (++count < max_rows && text.size() < statement_bytes)
      continue;
    write_some(tx, statement, text + "]", count, held);
    text.clear();
    count = 0;
  }
  if (count > 0)
    write_some(tx, statement, text + "]", count, held);
}

error must_rebuild(const std::string& why) {
  return make_error(ec::not_found, "database: " + why
                                     + "; rebuild the tables first: fcreplay "
                                       "--project supabase");
}

} // namespace

struct follower::state {
  state(const events::log::log_reader& from,
        std::unique_ptr<pqxx::connection> x)
    : log{from}, to{std::move(x)} {}

  error check() {
    pqxx::work tx{*to};
    // One snapshot: others may be writing.
    tx.exec("set transaction isolation level repeatable read");
    lift_limits(tx);
    tx.exec("set local lock_timeout = '5s'");
    const auto known = read_ledger(tx);
    if (auto err = not_newer(known))
      return err;
    const auto at = known.state();
    if (!at)
      return must_rebuild(known.tables.empty()
                            ? "there are no tables yet"
                            : "the tables were made by another version");
    if (auto err = same_structure(tx, known))
      return err;
    if (auto err = same_content(tx, known))
      return err;
    auto same = continues(log, *at);
    if (!same)
      return same.error();
    if (!*same)
      return make_error(ec::refused,
                        "database: the tables are those of another log; "
                        "rebuild them if this is the right one: fcreplay "
                        "--project supabase");
    up_to = *at;
    return {};
  }

  /// Writes the waiting rows with the checkpoint that they reach to.
  error commit(const checkpoint& reached) {
    pqxx::work tx{*to};
    if (auto err = begin_writing(tx))
      return err;
    // The log can replay what a crash of the server takes back, and the
    // checkpoint goes back with it.
    tx.exec("set local synchronous_commit = off; "
            "set local lock_timeout = '5s'");
    auto known = read_ledger(tx, true);
    if (known.state() != up_to)
      return make_error(ec::already_in_use,
                        "database: another program moved the tables' "
                        "checkpoint; follow again from there");
    for (const auto& each : registry()) {
      auto& to_change = known.tables[std::string{each.name}];
      to_change.up_to = reached;
      const auto found = rows.tables.find(each.rows);
      if (found != rows.tables.end())
        write_all(tx, *each.rows, found->second, to_change.held);
    }
    advance_ledger(tx, known);
    tx.commit();
    return {};
  }

  const events::log::log_reader& log;
  std::unique_ptr<pqxx::connection> to;
  waiting_rows rows;
  table_replay replay{log, rows};
  checkpoint up_to;
};

follower::follower(std::unique_ptr<state> x) : state_{std::move(x)} {}

follower::~follower() = default;

expected<std::unique_ptr<follower>>
follower::open(const events::log::log_reader& log, const std::string& address) {
  auto to = connect(address);
  if (!to)
    return to.error();
  if (auto err = migrate(**to))
    return err;
  auto result = std::make_unique<state>(log, std::move(*to));
  if (auto err = guarded("follow", [&] { return result->check(); }))
    return err;
  return std::unique_ptr<follower>{new follower{std::move(result)}};
}

expected<follow_report> follower::advance() {
  auto& x = *state_;
  follow_report result{x.up_to, 0, 0, {}};
  auto reached = x.replay.advance(x.up_to, max_records, &result.newest);
  if (!reached)
    return reached.error();
  if (x.rows.failure)
    return x.rows.failure;
  if (*reached == x.up_to)
    return result;
  if (auto err = guarded("follow", [&] { return x.commit(*reached); }))
    return err;
  for (const auto& [into, rows] : x.rows.tables)
    result.rows += rows.size();
  x.rows.tables.clear();
  x.rows.bytes = 0;
  result.records = reached->at - x.up_to.at;
  result.up_to = x.up_to = *reached;
  return result;
}

} // namespace fc::projections::postgres
