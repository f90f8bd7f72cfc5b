#include "tools/shell/program.hpp"

#include "events/common/address.hpp"
#include "events/common/shown.hpp"

#include <algorithm>
#include <csignal>
#include <exception>
#include <fcntl.h>
#include <iostream>
#include <poll.h>
#include <unistd.h>

namespace fc::shell {

namespace {

/// A log's file in the place of standard output would be written over. What is
/// opened here cannot be written, so that the loss is seen.
void open_standard_files() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd)
    if (::fcntl(fd, F_GETFD) < 0)
      (void)::open("/dev/null", O_RDONLY); // The lowest number that is free.
}

bool reader_is_gone() {
  pollfd out{STDOUT_FILENO, POLLOUT, 0};
  return ::poll(&out, 1, 0) == 1 && (out.revents & POLLERR) != 0;
}

int end(const std::string& program, int code) {
  if (!output_is_lost())
    return code;
  if (reader_is_gone()) {
    std::signal(SIGPIPE, SIG_DFL);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    ::sigprocmask(SIG_UNBLOCK, &set, nullptr);
    (void)::raise(SIGPIPE);
  }
  complain(program, "storage_failure: standard output could not be written; is "
                    "the disk full?");
  return code == 0 ? 1 : code;
}

} // namespace

void complain(const std::string& program, std::string text) {
  std::ranges::replace(text, '\n', ' ');
  std::cerr << program << ": "
            << events::common::shown(events::common::without_credentials(text))
            << std::endl;
}

std::string words_of(const events::error& x) {
  const auto text = events::describe(x);
  return events::common::without_credentials(
    std::string_view{text}.substr(text.find(' ') + 1));
}

bool output_is_lost() {
  std::cout.flush();
  return !std::cout;
}

int run(const std::string& program, const std::function<int()>& body) {
  open_standard_files();
  const events::common::visible_output out{std::cout};
  const events::common::visible_output diagnostics{std::cerr};
  int code = 1;
  try {
    code = body();
  } catch (const std::exception& err) {
    complain(program, std::string{"internal: "} + err.what());
  } catch (...) {
    complain(program, "internal: an exception of unknown type was thrown");
  }
  return end(program, code);
}

} // namespace fc::shell
