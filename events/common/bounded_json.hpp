#pragma once

#include "events/error.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstdint>
#include <string_view>

namespace fc::events::common {

/// How much JSON of others is read. The library recurses where it copies,
/// compares and prints, and a value takes up to fifty times its text.
struct json_bounds {
  std::uint64_t bytes = 64 << 20;
  std::uint32_t depth = 64;
  /// Of the values in memory, estimated.
  std::uint64_t memory = 512 << 20;
};

/// Why a text goes beyond the bounds, or no error. One pass, no memory; says
/// nothing of whether it is JSON.
error check_json(std::string_view text, const json_bounds& bounds = {});

/// Bytes that are no UTF-8 and lone halves of surrogate pairs (`\ud800`) become
/// U+FFFD. @returns the value, or `ec::malformed` with the place and the
/// reason, in one short line that quotes little of the text.
expected<nlohmann::json>
parse_json(std::string_view text, const json_bounds& bounds = {});

/// The same for readers that have words of their own: what is no JSON, or too
/// much of it, is a discarded value (`is_discarded()`, of no other type).
nlohmann::json read_json(std::string_view text, const json_bounds& bounds = {});

} // namespace fc::events::common
