#include "tests/events/log/child.hpp"

#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <fcntl.h>
#include <filesystem>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdexcept>
#include <system_error>
#include <unistd.h>

namespace fc::events::log {

child::child(std::string program, std::vector<std::string> arguments) {
  const auto path
    = (std::filesystem::read_symlink("/proc/self/exe").parent_path() / program)
        .string();
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0)
    throw std::system_error{errno, std::generic_category(), "pipe"};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  std::vector<char*> argv{program.data()};
  for (auto& each : arguments)
    argv.push_back(each.data());
  argv.push_back(nullptr);
  const int failed = ::posix_spawn(&pid_, path.c_str(), &actions, nullptr,
                                   argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
  output_ = pipe[0];
  if (failed != 0)
    throw std::system_error{failed, std::generic_category(), path};
}

child::~child() {
  stop();
  ::close(output_);
}

std::optional<std::string> child::take_line() {
  const auto end = buffer_.find('\n');
  if (end == std::string::npos)
    return std::nullopt;
  last_ = buffer_.substr(0, end);
  buffer_.erase(0, end + 1);
  return last_;
}

bool child::fill_buffer() {
  std::array<char, 4096> chunk{};
  const auto got = ::read(output_, chunk.data(), chunk.size());
  if (got > 0)
    buffer_.append(chunk.data(), static_cast<std::size_t>(got));
  return got > 0;
}

std::string child::read_line() {
  for (;;) {
    if (auto line = take_line())
      return *line;
    if (!fill_buffer())
      return {};
  }
}

std::optional<std::string>
child::read_line(std::chrono::steady_clock::time_point until) {
  for (;;) {
    if (auto line = take_line())
      return line;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(
      until - std::chrono::steady_clock::now());
    pollfd wait{output_, POLLIN, 0};
    if (left.count() <= 0
        || ::poll(&wait, 1, static_cast<int>(left.count())) <= 0)
      return std::nullopt;
    if (!fill_buffer())
      return std::string{};
  }
}

void child::stop() {
  if (pid_ <= 0)
    return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

std::string child::kill() {
  stop();
  while (!read_line().empty()) {
  }
  return last_;
}

} // namespace fc::events::log
