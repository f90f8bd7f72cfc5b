#include "actors/services/process/spawn.hpp"

#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>

namespace fc::actors::services {

using events::ec;
using events::make_error;

namespace {

events::error
unavailable(const process_spec& spec, std::string_view step, int code) {
  return make_error(ec::unavailable, "cannot start " + spec.argv.front() + ": "
                                       + std::string{step} + ": "
                                       + std::strerror(code));
}

bool has_nul(std::string_view text) {
  return text.find('\0') != std::string_view::npos;
}

events::error check(const process_spec& spec) {
  if (spec.argv.empty() || spec.argv.front().empty())
    return make_error(ec::invalid_argument, "a process needs a program to run");
  if (std::isnan(spec.timeout_s) || spec.timeout_s <= 0)
    return make_error(ec::invalid_argument,
                      "timeout of " + spec.argv.front()
                        + " must be above 0 s; infinity means none");
  for (const auto& arg : spec.argv)
    if (has_nul(arg))
      return make_error(ec::invalid_argument, "argument of " + spec.argv.front()
                                                + " holds a zero byte");
  for (const auto& [name, value] : spec.env)
    if (name.empty() || name.find('=') != std::string::npos || has_nul(name)
        || has_nul(value))
      return make_error(ec::invalid_argument,
                        "environment variable '" + name + "' for "
                          + spec.argv.front()
                          + " cannot be passed: bad name or a zero byte");
  return {};
}

/// A limit as `prlimit` takes it; never above the one we have ourselves, which
/// only root may raise.
std::string limit_flag(std::string_view name, __rlimit_resource_t resource,
                       std::uint64_t megabytes) {
  constexpr rlim_t max = rlim_t{1} << 42;
  auto bytes = std::min<rlim_t>(megabytes, max) << 20;
  rlimit own{};
  if (::getrlimit(resource, &own) == 0)
    bytes = std::min(bytes, own.rlim_max);
  auto text = std::to_string(bytes);
  return "--" + std::string{name} + "=" + text + ":" + text;
}

/// The program with its prefix chain.
expected<std::vector<std::string>> full_command(const process_spec& spec) {
  auto path_variable = spec.env.find("PATH");
  auto program = find_program(spec.argv.front(), path_variable == spec.env.end()
                                                   ? default_path
                                                   : path_variable->second);
  if (program.empty())
    return make_error(ec::unavailable,
                      "no program " + spec.argv.front()
                        + " that can be run; install it or correct PATH");
  auto setpriv = find_program("setpriv", default_path);
  auto prlimit = find_program("prlimit", default_path);
  if (setpriv.empty() || prlimit.empty())
    return make_error(ec::unavailable,
                      "cannot start " + spec.argv.front()
                        + ": setpriv and prlimit are needed, install "
                          "util-linux");
  std::vector<std::string> result{setpriv, "--pdeathsig", "KILL",
                                  "--",    prlimit,       "--core=0:0"};
  if (spec.memory_mb > 0)
    result.push_back(limit_flag("data", RLIMIT_DATA, spec.memory_mb));
  if (spec.file_size_mb > 0)
    result.push_back(limit_flag("fsize", RLIMIT_FSIZE, spec.file_size_mb));
  result.emplace_back("--");
  result.push_back(std::move(program));
  result.insert(result.end(), spec.argv.begin() + 1, spec.argv.end());
  return result;
}

struct pipe_ends {
  unique_fd read;
  unique_fd write;
};

bool make_pipe(pipe_ends& ends) {
  int fds[2];
  if (::pipe2(fds, O_CLOEXEC) != 0)
    return false;
  ends.read = unique_fd{fds[0]};
  ends.write = unique_fd{fds[1]};
  return true;
}

void set_nonblocking(const unique_fd& fd) {
  ::fcntl(fd.value(), F_SETFL, ::fcntl(fd.value(), F_GETFL) | O_NONBLOCK);
}

/// Pins the calling thread for as long as it lives: a child inherits that.
class cpu_pin {
public:
  explicit cpu_pin(int cpu) {
    if (cpu < 0)
      return;
    cpu_set_t wanted;
    CPU_ZERO(&wanted);
    if (cpu < CPU_SETSIZE)
      CPU_SET(static_cast<std::size_t>(cpu), &wanted);
    if (::sched_getaffinity(0, sizeof before_, &before_) != 0
        || ::sched_setaffinity(0, sizeof wanted, &wanted) != 0)
      error_ = errno;
    else
      active_ = true;
  }
  cpu_pin(const cpu_pin&) = delete;
  cpu_pin& operator=(const cpu_pin&) = delete;
  ~cpu_pin() {
    if (active_)
      ::sched_setaffinity(0, sizeof before_, &before_);
  }
  int error() const noexcept {
    return error_;
  }

private:
  cpu_set_t before_{};
  bool active_ = false;
  int error_ = 0;
};

/// The attributes and actions of one posix_spawn: default signals, nothing
/// blocked, own session, the three pipes and no other descriptor.
class spawn_setup {
public:
  spawn_setup(const process_spec& spec, const pipe_ends& in,
              const pipe_ends& out, const pipe_ends& err) {
    ::posix_spawnattr_init(&attributes_);
    ::posix_spawn_file_actions_init(&actions_);
    sigset_t none;
    sigset_t all;
    ::sigemptyset(&none);
    ::sigfillset(&all);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &all);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK
                                               | POSIX_SPAWN_SETSIGDEF
                                               | POSIX_SPAWN_SETSID);
    keep(::posix_spawn_file_actions_adddup2(&actions_, in.read.value(), 0));
    keep(::posix_spawn_file_actions_adddup2(&actions_, out.write.value(), 1));
    keep(::posix_spawn_file_actions_adddup2(&actions_, err.write.value(), 2));
    keep(::posix_spawn_file_actions_addclosefrom_np(&actions_, 3));
    if (!spec.directory.empty())
      keep(::posix_spawn_file_actions_addchdir_np(&actions_,
                                                  spec.directory.c_str()));
  }
  spawn_setup(const spawn_setup&) = delete;
  spawn_setup& operator=(const spawn_setup&) = delete;
  ~spawn_setup() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }

  int run(pid_t& pid, std::vector<std::string>& argv,
          std::vector<std::string>& env) {
    if (error_ != 0)
      return error_;
    auto args = pointers(argv);
    auto vars = pointers(env);
    return ::posix_spawn(&pid, args.front(), &actions_, &attributes_,
                         args.data(), vars.data());
  }

