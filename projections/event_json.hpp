#pragma once

#include "projections/cell.hpp"
#include "projections/event_fields.hpp"
#include "projections/evidence_fields.hpp"

#include <nlohmann/json.hpp>

/// Events as JSON, for people and programs outside. Keys keep the order of the
/// struct, times are ISO 8601, digests hex, absent blobs and digests null.
namespace fc::projections {

using json = nlohmann::ordered_json;

/// A struct whose fields are listed: an event or a part of one.
template <class T>
concept described = requires {
  fields(of<T>{});
};

/// Parts of events, in the order the catalogue prints them.
using event_parts
  = list<file_change, dropped_requirement, artefact, built_side, clock_totals,
         benchmark_trial, candidate, guard, stage_count>;

/// As tables keep it.
inline json as_json(const std::string& x) {
  return clean_utf8(x);
}

template <class T>
requires std::is_arithmetic_v<T> json as_json(T x) {
  return x;
}

json as_json(const digest& x);
json as_json(const blob_ref& x);
json as_json(timestamp x);
json as_json(const repo_name& x);

template <class T>
json as_json(const std::vector<T>& xs);

/// An event, or a part of one, as an object.
template <described T>
json as_json(const T& x) {
  auto result = json::object();
  std::apply(
    [&](const auto&... each) {
      ((result[std::string{each.name}] = as_json(x.*each.member)), ...);
    },
    fields(of<T>{}));
  return result;
}

template <class T>
json as_json(const std::vector<T>& xs) {
  auto result = json::array();
  for (const auto& x : xs)
    result.push_back(as_json(x));
  return result;
}

/// The event of a record as an object.
/// @returns an error for an unknown tag or a damaged payload.
expected<json> event_json(const record& at);

/// The whole record: envelope and event.
expected<json> record_json(const record& at);

/// One line of ASCII and letters: what a terminal would obey or hide is
/// escaped, bytes that are not UTF-8 become replacement characters.
std::string to_line(const json& x);

namespace make {

/// A JSON cell, in the form of `json_text.hpp`.
cell document(const json& x);

} // namespace make

} // namespace fc::projections
