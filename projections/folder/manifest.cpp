#include "projections/folder/manifest.hpp"

#include "events/common/bounded_json.hpp"
#include "events/common/new_file.hpp"
#include "projections/json_text.hpp"

#include <nlohmann/json.hpp>

namespace fc::projections::folder {

using events::ec;
using events::expected;

namespace {

constexpr std::string_view format_name = "fc-data tables";

/// `"name": "text"`, with what comes before and after it.
void append_pair(std::string& to, std::string_view before,
                 std::string_view name, std::string_view text) {
  to.append(before).append("\"").append(name).append("\": ");
  append_json(to, text);
}

void append_pair(std::string& to, std::string_view before,
                 std::string_view name, std::uint64_t number) {
  to.append(before).append("\"").append(name).append("\": ");
  append_json(to, number);
}

/// Throws where something is absent or of another type.
manifest parsed(const nlohmann::json& from) {
  const auto digest_of = [](const nlohmann::json& x) {
    auto result = events::digest::from_hex(x.get<std::string>());
    return result ? *result : events::digest{};
  };
  manifest result;
  result.kind = from.at("kind").get<std::string>();
  const auto& log = from.at("log");
  result.up_to.at = log.at("position").get<events::position>();
  result.up_to.head = digest_of(log.at("head"));
  result.content = digest_of(from.at("sha256"));
  for (const auto& each : from.at("tables"))
    result.tables.push_back(
      {each.at("name").get<std::string>(), each.at("version").get<int>(),
       each.at("file").get<std::string>(), each.at("rows").get<std::uint64_t>(),
       digest_of(each.at("sha256"))});
  return result;
}

} // namespace

std::string to_text(const manifest& x) {
  std::string to;
  append_pair(to, "{\n  ", "format", format_name);
  append_pair(to, ",\n  ", "kind", x.kind);
  append_pair(to, ",\n  \"log\": {", "position", x.up_to.at);
  append_pair(to, ", ", "head", x.up_to.head.hex());
  append_pair(to, "},\n  ", "sha256", x.content.hex());
  to += ",\n  \"tables\": [";
  for (bool first = true; const auto& each : x.tables) {
    append_pair(to, first ? "\n    {" : ",\n    {", "name", each.name);
    append_pair(to, ", ", "version", static_cast<std::uint64_t>(each.version));
    append_pair(to, ", ", "file", each.file);
    append_pair(to, ", ", "rows", each.rows);
    append_pair(to, ", ", "sha256", each.sha256.hex());
    to += '}';
    first = false;
  }
  return to + "\n  ]\n}\n";
}

expected<std::optional<manifest>> read_manifest(const std::string& folder) {
  const std::optional<manifest> none;
  auto text
    = events::common::read_text(folder + "/" + std::string{manifest_name});
  if (!text && events::code_of(text.error()) == ec::not_found)
    return none;
  if (!text)
    return text.error();
  const auto from = events::common::read_json(*text);
  if (!from.is_object()
      || from.value("format", nlohmann::json{}) != format_name)
    return none;
  try {
    return std::optional{parsed(from)};
  } catch (const nlohmann::json::exception&) {
    return none;
  }
}

} // namespace fc::projections::folder
