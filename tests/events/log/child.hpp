#pragma once

#include <sys/types.h>

#include <string>

namespace fc::events::log {

/// The program `append_loop` at work on a log. Started by posix_spawn: a
/// process that has opened RocksDB must never fork.
class append_loop {
public:
  explicit append_loop(const std::string& path);
  append_loop(const append_loop&) = delete;
  append_loop& operator=(const append_loop&) = delete;
  ~append_loop();

  /// The next line it prints; empty when it has ended.
  std::string read_line();
  /// kill -9, and waits for the end. @returns the last whole line it printed,
  /// or the last one read before.
  std::string kill();

private:
  pid_t pid_ = -1;
  int output_ = -1;
  std::string buffer_;
  std::string last_;
};

} // namespace fc::events::log
