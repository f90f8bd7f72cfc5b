#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace fc::events::log {

/// A program of ours at work, from beside the test program. Started by
/// posix_spawn: a process that has opened RocksDB must never fork.
class child {
public:
  child(std::string program, std::vector<std::string> arguments);
  child(const child&) = delete;
  child& operator=(const child&) = delete;
  ~child();

  /// The next line it prints; empty when it has ended.
  std::string read_line();
  /// The same, none when there is none by then.
  std::optional<std::string>
  read_line(std::chrono::steady_clock::time_point until);

  /// kill -9, and waits for the end. What it printed can still be read.
  void stop();
  /// The same. @returns the last whole line it printed, or the last one read
  /// before.
  std::string kill();

private:
  std::optional<std::string> take_line();
  bool fill_buffer();

  pid_t pid_ = -1;
  int output_ = -1;
  std::string buffer_;
  std::string last_;
};

/// The program `append_loop` at work on a log.
class append_loop : public child {
public:
  explicit append_loop(const std::string& path)
    : child("append_loop", {path}) {}
};

} // namespace fc::events::log
