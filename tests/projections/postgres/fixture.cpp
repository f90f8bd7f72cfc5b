#include "tests/projections/postgres/fixture.hpp"

#include "projections/postgres/schema.hpp"
#include "tests/projections/server.hpp"

#include <unistd.h>

namespace fc::projections::postgres {

support::postgres_cluster& database_test::server() {
  return shared_server();
}

void database_test::SetUp() {
  if (const auto why = absent_server(); !why.empty())
    GTEST_SKIP() << why;
  name = new_database();
  address = server().address(name);
}

pqxx::connection database_test::connect(const std::string& user) const {
  return pqxx::connection{server().address(name, user)};
}

void database_test::sql(const std::string& statements) const {
  auto to = connect();
  pqxx::nontransaction{to}.exec(statements);
}

std::string database_test::cell_of(const std::string& query,
                                   const std::string& user) const {
  auto to = connect(user);
  pqxx::nontransaction tx{to};
  const auto rows = tx.exec(query);
  return rows.empty() || rows[0][0].is_null() ? "" : rows[0][0].c_str();
}

std::map<std::string, std::string> database_test::copied() const {
  auto from = connect();
  pqxx::work tx{from};
  tx.exec("set local timezone = 'UTC'");
  std::map<std::string, std::string> result;
  for (const auto& each : registry()) {
    std::string order;
    for (const auto& key : each.rows->columns.first(each.rows->key))
      order += (order.empty() ? "" : ", ") + std::string{key.name}
               + (key.type == column_type::text ? " collate \"C\"" : "");
    auto& text = result[std::string{each.name}];
    // What COPY prints, line by line: each cell in its text form.
    for (const auto& row :
         tx.exec("select t::text from " + qualified("public", *each.rows)
                 + " t order by " + order))
      text += std::string{row[0].c_str()} + "\n";
  }
  return result;
}

std::string database_test::inventory() const {
  return cell_of("select string_agg(x, e'\\n' order by x) from (select "
                 "relnamespace::regnamespace || '.' || relname as x from "
                 "pg_class where relnamespace::regnamespace::text !~ "
                 "'^(pg_|information_schema)' union select nspname from "
                 "pg_namespace) y");
}

rebuild_report
database_test::rebuild_all(const rebuild_options& options) const {
  auto done = rebuild(*log, address, options);
  EXPECT_TRUE(done) << describe(done.error());
  return done ? *done : rebuild_report{};
}

void database_test::follow_all() const {
  auto on = follower::open(*log, address);
  ASSERT_TRUE(on) << describe(on.error());
  for (;;) {
    auto done = (*on)->advance();
    ASSERT_TRUE(done) << describe(done.error());
    if (done->up_to.at == log->last())
      return;
  }
}

events::error database_test::failed_rebuild(const std::string& to) const {
  auto done = rebuild(*log, to);
  EXPECT_FALSE(done);
  return done ? events::error{} : done.error();
}

void database_test::append_story(const stories::story& x) const {
  for (const auto& each : x.events)
    stories::append(*log, x.stream, each);
}

} // namespace fc::projections::postgres
