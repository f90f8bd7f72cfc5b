#include "projections/postgres/migrate.hpp"

#include "events/ids.hpp"

namespace fc::projections::postgres {

using events::ec;
using events::error;
using events::make_error;

namespace {

std::string digest_of(const migration& x) {
  return events::sha256(events::as_bytes(x.text)).hex();
}

/// Makes the place where applied migrations are listed. A lock keeps two
/// programs from applying the same one.
void prepare(pqxx::work& tx) {
  tx.exec("select pg_advisory_xact_lock(hashtext('fc_data.migrations'))");
  if (!tx.exec1("select to_regclass('fc_data.migrations') is null")[0]
         .as<bool>())
    return;
  tx.exec("create schema if not exists fc_data");
  tx.exec("create table fc_data.migrations (number int primary key, "
          "file text not null, sha256 text not null, "
          "applied_at timestamptz not null default now())");
  tx.exec("alter table fc_data.migrations enable row level security");
  tx.exec("revoke all on fc_data.migrations from public");
}

/// Whether the next migration was applied; an error where it is another one.
events::expected<std::size_t>
applied(pqxx::work& tx, std::span<const migration> all) {
  const auto rows
    = tx.exec("select number, file, sha256 from fc_data.migrations "
              "order by number");
  std::size_t count = 0;
  for (const auto& row : rows) {
    const std::string file = row[1].c_str();
    if (count >= all.size())
      return make_error(ec::too_new, "database: migration " + file
                                       + " was applied by a newer program; "
                                         "upgrade this one");
    const auto& ours = all[count];
    if (file != ours.file || digest_of(ours) != row[2].c_str())
      return make_error(ec::corrupt,
                        "database: migration " + file
                          + " differs from this program's "
                          + std::string{ours.file}
                          + "; use the program that applied it, or another "
                            "database");
    ++count;
  }
  return count;
}

/// Applies the next one. @returns whether there was one.
events::expected<bool>
apply_next(pqxx::connection& to, std::span<const migration> all) {
  pqxx::work tx{to};
  prepare(tx);
  auto done = applied(tx, all);
  if (!done)
    return done.error();
  if (*done == all.size()) {
    tx.commit();
    return false;
  }
  const auto& next = all[*done];
  tx.exec(std::string{next.text});
  tx.exec_params("insert into fc_data.migrations (number, file, sha256) "
                 "values ($1, $2, $3)",
                 static_cast<int>(*done) + 1, std::string{next.file},
                 digest_of(next));
  tx.commit();
  return true;
}

} // namespace

error migrate(pqxx::connection& to, std::span<const migration> all) {
  return guarded("migrate", [&]() -> error {
    for (;;) {
      auto more = apply_next(to, all);
      if (!more)
        return more.error();
      if (!*more)
        return {};
    }
  });
}

error migrate(pqxx::connection& to) {
  return migrate(to, shipped_migrations());
}

} // namespace fc::projections::postgres
