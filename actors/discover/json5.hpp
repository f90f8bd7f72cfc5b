#pragma once

#include "events/error.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace fc::actors {

/// How much of somebody else's JSON5 is read; more is an error, never work.
struct json5_limits {
  std::size_t bytes = 1 << 20; ///< Of the whole text.
  std::size_t depth = 64;      ///< Of nested objects and lists.
  std::size_t text = 16 << 10; ///< Bytes of one name, string or number.
};

/// Rewrites JSON5 (as ASV reads its configuration since 0.6) as plain JSON:
/// comments and trailing commas go, names and strings get double quotes,
/// numbers get JSON's form. An infinite number becomes the largest one, `NaN`
/// becomes null. Nothing here recurses.
/// @returns `ec::malformed` with line and column.
events::expected<std::string>
json_of_json5(std::string_view text, const json5_limits& limits = {});

} // namespace fc::actors
