#include "actors/services/python/artefacts.hpp"

#include "actors/services/process/fd.hpp"
#include "actors/services/python/json.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <set>
#include <sstream>

namespace fc::actors::services {

using events::ec;
using events::make_error;

namespace fs = std::filesystem;

namespace {

/// Notes about the installing, which differ from side to side.
constexpr std::string_view notes[]
  = {"RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json"};

/// Enough for any RECORD or METADATA; more is not one.
constexpr std::uintmax_t longest_text = 64u << 20;

std::string read_text(const fs::path& path) {
  std::error_code code;
  if (!fs::is_regular_file(fs::symlink_status(path, code))
      || fs::file_size(path, code) > longest_text)
    return {};
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

std::string header(const std::string& metadata, std::string_view name) {
  std::istringstream lines{metadata};
  for (std::string line; std::getline(lines, line) && !line.empty();)
    if (line.starts_with(name) && line.substr(name.size(), 2) == ": ")
      return line.substr(name.size() + 2);
  return {};
}

/// `lib/python3.11/site-packages`: a fresh environment has exactly one.
fs::path site_folder(const fs::path& environment) {
  std::error_code code;
  for (const auto& item : fs::directory_iterator{environment / "lib", code})
    if (item.path().filename().string().starts_with("python")
        && fs::is_directory(item.path() / "site-packages", code))
      return item.path() / "site-packages";
  return {};
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

bool is_from(const fs::path& dist_info, const std::string& source) {
  auto origin = parse_json_object(read_text(dist_info / "direct_url.json"),
                                  "direct_url.json");
  return origin && unescaped(json_text(*origin, "url")) == "file://" + source;
}

fs::path find_dist_info(const fs::path& site, const std::string& source) {
  std::error_code code;
  for (const auto& item : fs::directory_iterator{site, code})
    if (item.path().extension() == ".dist-info" && is_from(item.path(), source))
      return item.path();
  return {};
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

/// No part of the path may be a link: the digest would be of something else.
bool has_link(const fs::path& site, const fs::path& relative) {
  auto path = site;
  for (const auto& part : relative) {
    path /= part;
    std::error_code code;
    if (fs::is_symlink(path, code))
      return true;
  }
  return false;
}

events::expected<events::artefact>
digest_of(const fs::path& site, const fs::path& relative) {
  auto path = site / relative;
  auto failed = [&](const char* why) {
    return make_error(ec::storage_failure, path.string() + ": " + why);
  };
  // Opening a pipe or a device that lies there must not hang.
  unique_fd fd{
    ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)};
  struct stat info {};
  if (!fd || ::fstat(fd.value(), &info) != 0)
    return failed(std::strerror(errno));
  if (!S_ISREG(info.st_mode))
    return failed("no regular file");
  std::string content(static_cast<std::size_t>(info.st_size), '\0');
  for (std::size_t done = 0; done < content.size();) {
    auto count
      = ::read(fd.value(), content.data() + done, content.size() - done);
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return failed(count < 0 ? std::strerror(errno) : "it shrank");
    done += static_cast<std::size_t>(count);
  }
  return events::artefact{relative.string(),
                          events::sha256(events::as_bytes(content)),
                          content.size()};
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
import_names(const fs::path& dist_info, const std::vector<fs::path>& files) {
  std::set<std::string> names;
  std::istringstream lines{read_text(dist_info / "top_level.txt")};
  for (std::string line; std::getline(lines, line);)
    if (!line.empty())
      names.insert(line);
  if (names.empty())
    for (const auto& file : files)
      if (auto name = import_name(file); !name.empty())
        names.insert(name);
  return {names.begin(), names.end()};
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
read_installed(const fs::path& environment, const std::string& source) {
  auto site = site_folder(environment);
  auto dist_info = site.empty() ? fs::path{} : find_dist_info(site, source);
  if (dist_info.empty())
    return make_error(ec::not_found, environment.string()
                                       + " holds no package installed from "
                                       + source);
  installed_package result;
  auto metadata = read_text(dist_info / "METADATA");
  result.name = header(metadata, "Name");
  result.version = header(metadata, "Version");
  result.site = fs::relative(site, environment).string();
  std::vector<fs::path> files;
  std::istringstream record{read_text(dist_info / "RECORD")};
  for (std::string line; std::getline(record, line);)
    if (fs::path path = split_csv(line).front(); is_artefact(path))
      files.push_back(path);
  std::ranges::sort(files);
  files.erase(std::unique(files.begin(), files.end()), files.end());
  for (const auto& file : files) {
    if (has_link(site, file))
      continue;
    auto item = digest_of(site, file);
    if (!item)
      return item.error();
    result.artefacts.push_back(std::move(*item));
  }
  result.imports = import_names(dist_info, files);
  return result;
}

} // namespace fc::actors::services
