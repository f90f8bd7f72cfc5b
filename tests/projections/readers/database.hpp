#pragma once

#include "projections/table_target.hpp"

#include <memory>
#include <string>
#include <vector>

/// Tables as their readers find them.
namespace fc::projections::readers {

/// A database with the tables of a log, and what a reader may do with it.
class database {
public:
  virtual ~database() = default;

  /// Where the tables of a log are put; a new one as another program has it.
  virtual std::unique_ptr<table_target> open(const events::log::log_reader& log)
    = 0;

  /// The rows of a query, cells with "|" between, null as "-".
  virtual std::vector<std::string> ask(const std::string& query) = 0;
};

/// A kind of database.
struct database_kind {
  std::string name;
  /// What is absent on this machine, empty for nothing.
  std::string (*absent)();
  std::unique_ptr<database> (*make)();
};

const std::vector<database_kind>& all_databases();

} // namespace fc::projections::readers
