#pragma once

#include "actors/services/process/fd.hpp"
#include "actors/services/process/process.hpp"

#include <sys/types.h>

#include <chrono>
#include <string>

namespace fc::actors::services {

using steady_clock = std::chrono::steady_clock;

/// A started child that leads its own session, with our ends of its pipes.
/// All descriptors are close-on-exec; ours do not block.
struct child {
  pid_t pid = -1;
  unique_fd pid_fd; ///< Readable once the child ended; may be none.
  unique_fd in;
  unique_fd out;
  unique_fd err;
  steady_clock::time_point started;
  /// Our own peak when it started: a child's figure begins there.
  std::uint64_t peak_memory_before_kb = 0;
};

/// Starts the program behind `setpriv` (dies with us) and `prlimit` (no core
/// files, limits). The kernel ties "with us" to the thread that calls: start
/// long-lived children from long-lived threads only.
/// @returns `ec::invalid_argument` for a spec that cannot be meant,
/// `ec::unavailable` when the program cannot be started.
expected<child> spawn(const process_spec& spec);

/// What the kernel says about a child that ended: fills exit code, signal,
/// processor seconds and peak memory. Reaps it.
void reap(const child& c, process_result& result);

/// Whether it ended; it is left to be reaped, so its id stays taken.
bool has_ended(const child& c) noexcept;

/// Writes as much as fits. SIGPIPE is held back from this thread.
/// @returns the count, or -1 with `errno`.
ssize_t write_quietly(int fd, std::string_view data) noexcept;

/// The program's path: `name` itself when it has a slash, else looked up.
/// Empty when there is no such program.
std::string find_program(std::string_view name, std::string_view path);

/// Where programs are looked up when the environment of a spec has no PATH.
inline constexpr std::string_view default_path
  = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

} // namespace fc::actors::services
