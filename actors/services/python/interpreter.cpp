#include "actors/services/python/interpreter.hpp"

#include "actors/services/process/process.hpp"
#include "actors/services/process/spawn.hpp"
#include "actors/services/python/json.hpp"

namespace fc::actors::services {

using events::ec;
using events::make_error;

namespace {

constexpr const char* questions = R"(
import json, os, platform, subprocess, sys
from importlib import metadata

def version(name):
    try:
        return metadata.version(name) or ""
    except metadata.PackageNotFoundError:
        return ""

answer = {
    "path": os.path.realpath(sys.executable) if sys.prefix == sys.base_prefix
            else os.path.abspath(sys.executable),
    "version": platform.python_version(),
    "old": sys.version_info < (3, 8),
    "pip": version("pip"), "setuptools": version("setuptools"), "index": "",
}
if answer["pip"]:
    done = subprocess.run([sys.executable, "-m", "pip", "config", "get",
                           "global.index-url"], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, universal_newlines=True)
    if done.returncode == 0:
        answer["index"] = done.stdout.strip()
json.dump(answer, sys.stdout)
)";

} // namespace

events::expected<interpreter>
find_interpreter(const std::filesystem::path& wanted,
                 const std::map<std::string, std::string>& env) {
  process_spec spec;
  spec.argv = {wanted.string(), "-s", "-c", questions};
  spec.env = env;
  spec.env.emplace("PATH", default_path);
  spec.timeout_s = 30;
  if (find_program(wanted.string(), spec.env["PATH"]).empty())
    return make_error(ec::not_found,
                      "no interpreter " + wanted.string()
                        + "; install Python or name another one");
  auto result = run(spec, {});
  if (!result)
    return result.error();
  auto answer = parse_json_object(result->out, wanted.string());
  if (!result->ok() || !answer)
    return make_error(ec::unavailable,
                      wanted.string()
                        + " is not a Python that runs: " + result->err);
  interpreter found{json_text(*answer, "path"), json_text(*answer, "version"),
                    json_text(*answer, "pip"), json_text(*answer, "setuptools"),
                    json_text(*answer, "index")};
  if (json_flag(*answer, "old"))
    return make_error(ec::refused, wanted.string() + " is Python "
                                     + found.version
                                     + "; at least 3.8 is needed");
  return found;
}

} // namespace fc::actors::services
