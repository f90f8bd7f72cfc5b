#pragma once

#include "projections/postgres/follower.hpp"
#include "projections/postgres/rebuild.hpp"
#include "projections/registry.hpp"
#include "tests/projections/stories.hpp"
#include "tests/support/postgres.hpp"

#include <gmock/gmock.h>
#include <pqxx/pqxx>

#include <map>
#include <set>

namespace fc::projections::postgres {

using events::code_of;
using events::describe;
using events::ec;
using events::stream_of;

/// A memory log, and an empty database of a real server.
struct database_test : testing::Test {
  void SetUp() override;

  /// One server for the program.
  static support::postgres_cluster& server();

  pqxx::connection connect(const std::string& user = "postgres:postgres") const;
  /// Runs SQL as the owner would.
  void sql(const std::string& statements) const;
  /// The first cell of the first row, as text.
  std::string cell_of(const std::string& query,
                      const std::string& user = "postgres:postgres") const;

  /// Every public table as COPY prints it, in the order of its key.
  std::map<std::string, std::string> copied() const;
  /// All tables and schemas that are there, whoever made them.
  std::string inventory() const;

  rebuild_report rebuild_all(const rebuild_options& options = {}) const;
  /// Follows to the end of the log.
  void follow_all() const;
  events::error failed_rebuild(const std::string& to) const;

  /// Appends a story's events one by one.
  void append_story(const stories::story& x) const;

  std::unique_ptr<events::log::event_log> log = events::log::make_memory_log();
  std::string name;
  std::string address;
};

} // namespace fc::projections::postgres
