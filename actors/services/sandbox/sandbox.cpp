#include "actors/services/sandbox/sandbox.hpp"

#include "actors/services/process/spawn.hpp"
#include "actors/services/sandbox/system_view.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <unistd.h>

namespace fc::actors::services {

using events::ec;
using events::make_error;

namespace fs = std::filesystem;

namespace {

/// Room in /tmp and /dev/shm each, when no memory limit says otherwise.
constexpr std::uint64_t default_scratch_mb = 2048;

/// What process 1 says on standard error before it starts the command. Where
/// it is missing nothing of the command ever ran and bwrap says why. What was
/// said before a command began cannot be unsaid by it: no command can pass for
/// a sandbox that could not be set up.
constexpr std::string_view started = "fc-sandbox: started\n";

/// Process 1 inside. bwrap's own would hide what the command used from the
/// kernel's accounting; the shell waits for it, so that its processor time and
/// memory count. The shell's remarks on killed commands go nowhere.
constexpr const char* first_process = R"(echo "fc-sandbox: started" >&2
exec 3>&2 2>/dev/null; ("$@" 2>&3 3>&-); exit $?)";

bool at_or_below(std::string_view path, std::string_view folder) {
  return path.starts_with(folder)
         && (path.size() == folder.size() || path[folder.size()] == '/');
}

events::error check(const std::vector<mount>& mounts) {
  for (const auto& m : mounts) {
    fs::path inside{m.inside};
    if (!inside.is_absolute() || inside == "/"
        || inside.lexically_normal() != inside)
      return make_error(ec::invalid_argument,
                        "'" + m.inside
                          + "' cannot be a mount: give an absolute path "
                            "without .. and without a slash at its end");
    std::error_code code;
    if (!fs::exists(m.outside, code))
      return make_error(ec::not_found, m.outside.string()
                                         + " is to be mounted at " + m.inside
                                         + " but does not exist");
  }
  return {};
}

/// What sandboxed code may write lies on one file system.
std::string disk_of(const std::vector<mount>& mounts) {
  const auto found = std::ranges::find_if(mounts, &mount::writable);
  return found == mounts.end() ? std::string{} : found->outside.string();
}

std::string
map_inside(const std::vector<mount>& mounts, std::string_view inside) {
  const mount* best = nullptr;
  for (const auto& m : mounts)
    if (at_or_below(inside, m.inside)
        && (best == nullptr || m.inside.size() > best->inside.size()))
      best = &m;
  if (best == nullptr)
    return std::string{inside};
  return fs::absolute(best->outside).string()
         + std::string{inside.substr(best->inside.size())};
}

/// A shell says 128 + n for signal n. Programs that exit with such a code by
/// themselves are rare, and then look killed.
void restore_signal(process_result& result) {
  if (result.exit_code > 128 && result.exit_code <= 128 + 64) {
    result.signal = result.exit_code - 128;
    result.exit_code = -1;
  }
}

/// We ended it ourselves, perhaps before it came to anything.
bool cut_short(const process_result& result) {
  return result.timed_out || result.stopped || !result.limit.empty();
}

class bubblewrap final : public sandbox {
public:
  bubblewrap(std::string program, std::set<std::string> folders,
             bool network_off)
    : program_(std::move(program)), system_(system_mounts(folders)),
      network_off_(network_off) {}

  std::string_view isolation() const noexcept override {
    return "bubblewrap";
  }
  bool network_off() const noexcept override {
    return network_off_;
  }
  std::string path_inside(const std::vector<mount>&,
                          std::string_view inside) const override {
    return std::string{inside};
  }

  expected<process_result>
  run(const sandbox_spec& spec, const stop_flag& stop) override {
    if (auto err = check(spec.mounts))
      return err;
    if (spec.process.argv.empty())
      return make_error(ec::invalid_argument, "a sandbox needs a command");
    auto result = services::run(wrap(spec), stop);
    if (!result)
      return result;
    if (auto at = result->err.find(started); at != std::string::npos)
      result->err.erase(at, started.size());
    else if (!cut_short(*result))
      return make_error(ec::unavailable,
                        "cannot set up the sandbox for "
                          + spec.process.argv.front() + ": "
                          + result->err.substr(0, result->err.find('\n')));
    restore_signal(*result);
    return result;
  }

private:
  process_spec wrap(const sandbox_spec& spec) const {
    auto result = spec.process;
    result.directory = "/";
    result.disk = disk_of(spec.mounts);
    result.max_output += 2 * started.size(); // Half of it is for the head.
    result.argv = {program_, "--unshare-all"};
    auto add = [&](std::initializer_list<std::string> args) {
      result.argv.insert(result.argv.end(), args);
    };
    if (spec.network || !network_off_)
      add({"--share-net"});
    add({"--die-with-parent", "--new-session", "--as-pid-1", "--uid", "1000",
         "--gid", "1000", "--cap-drop", "ALL", "--hostname", "fc"});
    result.argv.insert(result.argv.end(), system_.begin(), system_.end());
    if (spec.network)
      for (auto& arg : network_mounts())
        result.argv.push_back(std::move(arg));
    add_scratch(result);
    auto mounts = spec.mounts;
    std::ranges::stable_sort(mounts, {}, &mount::inside);
    for (const auto& m : mounts)
      add({m.writable ? "--bind" : "--ro-bind",
           fs::absolute(m.outside).string(), m.inside});
    // Nothing is left that could be written but what was meant to be.
    add({"--remount-ro", "/dev", "--remount-ro", "/", "--chdir",
         spec.process.directory.empty() ? "/tmp" : spec.process.directory});
    move_loader_variables(result);
    add({"--", "/bin/sh", "-c", first_process, "sh"});
    add_process_limit(result);
    result.argv.insert(result.argv.end(), spec.process.argv.begin(),
                       spec.process.argv.end());
    return result;
  }

