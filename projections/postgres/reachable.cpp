#include "projections/postgres/reachable.hpp"

#include "projections/postgres/connection.hpp"

namespace fc::projections::postgres {

events::expected<std::string> reachable(const std::string& address) {
  auto opened = connect(address);
  if (!opened)
    return opened.error();
  std::string says;
  if (auto err = guarded("preflight", [&]() -> events::error {
        pqxx::read_transaction tx{**opened};
        const auto row
          = tx.exec1("select split_part(version(), ' ', 2), "
                     "has_schema_privilege('public', 'create'), current_user");
        says = "PostgreSQL " + row[0].as<std::string>() + " as "
               + row[2].as<std::string>()
               + (row[1].as<bool>() ? ", may create tables in public"
                                    : ", may NOT create tables in public");
        return {};
      }))
    return err;
  return says;
}

} // namespace fc::projections::postgres
