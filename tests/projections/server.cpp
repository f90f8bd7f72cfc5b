#include "tests/projections/server.hpp"

#include <gtest/gtest.h>
#include <pqxx/pqxx>

#include <memory>

namespace fc::projections {

namespace {

struct server_environment : testing::Environment {
  void TearDown() override {
    server.reset();
  }
  std::unique_ptr<support::postgres_cluster> server;
};

server_environment* const shared = static_cast<server_environment*>(
  testing::AddGlobalTestEnvironment(new server_environment));

} // namespace

std::string absent_server() {
  return support::postgres_cluster::installed()
           ? ""
           : "Postgres 15 is not installed (postgresql-15)";
}

support::postgres_cluster& shared_server() {
  if (!shared->server)
    shared->server = std::make_unique<support::postgres_cluster>();
  return *shared->server;
}

std::string new_database() {
  static int made = 0;
  auto name = "t" + std::to_string(++made);
  pqxx::connection to{shared_server().address("postgres")};
  pqxx::nontransaction{to}.exec("create database " + name);
  return name;
}

} // namespace fc::projections
