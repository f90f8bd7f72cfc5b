#include "tools/fc-data/interrupt.hpp"

#include "tools/fc-data/options.hpp"

#include <csignal>
#include <ctime>
#include <unistd.h>

namespace fc::tools {

namespace {

sigset_t watched() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

} // namespace

interrupt::interrupt() : flag_(std::make_shared<std::atomic<bool>>(false)) {
  const auto set = watched();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  watcher_ = std::thread{[this] {
    watch();
  }};
}

interrupt::~interrupt() {
  over_ = true;
  watcher_.join();
}

void interrupt::watch() {
  const auto set = watched();
  const timespec slice{0, 200'000'000};
  while (!over_) {
    if (sigtimedwait(&set, nullptr, &slice) < 0)
      continue;
    if (flag_->exchange(true))
      ::_exit(static_cast<int>(exit_code::interrupted));
    const std::scoped_lock lock{mutex_};
    if (what_)
      what_();
  }
}

void interrupt::on_interrupt(std::function<void()> what) {
  const std::scoped_lock lock{mutex_};
  what_ = std::move(what);
  if (what_ && *flag_)
    what_();
}

} // namespace fc::tools
