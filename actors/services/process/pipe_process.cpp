#include "actors/services/process/process_tree.hpp"
#include "actors/services/process/spawn.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <poll.h>
#include <signal.h>

namespace fc::actors::services {

using events::ec;
using events::make_error;

namespace {

/// Of standard error only the end is kept.
constexpr std::size_t kept_errors = 64 * 1024;

class posix_pipe_process final : public pipe_process {
public:
  posix_pipe_process(const process_spec& spec, child started)
    : name_(spec.argv.front()), max_wait_s_(spec.timeout_s),
      max_answer_(spec.max_answer), stop_(spec.stop),
      child_(std::move(started)) {}

  ~posix_pipe_process() override {
    finish();
  }

  events::error write(std::string_view data) override {
    extend();
    while (!data.empty()) {
      if (!child_.in)
        return gone("its input is closed");
      auto count = write_quietly(child_.in.value(), data);
      if (count > 0) {
        data.remove_prefix(static_cast<std::size_t>(count));
        extend();
        continue;
      }
      if (errno == EPIPE) {
        child_.in.reset();
        return gone("it takes no more input");
      }
      if (errno != EAGAIN && errno != EINTR)
        return gone(std::strerror(errno));
      if (auto err = move_bytes(true))
        return err;
    }
    return {};
  }

  void close_input() override {
    child_.in.reset();
  }

  expected<std::optional<std::string>> read_until(char delimiter) override {
    extend();
    for (std::size_t seen = start_;;) {
      auto found = buffer_.find(delimiter, seen);
      if (found != std::string::npos) {
        auto result = buffer_.substr(start_, found - start_);
        consume(found + 1 - start_);
        return std::optional{std::move(result)};
      }
      seen = buffer_.size();
      if (!child_.out) {
        if (available() == 0)
          return std::optional<std::string>{};
        return gone("it ended in the middle of an answer, after "
                    + std::to_string(available()) + " bytes");
      }
      if (too_long(available()))
        return answer_too_long();
      if (auto err = move_bytes(false))
        return err;
    }
  }

  expected<std::string> read_exactly(std::size_t count) override {
    extend();
    if (too_long(count))
      return answer_too_long();
    while (available() < count) {
      if (!child_.out)
        return gone("it ended after " + std::to_string(available()) + " of "
                    + std::to_string(count) + " bytes");
      if (auto err = move_bytes(false))
        return err;
    }
    auto result = buffer_.substr(start_, count);
    consume(count);
    return result;
  }

  process_result finish() override {
    if (finished_)
      return result_;
    finished_ = true;
    child_.in.reset();
    give_time_to_end();
    process_tree{child_.pid}.kill_all();
    while (child_.err && receive(child_.err, errors_) > 0)
      trim_errors();
    child_.out.reset();
    child_.err.reset();
    reap(child_, result_);
    result_.err = std::move(errors_);
    result_.wall_seconds
      = std::chrono::duration<double>(steady_clock::now() - child_.started)
          .count();
    return result_;
  }

private:
  std::size_t available() const noexcept {
    return buffer_.size() - start_;
  }

  bool too_long(std::uint64_t bytes) const noexcept {
    return max_answer_ > 0 && bytes > max_answer_;
  }

  events::error answer_too_long() const {
    return make_error(ec::refused, name_ + ": an answer of more than "
                                     + std::to_string(max_answer_)
                                     + " bytes is not read");
  }

  /// Moves the front; the bytes are given back in large steps only.
  void consume(std::size_t count) {
    start_ += count;
    if (start_ == buffer_.size() || start_ > (1u << 20)) {
      buffer_.erase(0, start_);
      start_ = 0;
    }
  }

  /// A request, or any byte that moved, gives the child its time anew.
  void extend() {
    last_progress_ = steady_clock::now();
  }

  events::error gone(std::string why) {
    drain_errors();
    auto text = name_ + ": " + std::move(why);
    auto end = errors_.find_last_not_of("\r\n ");
    if (end != std::string::npos) {
      auto line = errors_.rfind('\n', end);
      text += "; it said: "
              + errors_.substr(line == std::string::npos ? 0 : line + 1,
                               end - (line == std::string::npos ? 0 : line + 1)
                                 + 1);
    }
    return make_error(ec::unavailable, std::move(text));
  }

