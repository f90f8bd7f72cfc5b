#include "tests/projections/readers/database.hpp"

#include "projections/postgres/place.hpp"
#include "projections/sqlite/database.hpp"
#include "projections/sqlite/place.hpp"
#include "tests/support/files.hpp"
#include "tests/support/postgres.hpp"

#include <gtest/gtest.h>
#include <pqxx/pqxx>

namespace fc::projections::readers {

using events::describe;

namespace {

class sqlite_database final : public database {
public:
  std::unique_ptr<table_place>
  open(const events::log::log_reader& log) override {
    return sqlite::place_in(log, file_);
  }
  std::vector<std::string> ask(const std::string& query) override {
    std::vector<std::string> result;
    auto from = sqlite::database::open(file_, sqlite::access::read, {});
    EXPECT_TRUE(from) << describe(from.error());
    auto rows = (*from)->prepare(query);
    EXPECT_TRUE(rows) << query << ": " << describe(rows.error());
    if (!rows)
      return result;
    for (auto more = rows->step(); more && *more; more = rows->step()) {
      std::string line;
      for (int i = 0; i < rows->columns(); ++i)
        line += (i == 0 ? "" : "|")
                + (rows->is_null(i) ? "-" : std::string{rows->text(i)});
      result.push_back(std::move(line));
    }
    return result;
  }

private:
  support::temp_dir folder_;
  std::string file_ = folder_ / "tables.sqlite";
};

/// Ends the server with the program.
struct shared_server : testing::Environment {
  void TearDown() override {
    server.reset();
  }
  std::unique_ptr<support::postgres_cluster> server;
};

shared_server* const shared = static_cast<shared_server*>(
  testing::AddGlobalTestEnvironment(new shared_server));

class postgres_database final : public database {
public:
  postgres_database() {
    if (!shared->server)
      shared->server = std::make_unique<support::postgres_cluster>();
    static int made = 0;
    const auto name = "t" + std::to_string(++made);
    pqxx::connection to{shared->server->address("postgres")};
    pqxx::nontransaction{to}.exec("create database " + name);
    address_ = shared->server->address(name);
  }
  std::unique_ptr<table_place>
  open(const events::log::log_reader& log) override {
    return postgres::place_in(log, address_);
  }
  std::vector<std::string> ask(const std::string& query) override {
    std::vector<std::string> result;
    pqxx::connection to{address_};
    pqxx::work tx{to};
    tx.exec("set local timezone = 'UTC'");
    for (const auto& row : tx.exec(query)) {
      std::string line;
      for (pqxx::row::size_type i = 0; i < row.size(); ++i)
        line += (i == 0 ? "" : "|")
                + std::string{row[i].is_null() ? "-" : row[i].c_str()};
      result.push_back(std::move(line));
    }
    return result;
  }

private:
  std::string address_;
};

std::string nothing_absent() {
  return {};
}

std::string absent_server() {
  return support::postgres_cluster::installed()
           ? ""
           : "Postgres 15 is not installed (postgresql-15)";
}

} // namespace

const std::vector<database_kind>& all_databases() {
  using made = std::unique_ptr<database>;
  static const std::vector<database_kind> all{
    {"sqlite", nothing_absent,
     []() -> made {
       return std::make_unique<sqlite_database>();
     }},
    {"postgres", absent_server,
     []() -> made {
       return std::make_unique<postgres_database>();
     }},
  };
  return all;
}

} // namespace fc::projections::readers
