#pragma once

#include "projections/table_target.hpp"

namespace fc::projections::sqlite {

/// The tables in one SQLite file; follows record by record.
std::unique_ptr<table_target>
open_target(const events::log::log_reader& log, std::string file);

} // namespace fc::projections::sqlite
