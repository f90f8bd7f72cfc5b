#include "actors/services/process/capture.hpp"
#include "actors/services/process/process_tree.hpp"
#include "actors/services/process/spawn.hpp"

#include <sys/statvfs.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <poll.h>
#include <signal.h>
#include <vector>

namespace fc::actors::services {

namespace {

using namespace std::chrono_literals;
using milliseconds = std::chrono::milliseconds;

/// How long a group may take to end by itself after SIGTERM.
constexpr auto grace = 500ms;
/// How long the pipes are read on after everything was killed.
constexpr auto last_words = 200ms;
/// The longest time between two looks at the stop flag.
constexpr auto flag_interval = 50ms;
constexpr auto watch_interval = 200ms;

/// Reads what is there. Closes the descriptor at the end of the stream.
void drain(unique_fd& fd, capture& into, std::vector<char>& buffer) {
  // Bounded, so that a flood on one stream starves nothing else.
  for (int round = 0; round < 16 && fd; ++round) {
    auto count = ::read(fd.value(), buffer.data(), buffer.size());
    if (count > 0) {
      into.add({buffer.data(), static_cast<std::size_t>(count)});
      if (static_cast<std::size_t>(count) < buffer.size())
        return;
    } else if (count == 0 || (errno != EAGAIN && errno != EINTR)) {
      fd.reset();
    } else {
      return;
    }
  }
}

/// What is left of a file system, and what a group may make of it.
class disk_watch {
public:
  explicit disk_watch(const process_spec& spec) : folder_(spec.disk) {
    const auto now = left();
    floor_ = {std::max(now.bytes / 4,
                       now.bytes - std::min(now.bytes, spec.disk_mb << 20)),
              now.files / 4};
  }

  bool exceeded() const {
    const auto now = left();
    return now.bytes < floor_.bytes || now.files < floor_.files;
  }

private:
  struct room {
    std::uint64_t bytes = 0, files = 0;
  };

  /// Nothing where nothing is watched, or it cannot be told.
  room left() const {
    struct statvfs info {};
    if (folder_.empty() || ::statvfs(folder_.c_str(), &info) != 0)
      return floor_;
    return {info.f_bavail * info.f_frsize, info.f_favail};
  }

  std::string folder_;
  room floor_;
};

/// One run from start to end: streams, limits and the end of it all.
class supervision {
public:
  supervision(const process_spec& spec, const stop_flag& stop, child started)
    : spec_(spec), stop_(stop), disk_(spec), child_(std::move(started)),
      tree_(child_.pid), out_(spec.max_output), err_(spec.max_output),
      buffer_(64 * 1024), next_watch_(child_.started + interval_) {}

  process_result to_the_end() {
    if (spec_.input.empty())
      child_.in.reset();
    while (!has_ended(child_)) {
      serve(flag_interval);
      decide();
    }
    // The root is a zombie now: its id and session are still ours to kill.
    tree_.kill_all();
    child_.in.reset();
    auto until = steady_clock::now() + last_words;
    next_watch_ = until;
    while ((child_.out || child_.err) && steady_clock::now() < until)
      serve(10ms);
    finish();
    return std::move(result_);
  }

private:
  /// Moves bytes for at most so long; returns early when the child ends.
  void serve(milliseconds longest) {
    std::array<pollfd, 4> fds{pollfd{child_.out.value(), POLLIN, 0},
                              pollfd{child_.err.value(), POLLIN, 0},
                              pollfd{child_.in.value(), POLLOUT, 0},
                              pollfd{child_.pid_fd.value(), POLLIN, 0}};
    // Without a descriptor of the process its end is found by asking often;
    // once it ended the descriptor would only spin.
    if (!child_.pid_fd || reaping_)
      longest = std::min<milliseconds>(longest, 5ms);
    if (reaping_)
      fds[3].fd = -1;
    if (::poll(fds.data(), fds.size(), static_cast<int>(wait_time(longest)))
        <= 0)
      return;
    if (fds[0].revents != 0)
      drain(child_.out, out_, buffer_);
    if (fds[1].revents != 0)
      drain(child_.err, err_, buffer_);
    if (fds[2].revents != 0)
      feed();
    reaping_ = reaping_ || fds[3].revents != 0;
  }

  long wait_time(milliseconds longest) const {
    auto now = steady_clock::now();
    auto left = std::chrono::ceil<milliseconds>(next_watch_ - now);
    return std::clamp<long>(left.count(), 0, longest.count());
  }

  void feed() {
    auto rest = std::string_view{spec_.input}.substr(fed_);
    auto count = write_quietly(child_.in.value(), rest);
    if (count > 0)
      fed_ += static_cast<std::size_t>(count);
    // A child that does not read all of its input is its own affair.
    else if (errno != EAGAIN && errno != EINTR)
      fed_ = spec_.input.size();
    if (fed_ == spec_.input.size())
      child_.in.reset();
  }

  void decide() {
    auto now = steady_clock::now();
    if (ending_ && now >= kill_at_) {
      tree_.kill_all();
      next_watch_ = now + flag_interval;
    }
    if (ending_)
      return;
    if (now >= next_watch_)
      watch(now);
    if (stop_ && stop_->load()) {
      result_.stopped = true;
      end(now, grace);
    } else if (std::chrono::duration<double>(now - child_.started).count()
               >= spec_.timeout_s) {
      result_.timed_out = true;
      end(now, grace);
    } else if (!result_.limit.empty()) {
      end(now, 0ms);
    }
  }

  void watch(steady_clock::time_point now) {
    tree_.refresh();
    auto memory = tree_.memory_kb();
    result_.peak_memory_kb = std::max(result_.peak_memory_kb, memory);
    if (spec_.memory_mb > 0 && memory / 1024 >= spec_.memory_mb)
      result_.limit = "memory";
    else if (spec_.processes > 0 && tree_.count() > spec_.processes)
      result_.limit = "processes";
    else if (disk_.exceeded())
      result_.limit = "disk";
    // Often at first, so that short runs are seen, and while a group grows.
    auto growing = spec_.processes > 0 && tree_.count() > 16
                   && tree_.count() > spec_.processes / 4;
    interval_ = growing ? 20ms : std::min(interval_ * 2, watch_interval);
    next_watch_ = now + interval_;
  }

  void end(steady_clock::time_point now, milliseconds wait) {
    ending_ = true;
    kill_at_ = now + wait;
    next_watch_ = kill_at_;
    tree_.refresh();
    if (wait > 0ms)
      tree_.send(SIGTERM);
    else
      tree_.kill_all();
  }

  void finish() {
    reap(child_, result_);
    result_.wall_seconds
      = std::chrono::duration<double>(steady_clock::now() - child_.started)
          .count();
    result_.out = out_.text();
    result_.err = err_.text();
  }

  const process_spec& spec_;
  const stop_flag& stop_;
  disk_watch disk_;
  child child_;
  process_tree tree_;
  capture out_;
  capture err_;
  std::vector<char> buffer_;
  process_result result_;
  std::size_t fed_ = 0;
  bool ending_ = false;
  bool reaping_ = false;
  steady_clock::time_point kill_at_;
  milliseconds interval_{5};
  steady_clock::time_point next_watch_;
};

} // namespace

expected<process_result> run(const process_spec& spec, const stop_flag& stop) {
  auto started = spawn(spec);
  if (!started)
    return started.error();
  return supervision{spec, stop, std::move(*started)}.to_the_end();
}

} // namespace fc::actors::services
