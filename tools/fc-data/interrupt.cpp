#include "tools/fc-data/interrupt.hpp"

#include "tools/fc-data/options.hpp"

#include <chrono>
#include <csignal>
#include <ctime>
#include <unistd.h>

namespace fc::tools {

namespace {

/// How long everything has to end after the first signal. Whoever asks a
/// program to end counts to ten, or less.
constexpr std::chrono::milliseconds patience{3500};

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

void interrupt::exit_now(std::string_view why) {
  // Children die with this process; what is recorded is whole at any moment.
  [[maybe_unused]] const auto count
    = ::write(STDERR_FILENO, why.data(), why.size());
  ::_exit(static_cast<int>(exit_code::interrupted));
}

void interrupt::watch() {
  using clock = std::chrono::steady_clock;
  const auto set = watched();
  const timespec slice{0, 200'000'000};
  clock::time_point last{};
  while (!over_) {
    if (*flag_ && clock::now() >= last)
      exit_now("fc-data: interrupted; something did not stop in time and was "
               "left, start the same command again to go on\n");
    if (sigtimedwait(&set, nullptr, &slice) < 0)
      continue;
    if (flag_->exchange(true))
      exit_now({});
    last = clock::now() + patience;
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
