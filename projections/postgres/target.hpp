#pragma once

#include "projections/postgres/rebuild.hpp"
#include "projections/table_target.hpp"

namespace fc::projections::postgres {

/// The tables in a Postgres database; follows record by record.
std::unique_ptr<table_target>
open_target(const events::log::log_reader& log, std::string address,
            const rebuild_options& options = {});

} // namespace fc::projections::postgres
