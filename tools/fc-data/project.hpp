#pragma once

#include "events/log/event_log.hpp"
#include "tools/fc-data/options.hpp"

namespace fc::tools {

/// Where the tables of a run lie.
std::string tables_of(const options& settings);

/// Whether the dataset can be made where it is wanted: hours later is late.
events::error check_folders(const options& settings);

/// Brings tables and dataset to what the log says.
events::error
project_all(const events::log::log_reader& log, const options& settings);

} // namespace fc::tools