  /// What lies there is memory that belongs to no process.
  static void add_scratch(process_spec& to) {
    auto size = std::to_string(
      (to.memory_mb > 0 ? to.memory_mb : default_scratch_mb) << 20);
    for (const auto* folder : {"/dev/shm", "/tmp"})
      for (std::string arg :
           {"--perms", "1777", "--size", size.c_str(), "--tmpfs", folder})
        to.argv.push_back(std::move(arg));
  }

  /// They are meant for the command, not for bwrap itself.
  static void move_loader_variables(process_spec& to) {
    std::erase_if(to.env, [&](const auto& variable) {
      if (!variable.first.starts_with("LD_"))
        return false;
      for (const auto& arg :
           {std::string{"--setenv"}, variable.first, variable.second})
        to.argv.push_back(arg);
      return true;
    });
  }

  /// The kernel counts threads too, and root not at all: the watchdog is what
  /// keeps the promise, this only slows down what grows too fast for it.
  static void add_process_limit(process_spec& to) {
    rlimit own{};
    if (to.processes == 0 || ::geteuid() == 0
        || ::getrlimit(RLIMIT_NPROC, &own) != 0)
      return;
    auto max = std::to_string(
      std::min<rlim_t>(rlim_t{to.processes} * 4 + 64, own.rlim_max));
    to.argv.insert(to.argv.end(),
                   {"prlimit", "--nproc=" + max + ":" + max, "--"});
  }

  std::string program_;
  std::vector<std::string> system_;
  bool network_off_;
};

class no_isolation final : public sandbox {
public:
  explicit no_isolation(std::vector<std::string> cut_network)
    : cut_network_(std::move(cut_network)) {}

  std::string_view isolation() const noexcept override {
    return "none";
  }
  bool network_off() const noexcept override {
    return !cut_network_.empty();
  }
  std::string path_inside(const std::vector<mount>& mounts,
                          std::string_view inside) const override {
    return map_inside(mounts, inside);
  }

  expected<process_result>
  run(const sandbox_spec& spec, const stop_flag& stop) override {
    if (auto err = check(spec.mounts))
      return err;
    auto process = spec.process;
    if (process.argv.empty())
      return make_error(ec::invalid_argument, "a sandbox needs a command");
    process.disk = disk_of(spec.mounts);
    process.directory = process.directory.empty()
                          ? "/tmp"
                          : map_inside(spec.mounts, process.directory);
    process.argv.front() = map_inside(spec.mounts, process.argv.front());
    if (!spec.network)
      process.argv.insert(process.argv.begin(), cut_network_.begin(),
                          cut_network_.end());
    return services::run(process, stop);
  }

private:
  std::vector<std::string> cut_network_; ///< Prefix of a command, or empty.
};

bool works(sandbox& candidate) {
  sandbox_spec probe;
  probe.process.argv = {"true"};
  probe.process.timeout_s = 10;
  auto result = candidate.run(probe, {});
  return result && result->ok();
}

} // namespace

std::unique_ptr<sandbox> open_without_isolation() {
  for (const auto* flags : {"-n", "-rn"}) {
    auto candidate = std::make_unique<no_isolation>(
      std::vector<std::string>{"unshare", flags, "--"});
    if (works(*candidate))
      return candidate;
  }
  return std::make_unique<no_isolation>(std::vector<std::string>{});
}

expected<std::unique_ptr<sandbox>> sandbox::open(const fs::path& interpreter) {
  auto folders = interpreter_folders(interpreter);
  if (!folders)
    return folders.error();
  auto program = find_program("bwrap", default_path);
  // Some kernels allow all but an own network.
  for (auto network_off : {true, false}) {
    if (program.empty())
      break;
    auto candidate
      = std::make_unique<bubblewrap>(program, *folders, network_off);
    if (works(*candidate))
      return std::unique_ptr<sandbox>{std::move(candidate)};
  }
  return open_without_isolation();
}

} // namespace fc::actors::services
