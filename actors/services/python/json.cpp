#include "actors/services/python/json.hpp"

namespace fc::actors::services {

using nlohmann::json;

namespace {

const json& member(const json& object, const char* key) {
  static const json nothing;
  auto found = object.find(key);
  return found == object.end() ? nothing : *found;
}

/// Our own scripts answer flat; whatever nests deeper did not come from them.
constexpr int deepest = 32;

bool nests_too_deep(std::string_view text) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '\\')
      ++i;
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted && (c == '[' || c == '{') && ++depth > deepest)
      return true;
    else if (!quoted && (c == ']' || c == '}'))
      --depth;
  }
  return false;
}

} // namespace

events::expected<json>
parse_json_object(std::string_view text, std::string_view from) {
  if (nests_too_deep(text))
    return events::make_error(events::ec::malformed,
                              std::string{from}
                                + " answered JSON that nests too deep");
  auto result = json::parse(text, nullptr, false);
  if (!result.is_object())
    return events::make_error(events::ec::malformed,
                              std::string{from} + " answered no JSON object");
  return result;
}

std::string json_text(const json& object, const char* key) {
  const auto& value = member(object, key);
  return value.is_string() ? value.get<std::string>() : std::string{};
}

bool json_flag(const json& object, const char* key) {
  const auto& value = member(object, key);
  return value.is_boolean() && value.get<bool>();
}

std::vector<std::string> json_texts(const json& object, const char* key) {
  std::vector<std::string> result;
  const auto& value = member(object, key);
  if (value.is_array())
    for (const auto& item : value)
      if (item.is_string())
        result.push_back(item.get<std::string>());
  return result;
}

std::vector<json> json_objects(const json& object, const char* key) {
  std::vector<json> result;
  const auto& value = member(object, key);
  if (value.is_array())
    for (const auto& item : value)
      if (item.is_object())
        result.push_back(item);
  return result;
}

} // namespace fc::actors::services
