#pragma once

#include "tests/support/postgres.hpp"

#include <string>

namespace fc::projections {

/// Why no Postgres can be started here; empty if it can.
std::string absent_server();

/// One server for all tests of a program: started when it is asked for first,
/// ended with the program.
support::postgres_cluster& shared_server();

/// The name of a new database of that server, with nothing in it.
std::string new_database();

} // namespace fc::projections
