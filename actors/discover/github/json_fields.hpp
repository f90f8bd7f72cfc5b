#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <limits>
#include <string>

/// Reading of answers in which nearly everything may be null. What is absent,
/// null or of another type is empty.
namespace fc::actors {

inline const nlohmann::json& at(const nlohmann::json& x, const char* key) {
  static const nlohmann::json none;
  if (!x.is_object())
    return none;
  const auto found = x.find(key);
  return found == x.end() ? none : *found;
}

inline std::string text(const nlohmann::json& x, const char* key) {
  const auto& value = at(x, key);
  return value.is_string() ? value.get<std::string>() : std::string{};
}

inline bool flag(const nlohmann::json& x, const char* key) {
  const auto& value = at(x, key);
  return value.is_boolean() && value.get<bool>();
}

inline std::uint32_t count(const nlohmann::json& x, const char* key) {
  const auto& value = at(x, key);
  if (!value.is_number_integer() || value.get<std::int64_t>() < 0)
    return 0;
  constexpr std::int64_t max = std::numeric_limits<std::uint32_t>::max();
  return static_cast<std::uint32_t>(std::min(value.get<std::int64_t>(), max));
}

/// The list below `nodes`, empty where there is none.
inline const nlohmann::json& nodes_of(const nlohmann::json& connection) {
  static const auto none = nlohmann::json::array();
  const auto& value = at(connection, "nodes");
  return value.is_array() ? value : none;
}

} // namespace fc::actors
