#pragma once

#include "projections/table_target.hpp"
#include "tools/replay/options.hpp"

namespace fc::replay {

/// Where the options want the tables of the log, which must outlive it.
/// @pre `--project` is one of tables, not of the dataset.
std::unique_ptr<projections::table_target>
open_target(const events::log::log_reader& log, const options& x);

} // namespace fc::replay
