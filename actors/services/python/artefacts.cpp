#include "actors/services/python/artefacts.hpp"

#include "actors/services/python/json.hpp"
#include "actors/services/sandbox/sandbox_files.hpp"

#include <algorithm>
#include <charconv>
#include <set>
#include <sstream>

namespace fc::actors::services {

using events::code_of;
using events::ec;
using events::make_error;

namespace fs = std::filesystem;

namespace {

/// Notes about the installing, which differ from side to side.
constexpr std::string_view notes[]
  = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json"};

/// Enough for any of these files; more is not one.
constexpr std::uint64_t max_record_bytes = 8u << 20;
constexpr std::uint64_t max_metadata_bytes = 8u << 20;
constexpr std::uint64_t max_note_bytes = 256u << 10;
/// Of one package: no honest one comes near, and the event must hold them.
constexpr std::size_t max_files = 50'000;
constexpr std::size_t max_names = 100'000;
constexpr std::uint64_t max_artefact_bytes = std::uint64_t{2} << 30;
constexpr std::uint64_t all_artefacts = std::uint64_t{8} << 30;

/// Empty when it is absent; anything else that cannot be read is an error.
events::expected<std::string>
read_text(const sandbox_files& files, const fs::path& below,
          std::uint64_t max) {
  auto text = files.read(below, max);
  if (!text && code_of(text.error()) == ec::not_found)
    return std::string{};
  return text;
}

std::string header(const std::string& metadata, std::string_view name) {
  std::istringstream lines{metadata};
  for (std::string line; std::getline(lines, line) && !line.empty();)
    if (line.starts_with(name) && line.substr(name.size(), 2) == ": ")
      return line.substr(name.size() + 2);
  return {};
}

/// `lib/python3.11/site-packages`: a fresh environment has exactly one.
events::expected<fs::path> site_folder(const sandbox_files& environment) {
  auto items = environment.list("lib", max_names);
  if (!items)
    return items.error();
  for (const auto& item : *items) {
    if (!item.name.starts_with("python"))
      continue;
    auto site = fs::path{"lib"} / item.name / "site-packages";
    auto kind = environment.kind_of(site);
    if (kind && *kind == file_kind::folder)
      return site;
  }
  return make_error(ec::not_found,
                    environment.path().string() + " has no site-packages");
}

/// Undoes the escapes of an address.
std::string unescaped(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned byte = 0;
    auto hex = text.substr(i + 1, 2);
    if (text[i] == '%' && hex.size() == 2
        && std::from_chars(hex.data(), hex.data() + 2, byte, 16).ptr
             == hex.data() + 2) {
      result += static_cast<char>(byte);
      i += 2;
    } else {
      result += text[i];
    }
  }
  return result;
}

/// Empty when no distribution comes from the source.
events::expected<fs::path>
find_dist_info(const sandbox_files& environment, const fs::path& site,
               const std::string& source) {
  auto items = environment.list(site, max_names);
  if (!items)
    return items.error();
  for (const auto& item : *items) {
    if (!item.name.ends_with(".dist-info"))
      continue;
    const auto folder = site / item.name;
    auto note
      = read_text(environment, folder / "direct_url.json", max_note_bytes);
    if (!note)
      return note.error();
    auto origin = parse_json_object(*note, "direct_url.json");
    if (origin && unescaped(json_text(*origin, "url")) == "file://" + source)
      return folder;
  }
  return fs::path{};
}

/// Whether a path of RECORD names a file of the package below its site folder.
bool is_artefact(const fs::path& path) {
  if (path.empty() || path.is_absolute() || *path.begin() == ".."
      || path.lexically_normal() != path)
    return false;
  auto name = path.filename().string();
  if (path.extension() == ".pyc")
    return false;
  return path.parent_path().extension() != ".dist-info"
         || std::ranges::find(notes, name) == std::end(notes);
}

/// The name that `import` takes for a top-level file or folder.
std::string import_name(const fs::path& path) {
  auto top = path.begin()->string();
  if (std::next(path.begin()) == path.end()) {
    auto extension = path.extension();
    if (extension != ".py" && extension != ".so")
      return {};
    return top.substr(0, top.find('.'));
  }
  return top.find_first_of(".-") == std::string::npos ? top : std::string{};
}

std::vector<std::string>
import_names(const std::string& declared, const std::vector<fs::path>& files) {
  std::set<std::string> names;
  std::istringstream lines{declared};
  for (std::string line; std::getline(lines, line);)
    if (!line.empty())
      names.insert(line);
  if (names.empty())
    for (const auto& file : files)
      if (auto name = import_name(file); !name.empty())
        names.insert(name);
  return {names.begin(), names.end()};
}

/// Sorted, each once; more than `max_files` when there are too many.
std::vector<fs::path> recorded_files(const std::string& record) {
  std::set<fs::path> files;
  std::istringstream lines{record};
  for (std::string line;
       files.size() <= max_files && std::getline(lines, line);)
    if (fs::path path = split_csv(line).front(); is_artefact(path))
      files.insert(path);
  return {files.begin(), files.end()};
}

} // namespace

std::vector<std::string> split_csv(std::string_view line) {
  std::vector<std::string> fields(1);
  auto quoted = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    auto c = line[i];
    if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"')
      fields.back() += line[++i];
    else if (c == '"')
      quoted = !quoted;
    else if (c == ',' && !quoted)
      fields.emplace_back();
    else if (c != '\r')
      fields.back() += c;
  }
  return fields;
}

events::expected<installed_package>
read_installed(const fs::path& environment, const std::string& source,
               const stop_flag& stop) {
  auto files = sandbox_files::open(environment);
  if (!files)
    return files.error();
  auto site = site_folder(*files);
  if (!site)
    return site.error();
  auto dist_info = find_dist_info(*files, *site, source);
  if (!dist_info)
    return dist_info.error();
  if (dist_info->empty())
    return make_error(ec::not_found, environment.string()
                                       + " holds no package installed from "
                                       + source);
  auto metadata
    = read_text(*files, *dist_info / "METADATA", max_metadata_bytes);
  auto record = read_text(*files, *dist_info / "RECORD", max_record_bytes);
  auto declared
    = read_text(*files, *dist_info / "top_level.txt", max_note_bytes);
  for (const auto* text : {&metadata, &record, &declared})
    if (!*text)
      return text->error();
  installed_package result;
  result.name = header(*metadata, "Name");
  result.version = header(*metadata, "Version");
  result.site = site->string();
  auto paths = recorded_files(*record);
  if (paths.size() > max_files)
    return make_error(ec::refused,
                      "the package installs " + std::to_string(paths.size())
                        + " files, at most " + std::to_string(max_files)
                        + " are looked at");
  result.imports = import_names(*declared, paths);
  auto room = all_artefacts;
  for (const auto& path : paths) {
    auto sum
      = files->digest(*site / path, std::min(max_artefact_bytes, room), stop);
    if (!sum)
      return sum.error();
    room -= sum->size;
    result.artefacts.push_back({path.string(), sum->id, sum->size});
  }
  return result;
}

} // namespace fc::actors::services
