#include "actors/build/asv_environment.hpp"

#include <algorithm>
#include <filesystem>
#include <string_view>

namespace fc::actors {

namespace {

namespace fs = std::filesystem;

/// Why a variable cannot be set, or nothing. What loads code into any process
/// would reach the harness' own, which is to be out of the suite's reach.
std::string_view why_not(std::string_view name) {
  const auto starts = [&](std::string_view with) {
    return name.starts_with(with);
  };
  if (name.empty() || !std::ranges::all_of(name, [](unsigned char c) {
        return std::isalnum(c) != 0 || c == '_';
      }))
    return "it is no name of a variable";
  if (starts("LD_") || starts("GLIBC_") || starts("MALLOC_")
      || name == "GCONV_PATH" || name == "LOCPATH")
    return "it would reach the harness that times";
  if (starts("FC_"))
    return "the name is the harness' own";
  if (name == "PYTHONHASHSEED" || name == "PYTHONPYCACHEPREFIX"
      || name == "PYTHONHOME" || name == "HOME" || name == "PATH")
    return "the trial sets it, the same on both sides";
  return {};
}

void add(std::map<std::string, std::string>& to,
         const std::vector<std::string>& settings,
         std::vector<std::string>& ignored) {
  for (const auto& each : settings) {
    const auto name = each.substr(0, each.find('='));
    if (const auto why = why_not(name); !why.empty())
      ignored.push_back("matrix: environment variable " + name
                        + " is not set: " + std::string{why});
    else
      to[name] = name.size() < each.size() ? each.substr(name.size() + 1) : "";
  }
}

std::string below(std::string root, const std::string& folder) {
  return folder.empty() || folder == "." ? root : root + "/" + folder;
}

} // namespace

asv_environment
asv_environment_of(const events::resolved& x, const std::string& commit) {
  const auto& version = x.python_version;
  const auto python = version.substr(0, version.rfind('.'));
  const std::map<std::string, std::string> common{
    {"ASV", "true"},
    {"ASV_PROJECT", x.suite_project.empty() ? x.package : x.suite_project},
    {"ASV_COMMIT", commit},
    {"ASV_ENV_NAME", "virtualenv-py" + python},
    {"ASV_ENV_DIR", "/fc/env"},
    {"ASV_ENV_TYPE", "virtualenv"},
  };
  const auto config = fs::path{x.suite_config}.parent_path().generic_string();
  asv_environment result;
  result.build = common;
  result.build["ASV_BUILD_DIR"] = below("/fc/src", x.package_root);
  add(result.build, x.build_env, result.ignored);
  result.run = common;
  result.run["ASV_CONF_DIR"] = below("/fc/tree", config);
  result.run["ASV_BUILD_DIR"] = below("/fc/tree", x.package_root);
  std::vector<std::string> twice;
  add(result.run, x.build_env, twice);
  add(result.run, x.run_env, result.ignored);
  return result;
}

} // namespace fc::actors
