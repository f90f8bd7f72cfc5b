#pragma once

#include "tools/fc-data/options.hpp"

namespace fc::tools {

/// Runs the pipeline as the options say, to its end.
/// @returns an error when it could not run; nothing was written then, unless
/// the error says that it came while running.
events::expected<exit_code> launch(const options& settings);

} // namespace fc::tools
