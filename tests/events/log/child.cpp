#include "tests/events/log/child.hpp"

#include <sys/wait.h>

#include <array>
#include <fcntl.h>
#include <filesystem>
#include <signal.h>
#include <spawn.h>
#include <stdexcept>
#include <system_error>
#include <unistd.h>

namespace fc::events::log {

append_loop::append_loop(const std::string& path) {
  const auto program
    = (std::filesystem::read_symlink("/proc/self/exe").parent_path()
       / "append_loop")
        .string();
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0)
    throw std::system_error{errno, std::generic_category(), "pipe"};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  std::string argument = path;
  std::string name = "append_loop";
  std::array<char*, 3> argv{name.data(), argument.data(), nullptr};
  const int failed = ::posix_spawn(&pid_, program.c_str(), &actions, nullptr,
                                   argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
  output_ = pipe[0];
  if (failed != 0)
    throw std::system_error{failed, std::generic_category(), program};
}

append_loop::~append_loop() {
  kill();
  ::close(output_);
}

std::string append_loop::read_line() {
  for (;;) {
    const auto end = buffer_.find('\n');
    if (end != std::string::npos) {
      last_ = buffer_.substr(0, end);
      buffer_.erase(0, end + 1);
      return last_;
    }
    std::array<char, 4096> chunk{};
    const auto got = ::read(output_, chunk.data(), chunk.size());
    if (got <= 0)
      return {};
    buffer_.append(chunk.data(), static_cast<std::size_t>(got));
  }
}

std::string append_loop::kill() {
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }
  while (!read_line().empty()) {
  }
  return last_;
}

} // namespace fc::events::log
