#pragma once

#include "projections/postgres/connection.hpp"

#include <span>
#include <string_view>

namespace fc::projections::postgres {

/// A migration as shipped: "0001_roles.sql" and its text.
struct migration {
  std::string_view file;
  std::string_view text;
};

/// All migrations built into the program, by number from 1, without gaps.
std::span<const migration> shipped_migrations() noexcept;

/// Brings a database up to the newest migration, each in its own transaction;
/// does nothing where it is.
/// @returns `ec::too_new` where a newer program was there, `ec::corrupt` where
/// an applied migration differs from ours, `ec::refused` without the rights.
events::error migrate(pqxx::connection& to);

/// The same with other migrations, for tests.
events::error migrate(pqxx::connection& to, std::span<const migration> all);

} // namespace fc::projections::postgres
