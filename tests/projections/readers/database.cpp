#include "tests/projections/readers/database.hpp"

#include "projections/postgres/target.hpp"
#include "projections/sqlite/database.hpp"
#include "projections/sqlite/target.hpp"
#include "tests/projections/server.hpp"
#include "tests/support/files.hpp"

#include <gtest/gtest.h>
#include <pqxx/pqxx>

namespace fc::projections::readers {

using events::describe;

namespace {

class sqlite_database final : public database {
public:
  std::unique_ptr<table_target>
  open(const events::log::log_reader& log) override {
    return sqlite::open_target(log, file_);
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

class postgres_database final : public database {
public:
  std::unique_ptr<table_target>
  open(const events::log::log_reader& log) override {
    return postgres::open_target(log, address_);
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
  std::string address_ = shared_server().address(new_database());
};

std::string nothing_absent() {
  return {};
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
