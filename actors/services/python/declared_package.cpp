#include "actors/services/python/declared_package.hpp"

#include "actors/services/process/spawn.hpp"
#include "actors/services/python/build_log.hpp"
#include "actors/services/python/scripts.hpp"

namespace fc::actors::services {

using events::ec;
using events::make_error;

namespace {

std::vector<requirement>
requirements_of(const nlohmann::json& answer, const char* key) {
  std::vector<requirement> result;
  for (const auto& item : json_objects(answer, key))
    result.push_back({json_text(item, "requirement"), json_text(item, "name"),
                      json_text(item, "state"), json_text(item, "installed")});
  return result;
}

} // namespace

std::map<std::string, std::string> plain_environment() {
  return {{"PATH", std::string{default_path}},
          {"HOME", "/tmp"},
          {"TMPDIR", "/tmp"},
          {"LANG", "C.UTF-8"},
          {"LC_ALL", "C.UTF-8"},
          {"TZ", "UTC"},
          {"PYTHONHASHSEED", "0"}};
}

expected<nlohmann::json>
run_fcmeta(const python_tools& tools, const std::filesystem::path& tree,
           bool writable, std::string_view command,
           const std::vector<std::string>& more, const stop_flag& stop) {
  sandbox_spec spec;
  spec.mounts
    = {{tree, source_inside, writable}, {tools.scripts, scripts_inside, false}};
  auto inside = [&](const std::string& path) {
    return tools.sandbox.path_inside(spec.mounts, path);
  };
  spec.process.argv = {tools.python.path.string(), "-I",
                       inside(std::string{scripts_inside} + "/fcmeta.py"),
                       std::string{command}, inside(source_inside)};
  spec.process.argv.insert(spec.process.argv.end(), more.begin(), more.end());
  spec.process.env = plain_environment();
  spec.process.timeout_s = 60;
  spec.process.memory_mb = 1024;
  spec.process.processes = 16;
  spec.process.max_output = 8 << 20;
  auto result = tools.sandbox.run(spec, stop);
  if (!result)
    return result.error();
  if (result->stopped)
    return make_error(ec::cancelled, "stopped while reading " + tree.string());
  if (result->timed_out)
    return make_error(ec::timeout,
                      "fcmeta.py took over 60 s for " + tree.string());
  if (!result->ok())
    return make_error(ec::malformed, "fcmeta.py failed on " + tree.string()
                                       + ": " + significant_line(result->err));
  return parse_json_object(result->out, "fcmeta.py");
}

std::vector<std::string> declared_package::missing() const {
  std::vector<std::string> result;
  for (const auto* list : {&build_requires, &requirements})
    for (const auto& r : *list)
      if ((r.state == "missing" || r.state == "wrong version")
          && std::find(result.begin(), result.end(), r.text) == result.end())
        result.push_back(r.text);
  return result;
}

expected<declared_package>
read_declared(const python_tools& tools, const std::filesystem::path& tree,
              const stop_flag& stop, const std::string& root) {
  std::vector<std::string> more;
  if (!root.empty())
    more.push_back(root);
  auto answer = run_fcmeta(tools, tree, false, "read", more, stop);
  if (!answer)
    return answer.error();
  declared_package result;
  result.package_root = json_text(*answer, "package_root");
  result.root_reason = json_text(*answer, "root_reason");
  result.files = json_texts(*answer, "files");
  result.name = json_text(*answer, "name");
  result.version = json_text(*answer, "version");
  result.requires_python = json_text(*answer, "requires_python");
  result.python_fits = json_flag(*answer, "python_fits");
  result.build_backend = json_text(*answer, "build_backend");
  result.build_requires = requirements_of(*answer, "build_requires");
  result.requirements = requirements_of(*answer, "requirements");
  result.requirements_known = json_flag(*answer, "requirements_known");
  result.extras = json_texts(*answer, "extras");
  for (const auto& item : json_objects(*answer, "bad"))
    result.bad.push_back(
      {json_text(item, "requirement"), json_text(item, "reason")});
  result.extensions = json_flag(*answer, "extensions");
  result.notes = json_texts(*answer, "notes");
  return result;
}

} // namespace fc::actors::services
