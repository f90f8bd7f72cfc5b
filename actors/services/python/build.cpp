#include "actors/services/python/build.hpp"

#include "actors/services/process/spawn.hpp"
#include "actors/services/python/build_log.hpp"
#include "actors/services/python/scripts.hpp"
#include "events/common/address.hpp"

#include <chrono>
#include <utility>

namespace fc::actors::services {

using events::ec;
using events::make_error;

namespace fs = std::filesystem;

namespace {

constexpr const char* uv_inside = "/fc/uv";
constexpr std::uint64_t max_log_bytes = 4u << 20;

/// The same on every side and at every time, so that an id which the build
/// keeps tells neither. The tree may belong to another user inside.
const std::map<std::string, std::string> git_identity{
  {"GIT_AUTHOR_NAME", "nobody"},
  {"GIT_AUTHOR_EMAIL", "nobody@localhost"},
  {"GIT_AUTHOR_DATE", "315532800 +0000"},
  {"GIT_COMMITTER_NAME", "nobody"},
  {"GIT_COMMITTER_EMAIL", "nobody@localhost"},
  {"GIT_COMMITTER_DATE", "315532800 +0000"},
  {"GIT_CONFIG_NOSYSTEM", "1"},
  {"GIT_CONFIG_GLOBAL", "/dev/null"},
  {"GIT_CONFIG_COUNT", "1"},
  {"GIT_CONFIG_KEY_0", "safe.directory"},
  {"GIT_CONFIG_VALUE_0", "*"}};

std::string joined(const std::vector<std::string>& words) {
  std::string result;
  for (const auto& word : words)
    result += (result.empty() ? "" : " ") + word;
  return result;
}

void replace_all(std::string& text, const std::string& what,
                 const std::string& with) {
  if (what.empty() || what == with)
    return;
  for (auto at = text.find(what); at != std::string::npos;
       at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

std::string without_slash(std::string path) {
  if (path.ends_with('/'))
    path.pop_back();
  return path;
}

/// One build: its commands share mounts, environment and log.
class builder {
public:
  builder(const python_tools& tools, const build_request& request,
          const stop_flag& stop)
    : tools_(tools), request_(request), stop_(stop) {}

  expected<build_outcome> run() {
    auto start = std::chrono::steady_clock::now();
    auto err = prepare();
    if (!err && failure_.empty())
      err = build();
    if (!err && !failure_.empty() && asks_git(output_))
      err = build_with_git();
    if (err)
      return err;
    if (failure_.empty())
      err = inspect();
    if (err)
      return err;
    outcome_.ok = failure_.empty();
    outcome_.error = failure_ + (failure_.empty() ? "" : empty_submodules_);
    outcome_.seconds
      = std::chrono::duration<double>(std::chrono::steady_clock::now() - start)
          .count();
    return std::move(outcome_);
  }

private:
  events::error build() {
    auto err = make_environment();
    if (!err && failure_.empty())
      err = install();
    return err;
  }

  /// Once more, in a repository that says the version and nothing else: its one
  /// commit is empty and the same on every side.
  events::error build_with_git() {
    note("# not a git repository, says the build, which asks one: again, with "
         "an empty commit and the tag "
         + (request_.tag.empty() ? "none" : request_.tag));
    failure_.clear();
    with_git_ = true;
    const auto tree = inside(source_inside);
    std::vector<std::vector<std::string>> steps{
      {"git", "init", "--quiet", tree},
      {"git", "-C", tree, "commit", "--quiet", "--allow-empty", "--no-verify",
       "--message", "source tree"}};
    if (!request_.tag.empty() && !request_.tag.starts_with('-'))
      steps.push_back({"git", "-C", tree, "tag", "--annotate", "--message",
                       "release", request_.tag});
    for (auto& argv : steps)
      if (failure_.empty())
        if (auto err = step(command(std::move(argv))))
          return err;
    if (failure_.empty())
      if (auto err = build())
        return err;
    const auto failure = std::exchange(failure_, {});
    auto err = step(command({"rm", "-rf", tree + "/.git"}));
    if (!failure.empty())
      failure_ = failure;
    return err;
  }

  bool indexed() const noexcept {
    return !request_.index.url.empty();
  }

  std::string inside(const std::string& path) const {
    return tools_.sandbox.path_inside(mounts_, path);
  }

  /// The package's folder as the installer is told.
  std::string package_inside() const {
    auto path = fs::path{source_inside} / request_.package_root;
    return inside(without_slash(path.lexically_normal().string()));
  }

  events::error prepare() {
    fs::path root{request_.package_root};
    if (root.empty()) {
      failure_ = "no folder of the tree has a setup.py, or a pyproject.toml "
                 "that builds";
      return {};
    }
    if (root.is_absolute() || *root.lexically_normal().begin() == "..")
      return make_error(ec::invalid_argument,
                        "package root '" + request_.package_root
                          + "' is not a folder of the source tree");
    std::error_code code;
    fs::create_directories(request_.environment, code);
    if (code)
      return make_error(ec::storage_failure,
                        request_.environment.string() + ": " + code.message());
    mounts_ = {{request_.source, source_inside, true},
               {request_.environment, environment_inside, true}};
    if (indexed())
      uv_ = request_.uv.empty() ? fs::path{find_program("uv", default_path)}
                                : request_.uv;
    if (!uv_.empty())
      mounts_.push_back({uv_, uv_inside, false});
    auto done = run_fcmeta(tools_, request_.source, true, "adjust",
                           {request_.package_root}, stop_);
    if (!done)
      return done.error();
    if (auto what = json_text(*done, "done"); !what.empty())
      note(what);
    for (const auto& each : json_texts(*done, "submodules"))
      note("# submodule " + each + ": from the clone's own copy");
    for (const auto& each : json_texts(*done, "empty_submodules"))
      empty_submodules_
        += (empty_submodules_.empty() ? "; submodule " : ", ") + each;
    if (!empty_submodules_.empty())
      empty_submodules_ += " is empty: the clone lacks its commit (`git "
                           "submodule update --init` in the clone brings it)";
    return {};
  }

  void note(const std::string& step) {
    outcome_.recipe.push_back(step);
    outcome_.log += "$ " + step + "\n";
  }

  sandbox_spec command(std::vector<std::string> argv) const {
    sandbox_spec spec;
    spec.mounts = mounts_;
    auto& p = spec.process;
    p.argv = std::move(argv);
    p.env = plain_environment();
    auto version = request_.version.empty() ? "999.0" : request_.version;
    for (const auto* name :
         {"SETUPTOOLS_SCM_PRETEND_VERSION", "PBR_VERSION",
          "PDM_BUILD_SCM_VERSION", "POETRY_DYNAMIC_VERSIONING_BYPASS",
          "UV_DYNAMIC_VERSIONING_BYPASS"})
      p.env[name] = version;
    if (with_git_)
      for (const auto& [name, value] : git_identity)
        p.env[name] = value;
    // The oldest time that a wheel, a ZIP archive, can hold.
    p.env["SOURCE_DATE_EPOCH"] = "315532800";
    p.env["PIP_NO_INPUT"] = "1";
    p.env["PIP_ROOT_USER_ACTION"] = "ignore";
    if (indexed())
      for (const auto* name :
           {"PIP_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX"})
        p.env[name] = request_.index.url;
    for (const auto& [name, value] : request_.env)
      p.env[name] = value;
    p.directory = inside(source_inside);
    p.timeout_s = request_.timeout_s;
    p.memory_mb = request_.memory_mb;
    p.processes = request_.processes;
    p.max_output = max_log_bytes / 2;
    return spec;
  }

  /// Runs and logs; what it says goes to `out` when asked for.
  events::error step(sandbox_spec spec, std::string* out = nullptr) {
    note(joined(spec.process.argv));
    auto result = tools_.sandbox.run(spec, stop_);
    if (!result)
      return result.error();
    if (result->stopped)
      return make_error(ec::cancelled,
                        "stopped while building " + request_.source.string());
    outcome_.cpu_seconds += result->cpu_seconds;
    auto output = result->out + result->err;
    replace_all(output, without_slash(request_.index.url),
                without_slash(request_.index.shown));
    output = events::common::without_secrets_of(std::move(output),
                                                request_.index.url);
    outcome_.log += output;
    output_ = output;
    if (out != nullptr)
      *out = result->out;
    if (result->timed_out)
      failure_ = "not finished after "
                 + std::to_string(static_cast<long>(request_.timeout_s)) + " s";
    else if (!result->limit.empty())
      failure_ = "killed: over the limit of " + result->limit;
    else if (!result->ok())
      failure_ = significant_line(output);
    if (failure_.empty() && !result->ok())
      failure_ = result->signal != 0
                   ? "ended by signal " + std::to_string(result->signal)
                   : "ended with code " + std::to_string(result->exit_code);
    return {};
  }

  events::error make_environment() {
    return step(command({tools_.python.path.string(), "-I", "-m", "venv",
                         "--without-pip", "--system-site-packages", "--clear",
                         inside(environment_inside)}));
  }

  events::error install() {
    auto target = inside(std::string{environment_inside} + "/bin/python");
    if (!uv_.empty()) {
      std::string version;
      if (auto err = step(command({inside(uv_inside), "--version"}), &version))
        return err;
      if (!failure_.empty())
        return {};
      outcome_.installer = version.substr(0, version.find_first_of("\r\n"));
      return install_with({inside(uv_inside), "pip", "install", "--python",
                           target, "--no-cache", package_inside()});
    }
    outcome_.installer = "pip " + tools_.python.pip;
    std::vector<std::string> argv{tools_.python.path.string(),
                                  "-m",
                                  "pip",
                                  "--python",
                                  target,
                                  "install",
                                  "--no-cache-dir",
                                  "--disable-pip-version-check"};
    if (!indexed())
      argv.insert(argv.end(),
                  {"--no-index", "--no-deps", "--no-build-isolation"});
    argv.push_back(package_inside());
    return install_with(std::move(argv));
  }

  events::error install_with(std::vector<std::string> argv) {
    auto spec = command(std::move(argv));
    spec.network = indexed();
    outcome_.network = indexed() || !tools_.sandbox.network_off();
    return step(std::move(spec));
  }

  /// What the build left that cannot be used is its failure, not ours.
  events::error inspect() {
    auto found = read_installed(request_.environment, package_inside(), stop_);
    if (found) {
      outcome_.package = std::move(*found);
      return {};
    }
    const auto code = events::code_of(found.error());
    if (code != ec::not_found && code != ec::refused)
      return found.error();
    failure_ = events::describe(found.error());
    return {};
  }

  const python_tools& tools_;
  const build_request& request_;
  const stop_flag& stop_;
  std::vector<mount> mounts_;
  fs::path uv_;
  std::string failure_;
  std::string output_; ///< By the last command.
  std::string empty_submodules_;
  bool with_git_ = false;
  build_outcome outcome_;
};

} // namespace

expected<build_outcome>
build_side(const python_tools& tools, const build_request& request,
           const stop_flag& stop) {
  return builder{tools, request, stop}.run();
}

} // namespace fc::actors::services