  /// Appends what is there. Closes at the end of the stream.
  /// @returns how much came; 0 when nothing is there now.
  std::size_t receive(unique_fd& fd, std::string& into) {
    std::array<char, 64 * 1024> block;
    auto count = ::read(fd.value(), block.data(), block.size());
    if (count > 0) {
      into.append(block.data(), static_cast<std::size_t>(count));
      return static_cast<std::size_t>(count);
    }
    if (count == 0 || (errno != EAGAIN && errno != EINTR))
      fd.reset();
    return 0;
  }

  void trim_errors() {
    if (errors_.size() > kept_errors)
      errors_.erase(0, errors_.size() - kept_errors);
  }

  /// Its last words, which may come a moment after its output ended.
  void drain_errors() {
    for (int round = 0; round < 5 && child_.err; ++round) {
      pollfd fd{child_.err.value(), POLLIN, 0};
      if (::poll(&fd, 1, 20) > 0)
        receive(child_.err, errors_);
      trim_errors();
    }
  }

  /// Waits until a byte can move in any direction, and takes what comes.
  events::error move_bytes(bool writing) {
    std::array<pollfd, 3> fds{
      pollfd{child_.out.value(), POLLIN, 0},
      pollfd{child_.err.value(), POLLIN, 0},
      pollfd{writing ? child_.in.value() : -1, POLLOUT, 0}};
    auto waited
      = std::chrono::duration<double>(steady_clock::now() - last_progress_)
          .count();
    if (stop_ && stop_->load())
      return make_error(ec::cancelled, name_ + ": stopped");
    // Somebody's wish to stop is noticed within moments.
    auto left = std::clamp((max_wait_s_ - waited) * 1000, 0.0,
                           stop_ ? 200.0 : 60'000.0);
    auto ready
      = ::poll(fds.data(), fds.size(), static_cast<int>(std::ceil(left)));
    if (ready < 0 && errno != EINTR)
      return make_error(ec::internal,
                        name_ + ": poll: " + std::strerror(errno));
    if (ready <= 0) {
      if (waited < max_wait_s_)
        return {};
      return make_error(ec::timeout, name_ + ": no answer within "
                                       + std::to_string(max_wait_s_) + " s");
    }
    extend();
    if (fds[0].revents != 0)
      receive(child_.out, buffer_);
    if (fds[1].revents != 0)
      receive(child_.err, errors_);
    trim_errors();
    return {};
  }

  /// Its input is closed: a program that serves requests now ends by itself,
  /// provided that somebody takes what it still prints.
  void give_time_to_end() {
    auto until = steady_clock::now() + std::chrono::milliseconds(500);
    auto terminated = false;
    std::string ignored;
    while (!has_ended(child_)) {
      auto now = steady_clock::now();
      if (now >= until) {
        if (terminated)
          return;
        terminated = true;
        ::kill(-child_.pid, SIGTERM);
        until = now + std::chrono::milliseconds(500);
      }
      std::array<pollfd, 3> fds{pollfd{child_.out.value(), POLLIN, 0},
                                pollfd{child_.err.value(), POLLIN, 0},
                                pollfd{child_.pid_fd.value(), POLLIN, 0}};
      ::poll(fds.data(), fds.size(), child_.pid_fd ? 50 : 5);
      if (fds[0].revents != 0 && child_.out)
        receive(child_.out, ignored);
      ignored.clear();
      if (fds[1].revents != 0 && child_.err)
        receive(child_.err, errors_);
      trim_errors();
    }
  }

  std::string name_;
  double max_wait_s_;
  std::uint64_t max_answer_;
  stop_flag stop_;
  child child_;
  std::string buffer_; ///< Read but not asked for yet, from `start_` on.
  std::size_t start_ = 0;
  std::string errors_;
  steady_clock::time_point last_progress_;
  bool finished_ = false;
  process_result result_;
};

} // namespace

expected<std::unique_ptr<pipe_process>>
pipe_process::start(const process_spec& spec) {
  if (!spec.input.empty())
    return make_error(ec::invalid_argument,
                      "input of " + (spec.argv.empty() ? "" : spec.argv.front())
                        + " is given by write(), not beforehand");
  auto started = spawn(spec);
  if (!started)
    return started.error();
  return std::unique_ptr<pipe_process>{
    std::make_unique<posix_pipe_process>(spec, std::move(*started))};
}

} // namespace fc::actors::services
