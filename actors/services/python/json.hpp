#pragma once

#include "events/error.hpp"

#include "nlohmann/json.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace fc::actors::services {

/// Reading answers of scripts that ran next to untrusted code: nothing here
/// throws, and a value of the wrong kind reads as an absent one.
events::expected<nlohmann::json>
parse_json_object(std::string_view text, std::string_view from);

std::string json_text(const nlohmann::json& object, const char* key);
bool json_flag(const nlohmann::json& object, const char* key);
std::vector<std::string>
json_texts(const nlohmann::json& object, const char* key);
/// The list's members that are objects.
std::vector<nlohmann::json>
json_objects(const nlohmann::json& object, const char* key);

} // namespace fc::actors::services
