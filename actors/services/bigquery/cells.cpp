#include "actors/services/bigquery/cells.hpp"

#include "actors/services/python/json.hpp"

#include <charconv>
#include <cmath>

namespace fc::actors::services {

using events::ec;
using events::expected;
using events::make_error;
using nlohmann::json;

namespace {

events::error misfit(const json& field, const std::string& expected_kind) {
  return make_error(ec::malformed, "BigQuery's column "
                                     + json_text(field, "name") + " holds no "
                                     + expected_kind);
}

template <class T>
bool reads_whole(const std::string& text, T& to) {
  const auto* end = text.data() + text.size();
  const auto [stop, err] = std::from_chars(text.data(), end, to);
  return err == std::errc{} && stop == end;
}

/// Every scalar is a text, whatever its type.
expected<json> scalar(const json& field, const json& value) {
  const auto type = json_text(field, "type");
  if (!value.is_string())
    return misfit(field, "scalar");
  const auto& text = value.get_ref<const std::string&>();
  if (type == "INTEGER" || type == "INT64" || type == "TIMESTAMP") {
    std::int64_t number = 0;
    if (!reads_whole(text, number))
      return misfit(field, "whole number: '" + text.substr(0, 40) + "'");
    return json(number);
  }
  if (type == "FLOAT" || type == "FLOAT64") {
    double number = 0;
    if (text == "NaN" || text == "Infinity" || text == "-Infinity")
      return json{};
    if (!reads_whole(text, number) || !std::isfinite(number))
      return misfit(field, "number: '" + text.substr(0, 40) + "'");
    return json(number);
  }
  if (type == "BOOLEAN" || type == "BOOL") {
    if (text != "true" && text != "false")
      return misfit(field, "truth value: '" + text.substr(0, 40) + "'");
    return json(text == "true");
  }
  return json(text);
}

expected<json> record(const json& fields, const json& cells, int depth);

expected<json> one_value(const json& field, const json& value, int depth) {
  if (value.is_null())
    return json{};
  const auto type = json_text(field, "type");
  if (type != "RECORD" && type != "STRUCT")
    return scalar(field, value);
  if (!value.is_object())
    return misfit(field, "record");
  const auto inner = field.find("fields");
  const auto cells = value.find("f");
  if (inner == field.end() || cells == value.end())
    return misfit(field, "record");
  return record(*inner, *cells, depth + 1);
}

/// A cell is `{"v": ...}`; a repeated one a list of such.
expected<json> cell(const json& field, const json& x, int depth) {
  if (!x.is_object() || !x.contains("v"))
    return misfit(field, "cell");
  const auto& value = x["v"];
  if (json_text(field, "mode") != "REPEATED")
    return one_value(field, value, depth);
  auto list = json::array();
  if (value.is_null())
    return list;
  if (!value.is_array())
    return misfit(field, "list");
  for (const auto& each : value) {
    if (!each.is_object() || !each.contains("v"))
      return misfit(field, "cell in its list");
    auto one = one_value(field, each["v"], depth);
    if (!one)
      return one.error();
    list.push_back(std::move(*one));
  }
  return list;
}

/// Cells are positional: the first belongs to the first field.
expected<json> record(const json& fields, const json& cells, int depth) {
  constexpr int deepest = 15; // of BigQuery itself
  if (!fields.is_array() || !cells.is_array() || cells.size() != fields.size()
      || depth > deepest)
    return make_error(ec::malformed,
                      "BigQuery's row has other columns than its schema");
  auto object = json::object();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!fields[i].is_object())
      return make_error(ec::malformed, "BigQuery's schema has no fields");
    auto value = cell(fields[i], cells[i], depth);
    if (!value)
      return value.error();
    object[json_text(fields[i], "name")] = std::move(*value);
  }
  return object;
}

} // namespace

expected<std::vector<json>> decode_rows(const json& schema, const json& rows) {
  std::vector<json> result;
  if (rows.is_null())
    return result;
  if (!rows.is_array() || !schema.is_object() || !schema.contains("fields"))
    return make_error(ec::malformed, "BigQuery's rows come without a schema");
  for (const auto& each : rows) {
    if (!each.is_object() || !each.contains("f"))
      return make_error(ec::malformed, "BigQuery's rows have no cells");
    auto row = record(schema["fields"], each["f"], 0);
    if (!row)
      return row.error();
    result.push_back(std::move(*row));
  }
  return result;
}

} // namespace fc::actors::services
