#pragma once

#include "events/error.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace fc::actors::services {

using events::expected;

/// Set from another thread to end what is running; shared by all that belongs
/// to one piece of work.
using stop_flag = std::shared_ptr<std::atomic<bool>>;

/// What to run and how far it may go. Limits hold for the whole process group.
struct process_spec {
  std::vector<std::string> argv; ///< argv[0] is looked up on PATH.
  /// The whole environment: nothing is inherited.
  std::map<std::string, std::string> env;
  std::string directory; ///< Empty: the caller's.
  std::string input;     ///< Written to standard input, then closed.
  double timeout_s = 60;
  std::uint64_t memory_mb = 0;    ///< 0: no limit. A process' data segment.
  std::uint32_t processes = 0;    ///< 0: no limit.
  std::uint64_t file_size_mb = 0; ///< 0: no limit. Of one written file.
  /// Folder of a file system of which the group may take `disk_mb` at most, and
  /// never the last quarter of what was free: the log lies there too. Whatever
  /// others take meanwhile counts as well. Empty: no limit.
  std::string disk;
  std::uint64_t disk_mb = 20'480;
  int cpu = -1; ///< Pin to this processor.
  /// Keep this many bytes of each stream, head and tail, a mark between.
  std::uint64_t max_output = 1 << 20;
  /// Of a long-lived process: bytes of one answer, more is an error that says
  /// so (0: no limit), and what ends the waiting for one.
  std::uint64_t max_answer = 0;
  stop_flag stop;
};

/// How a process ended and what it took. A failed run is a result as well.
struct process_result {
  int exit_code = 0; ///< -1 when a signal ended it.
  int signal = 0;
  bool timed_out = false;
  bool stopped = false; ///< By the stop flag.
  std::string limit;    ///< "memory", "processes" or "disk" when one was hit.
  std::string out;
  std::string err;
  double wall_seconds = 0;
  double cpu_seconds = 0; ///< Of all waited-for descendants.
  std::uint64_t peak_memory_kb = 0;

  bool ok() const noexcept {
    return exit_code == 0 && !timed_out && !stopped;
  }
};

/// Runs to the end, or kills the whole group at a limit. Uses posix_spawn: a
/// fork would lose RocksDB's threads. The child also dies with this process.
/// @returns `ec::unavailable` when it cannot be started.
expected<process_result> run(const process_spec& spec, const stop_flag& stop);

/// A long-lived process that answers requests over its standard streams.
class pipe_process {
public:
  static expected<std::unique_ptr<pipe_process>>
  start(const process_spec& spec);

  virtual ~pipe_process() = default;

  /// Writes all of it; `ec::unavailable` when the process is gone. Never
  /// blocks for ever on a child that is itself blocked on its output: what it
  /// prints meanwhile is buffered.
  virtual events::error write(std::string_view data) = 0;
  /// No more requests will come.
  virtual void close_input() = 0;
  /// Up to and without the delimiter; nullopt at the end of the output.
  /// `ec::refused` where the answer is longer than allowed, `ec::cancelled`
  /// when stopped.
  virtual expected<std::optional<std::string>> read_until(char delimiter) = 0;
  /// Exactly so many bytes, or an error that says how many there were.
  virtual expected<std::string> read_exactly(std::size_t count) = 0;
  /// Ends the process if it still runs. Exit code, and what it printed to
  /// standard error (the last 64 KiB).
  virtual process_result finish() = 0;
};

} // namespace fc::actors::services