private:
  void keep(int code) {
    if (code != 0)
      error_ = code;
  }
  static std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> result;
    result.reserve(texts.size() + 1);
    for (auto& text : texts)
      result.push_back(text.data());
    result.push_back(nullptr);
    return result;
  }

  posix_spawnattr_t attributes_;
  posix_spawn_file_actions_t actions_;
  int error_ = 0;
};

/// The pipes' numbers must not be 0 to 2: the child's dup2 would clash.
bool above_standard(const pipe_ends& ends) {
  return ends.read.value() > 2 && ends.write.value() > 2;
}

std::uint64_t own_peak_kb() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss);
}

double seconds(const timeval& t) {
  return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
}

} // namespace

std::string find_program(std::string_view name, std::string_view path) {
  auto usable = [](const std::string& file) {
    struct stat info {};
    return ::stat(file.c_str(), &info) == 0 && S_ISREG(info.st_mode)
           && ::access(file.c_str(), X_OK) == 0;
  };
  if (name.find('/') != std::string_view::npos)
    return usable(std::string{name}) ? std::string{name} : std::string{};
  while (!name.empty() && !path.empty()) {
    auto colon = path.find(':');
    auto folder = std::string{path.substr(0, colon)};
    auto file = folder + "/" + std::string{name};
    // An empty entry would mean the current folder: not with us.
    if (!folder.empty() && usable(file))
      return file;
    path = colon == std::string_view::npos ? "" : path.substr(colon + 1);
  }
  return {};
}

expected<child> spawn(const process_spec& spec) {
  if (auto err = check(spec))
    return err;
  auto argv = full_command(spec);
  if (!argv)
    return argv.error();
  std::vector<std::string> env;
  for (const auto& [name, value] : spec.env)
    env.push_back(name + "=" + value);
  pipe_ends in;
  pipe_ends out;
  pipe_ends err;
  if (!make_pipe(in) || !make_pipe(out) || !make_pipe(err))
    return unavailable(spec, "pipe", errno);
  if (!above_standard(in) || !above_standard(out) || !above_standard(err))
    return make_error(ec::internal, "a standard stream of this program is "
                                    "closed; start it with all three open");
  child result;
  result.peak_memory_before_kb = own_peak_kb();
  result.started = steady_clock::now();
  {
    cpu_pin pin{spec.cpu};
    if (pin.error() != 0)
      return unavailable(spec, "pin to processor " + std::to_string(spec.cpu),
                         pin.error());
    spawn_setup setup{spec, in, out, err};
    if (auto code = setup.run(result.pid, *argv, env); code != 0)
      return unavailable(
        spec, spec.directory.empty() ? "spawn" : "in " + spec.directory, code);
  }
  result.pid_fd
    = unique_fd{static_cast<int>(::syscall(SYS_pidfd_open, result.pid, 0))};
  result.in = std::move(in.write);
  result.out = std::move(out.read);
  result.err = std::move(err.read);
  for (auto* fd : {&result.in, &result.out, &result.err})
    set_nonblocking(*fd);
  return result;
}

bool has_ended(const child& c) noexcept {
  siginfo_t info{};
  auto code = ::waitid(P_PID, static_cast<id_t>(c.pid), &info,
                       WEXITED | WNOHANG | WNOWAIT);
  return code != 0 || info.si_pid == c.pid;
}

void reap(const child& c, process_result& result) {
  int status = 0;
  rusage usage{};
  while (::wait4(c.pid, &status, 0, &usage) < 0)
    if (errno != EINTR) {
      // Somebody else reaped our child: nothing is known, so not a success.
      result.exit_code = -1;
      return;
    }
  result.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  result.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  result.cpu_seconds = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  auto peak = static_cast<std::uint64_t>(usage.ru_maxrss);
  // A spawned child starts with our own peak; only more than that is its own.
  if (peak > c.peak_memory_before_kb)
    result.peak_memory_kb = std::max(result.peak_memory_kb, peak);
}

ssize_t write_quietly(int fd, std::string_view data) noexcept {
  sigset_t pipe_signal;
  sigset_t before;
  sigset_t pending;
  ::sigemptyset(&pipe_signal);
  ::sigaddset(&pipe_signal, SIGPIPE);
  ::sigpending(&pending);
  ::pthread_sigmask(SIG_BLOCK, &pipe_signal, &before);
  auto count = ::write(fd, data.data(), data.size());
  auto code = errno;
  if (count < 0 && code == EPIPE && ::sigismember(&pending, SIGPIPE) == 0) {
    timespec at_once{};
    while (::sigtimedwait(&pipe_signal, nullptr, &at_once) < 0
           && errno == EINTR) {
    }
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  errno = code;
  return count;
}

} // namespace fc::actors::services
