#include "projections/postgres/connection.hpp"

#include "events/common/address.hpp"

#include <array>
#include <cstdlib>
#include <utility>

namespace fc::projections::postgres {

using events::ec;
using events::error;
using events::make_error;

namespace {

std::string one_line(std::string_view x) {
  std::string result;
  for (const char c : x)
    if (c != '\n' && c != '\t')
      result += c;
    else if (!result.empty() && result.back() != ' ')
      result += ' ';
  while (!result.empty() && result.back() == ' ')
    result.pop_back();
  return result;
}

/// A failure of the server, by the words of its message: this libpqxx keeps the
/// SQLSTATE of few of them.
struct meaning {
  std::string_view words;
  ec code;
  std::string_view advice;
};

constexpr std::string_view owner_advice
  = "connect as the owner of the schema and of its tables";

constexpr std::string_view lost_advice
  = "the connection was lost, run it again";
constexpr std::string_view again_advice
  = "another program wrote at the same time; run it again";

constexpr std::array meanings{
  meaning{"No space left on device", ec::storage_failure,
          "the server's disk is full; make room there and run it again, the "
          "live tables are as they were"},
  meaning{"permission denied", ec::refused, owner_advice},
  meaning{"row-level security", ec::refused, owner_advice},
  meaning{"must be owner", ec::refused, owner_advice},
  meaning{"must be superuser", ec::refused, owner_advice},
  meaning{"statement timeout", ec::timeout,
          "the server ended the statement; allow it more time"},
  meaning{"lock timeout", ec::already_in_use,
          "another program holds a table; run it again when it has ended"},
  meaning{"cannot drop", ec::refused,
          "something depends on a table: drop it, rebuild, make it again"},
  meaning{"deadlock detected", ec::already_in_use, again_advice},
  meaning{"could not serialize", ec::already_in_use, again_advice},
  meaning{"read-only transaction", ec::refused,
          "the server takes no writes (a replica, or out of quota)"},
  meaning{"out of memory", ec::unavailable,
          "the server is short of memory; try again later"},
  meaning{"onnection", ec::unavailable, lost_advice},
  meaning{"not connected", ec::unavailable, lost_advice},
};

bool mentions(std::string_view text, std::string_view what) {
  return text.find(what) != std::string_view::npos;
}

/// Why no connection came to be: libpq has no codes for it.
error not_connected(const std::string& why) {
  const auto text = "database: " + one_line(why);
  if (mentions(why, "password") || mentions(why, "role \"")
      || mentions(why, "authentication") || mentions(why, "pg_hba"))
    return make_error(ec::refused, text
                                     + "; check user and password of "
                                       "SUPABASE_DB_URL");
  if (mentions(why, "certificate") || mentions(why, "SSL")
      || mentions(why, "root.crt"))
    return make_error(
      ec::refused, text + "; check sslmode and sslrootcert of SUPABASE_DB_URL");
  if (mentions(why, "database \"") && mentions(why, "does not exist"))
    return make_error(ec::not_found,
                      text + "; check the database name of SUPABASE_DB_URL");
  if (mentions(why, "invalid URI") || mentions(why, "invalid connection option")
      || mentions(why, "invalid integer") || mentions(why, "missing \"="))
    return make_error(ec::invalid_argument,
                      "database: SUPABASE_DB_URL is not an address: write "
                      "postgresql://user:password@host:port/database");
  return make_error(ec::unavailable,
                    text
                      + "; check that the server runs and that host and port "
                        "of SUPABASE_DB_URL are right");
}

} // namespace

error translated(const std::exception& why, std::string_view doing) {
  const auto text
    = "database (" + std::string{doing} + "): " + one_line(why.what());
  if (dynamic_cast<const pqxx::in_doubt_error*>(&why) != nullptr)
    return make_error(ec::unavailable,
                      text
                        + "; whether it was committed is not known, run it "
                          "again");
  for (const auto& each : meanings)
    if (mentions(text, each.words))
      return make_error(each.code, text + "; " + std::string{each.advice});
  if (dynamic_cast<const pqxx::broken_connection*>(&why) != nullptr)
    return make_error(ec::unavailable, text + "; " + std::string{lost_advice});
  return make_error(ec::storage_failure, text);
}

error guarded(std::string_view doing, const std::function<error()>& work) {
  try {
    return work();
  } catch (const std::exception& why) {
    return translated(why, doing);
  }
}

events::expected<std::unique_ptr<pqxx::connection>>
connect(const std::string& address) {
  if (address.empty())
    return make_error(ec::invalid_argument,
                      "database: no address; set SUPABASE_DB_URL to "
                      "postgresql://user:password@host:port/database");
  if (auto err = events::common::check_database_address(address))
    return err;
  // libpq waits for ever by default.
  ::setenv("PGCONNECT_TIMEOUT", "10", 0);
  ::setenv("PGAPPNAME", "fcreplay", 0);
  try {
    return std::make_unique<pqxx::connection>(address);
  } catch (const std::exception& why) {
    return not_connected(events::common::without_password(why.what(), address));
  }
}

} // namespace fc::projections::postgres
