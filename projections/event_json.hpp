#pragma once

#include "events/catalog.hpp"
#include "projections/cell.hpp"

#include <nlohmann/json.hpp>

/// Events as JSON, for people and programs outside. Keys keep the order of the
/// struct, times are ISO 8601, digests hex, absent blobs and digests null.
namespace fc::projections {

/// Events are named without their namespace here.
using namespace events;

using json = nlohmann::ordered_json;

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
  for_each_field<T>([&](const auto& field) {
    result[std::string{field.name}] = as_json(x.*field.member);
  });
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
