#pragma once

#include "events/error.hpp"

#include <nlohmann/json.hpp>

#include <vector>

namespace fc::actors::services {

/// Rows of an answer as objects by column name: INT64 and TIMESTAMP
/// (microseconds) as integers, FLOAT64 as numbers (null where not finite),
/// BOOL as booleans, RECORD as objects, REPEATED as lists, the rest as texts.
/// @param schema The answer's `schema`; @param rows its `rows`.
/// @returns `ec::malformed` for cells that do not fit the schema.
events::expected<std::vector<nlohmann::json>>
decode_rows(const nlohmann::json& schema, const nlohmann::json& rows);

} // namespace fc::actors::services
