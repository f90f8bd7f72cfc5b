#pragma once

#include "events/error.hpp"

#include <pqxx/pqxx>

#include <functional>
#include <memory>
#include <string>

/// The public tables in Postgres.
namespace fc::projections::postgres {

/// What a failure of the server or of the way to it means, in one line.
/// @param doing What was tried, e.g. "rebuild".
events::error translated(const std::exception& why, std::string_view doing);

/// Runs `work` and turns what libpqxx throws into an error. Nothing else of the
/// project may see its exceptions.
events::error
guarded(std::string_view doing, const std::function<events::error()>& work);

/// Opens a database. Addresses and TLS settings are libpq's: a URL
/// (`postgresql://...?sslmode=verify-full&sslrootcert=...`) or `key=value`
/// pairs, and the `PG...` environment. An address that does not answer is given
/// up after ten seconds unless it says otherwise.
/// @returns `ec::invalid_argument`, `ec::unavailable`, `ec::refused` (password,
/// certificate, rights). Never shows the address: it has the password.
events::expected<std::unique_ptr<pqxx::connection>>
connect(const std::string& address);

} // namespace fc::projections::postgres
