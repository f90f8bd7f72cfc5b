#include "actors/discover/asv_suite.hpp"

#include "nlohmann/json.hpp"

namespace fc::actors {

using events::ec;
using events::make_error;
using nlohmann::json;

namespace {

/// Length of the string or comment that starts here; 0 where none does.
std::size_t opaque_length(std::string_view s) {
  if (s.starts_with("//"))
    return std::min(s.find('\n'), s.size());
  if (s.starts_with("/*")) {
    const auto end = s.find("*/", 2);
    return end == std::string_view::npos ? s.size() : end + 2;
  }
  if (!s.starts_with('"'))
    return 0;
  for (std::size_t i = 1; i < s.size(); ++i) {
    if (s[i] == '\\')
      ++i;
    else if (s[i] == '"')
      return i + 1;
  }
  return s.size();
}

/// A version as text; JSON null and true mean any.
std::string version_of(const json& x) {
  return x.is_string()   ? x.get<std::string>()
         : x.is_number() ? x.dump()
                         : std::string{};
}

std::vector<std::string> versions_of(const json& x) {
  std::vector<std::string> out;
  if (!x.is_array())
    return {version_of(x)};
  for (const auto& one : x)
    out.push_back(version_of(one));
  return out;
}

void read_requirements(const json& matrix, asv_config& out) {
  // The newer form has these keys and nothing else at its top.
  const bool sections = matrix.contains("req") || matrix.contains("env")
                        || matrix.contains("env_nobuild");
  const auto empty = json::object();
  const auto& needs = !sections                ? matrix
                      : matrix.contains("req") ? matrix.at("req")
                                               : empty;
  if (!needs.is_object())
    return;
  for (const auto& [name, versions] : needs.items())
    out.requirements[name] = versions_of(versions);
}

} // namespace

std::string without_trailing_commas(std::string_view json_text) {
  std::string out;
  out.reserve(json_text.size());
  std::size_t comma = std::string::npos; // the last one, if nothing followed
  while (!json_text.empty()) {
    const char c = json_text.front();
    auto length = opaque_length(json_text);
    const bool comment = length > 0 && c == '/';
    if (length == 0) {
      length = 1;
      if ((c == ']' || c == '}') && comma != std::string::npos)
        out[comma] = ' ';
    }
    const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (c == ',')
      comma = out.size();
    else if (!comment && !blank)
      comma = std::string::npos;
    out += json_text.substr(0, length);
    json_text.remove_prefix(length);
  }
  return out;
}

events::expected<asv_config> parse_asv_config(std::string_view text) {
  json root;
  try {
    root = json::parse(without_trailing_commas(text), nullptr, true, true);
  } catch (const json::exception& failed) {
    return make_error(ec::malformed, failed.what());
  }
  if (!root.is_object())
    return make_error(ec::malformed, "it is no JSON object");
  asv_config out;
  if (const auto at = root.find("benchmark_dir"); at != root.end()) {
    if (!at->is_string())
      return make_error(ec::malformed, "benchmark_dir is no text");
    out.benchmark_dir = at->get<std::string>();
  }
  if (const auto at = root.find("pythons"); at != root.end())
    for (auto& one : versions_of(*at))
      if (!one.empty())
        out.pythons.push_back(std::move(one));
  if (const auto at = root.find("matrix"); at != root.end() && at->is_object())
    read_requirements(*at, out);
  return out;
}

} // namespace fc::actors
