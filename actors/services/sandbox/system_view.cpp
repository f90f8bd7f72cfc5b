#include "actors/services/sandbox/system_view.hpp"

#include "actors/services/process/process.hpp"

#include <sstream>

namespace fc::actors::services {

using events::ec;
using events::make_error;

namespace fs = std::filesystem;

namespace {

/// Of /etc only what programs cannot do without. Not among them: shadow,
/// ssl/private, pip.conf, gitconfig, machine-id, fstab.
constexpr const char* readable_etc[]
  = {"passwd",          "group",         "nsswitch.conf", "ld.so.cache",
     "ld.so.conf",      "ld.so.conf.d",  "alternatives",  "localtime",
     "timezone",        "host.conf",     "protocols",     "services",
     "mime.types",      "os-release",    "ssl/certs",     "ssl/openssl.cnf",
     "ca-certificates", "pki/tls/certs", "pki/ca-trust",  "fonts"};

/// The parts of an installation below its prefix.
constexpr const char* installation_parts[]
  = {"bin", "include", "lib", "lib32", "lib64", "libexec", "ssl", "pyvenv.cfg"};

bool below(const std::string& path, std::string_view folder) {
  return path == folder
         || (path.starts_with(folder) && path[folder.size()] == '/');
}

bool exists(const fs::path& path) {
  std::error_code code;
  return fs::exists(path, code);
}

void add(std::vector<std::string>& to,
         std::initializer_list<std::string> args) {
  to.insert(to.end(), args);
}

/// /bin and its like are links into /usr on most machines, folders on others.
void add_top_level(std::vector<std::string>& to) {
  for (const std::string path :
       {"/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"}) {
    std::error_code code;
    if (fs::is_symlink(path, code))
      add(to, {"--symlink", fs::read_symlink(path, code).string(), path});
    else if (exists(path))
      add(to, {"--ro-bind", path, path});
  }
}

void add_etc(std::vector<std::string>& to) {
  std::set<std::string> paths;
  for (const auto* name : readable_etc)
    paths.insert(std::string{"/etc/"} + name);
  std::error_code code;
  for (const auto& item : fs::directory_iterator{"/etc", code})
    if (item.path().filename().string().starts_with("python3"))
      paths.insert(item.path().string());
  for (const auto& path : paths)
    if (exists(path))
      add(to, {"--ro-bind", path, path});
}

/// What root may write below /proc it may still write as user 1000 inside, for
/// the kernel knows it by its real id: kernel settings, for example. All of
/// /proc that belongs to no process becomes read-only.
void protect_proc(std::vector<std::string>& to) {
  constexpr auto any_write
    = fs::perms::owner_write | fs::perms::group_write | fs::perms::others_write;
  std::set<std::string> paths;
  std::error_code code;
  for (const auto& item : fs::directory_iterator{"/proc", code}) {
    auto name = item.path().filename().string();
    auto status = item.symlink_status(code);
    if (code || name.find_first_not_of("0123456789") == std::string::npos)
      continue;
    if (fs::is_directory(status)
        || (fs::is_regular_file(status)
            && (status.permissions() & any_write) != fs::perms::none))
      paths.insert(item.path().string());
  }
  for (const auto& path : paths)
    add(to, {"--ro-bind", path, path});
}

} // namespace

events::expected<std::set<std::string>>
interpreter_folders(const fs::path& interpreter) {
  process_spec spec;
  spec.argv = {interpreter.string(), "-I", "-c",
               "import os, sys\n"
               "home = os.path.dirname(os.path.dirname("
               "os.path.realpath(sys.executable)))\n"
               "for p in (sys.base_prefix, sys.base_exec_prefix, sys.prefix, "
               "home):\n"
               "    print(p)\n"
               "    print(os.path.realpath(p))\n"};
  auto result = run(spec, {});
  if (!result)
    return result.error();
  if (!result->ok() || result->out.empty())
    return make_error(ec::unavailable,
                      interpreter.string()
                        + " is not a Python that runs; give another "
                          "interpreter: "
                        + result->err);
  std::set<std::string> folders;
  std::istringstream lines{result->out};
  for (std::string prefix; std::getline(lines, prefix);) {
    if (prefix.empty() || prefix.front() != '/' || below(prefix, "/usr"))
      continue;
    for (const auto* part : installation_parts)
      if (auto path = (fs::path{prefix} / part).string();
          prefix != "/" && exists(path))
        folders.insert(path);
  }
  return folders;
}

std::vector<std::string> system_mounts(const std::set<std::string>& folders) {
  std::vector<std::string> result{"--size",    "16777216", "--tmpfs", "/",
                                  "--ro-bind", "/usr",     "/usr"};
  add_top_level(result);
  add_etc(result);
  for (const auto& folder : folders)
    add(result, {"--ro-bind", folder, folder});
  add(result, {"--proc", "/proc", "--dev", "/dev"});
  protect_proc(result);
  // Numeric libraries read the caches' sizes there.
  for (const std::string path :
       {"/sys/devices/system/cpu", "/sys/devices/system/node"})
    if (exists(path))
      add(result, {"--ro-bind", path, path});
  return result;
}

std::vector<std::string> network_mounts() {
  std::vector<std::string> result;
  for (const std::string path : {"/etc/resolv.conf", "/etc/hosts"})
    if (exists(path))
      add(result, {"--ro-bind", path, path});
  return result;
}

} // namespace fc::actors::services
