#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>

namespace fc::actors::services {

/// Everything a child started, as far as /proc tells: its descendants, its
/// session, and what was once seen of them and has moved away since.
class process_tree {
public:
  explicit process_tree(pid_t root) : root_(root) {}

  /// Looks again: new members are remembered, ended ones forgotten.
  void refresh();

  /// How many live members there are, the root included.
  std::size_t count() const noexcept {
    return members_.size();
  }

  /// Resident memory of all members together.
  std::uint64_t memory_kb() const;

  void send(int signal) const;

  /// Kills until nothing is left, also what forks meanwhile. The root's own
  /// zombie stays for whoever reaps it.
  void kill_all();

private:
  struct entry {
    pid_t parent = 0;
    pid_t session = 0;
    std::uint64_t started = 0; ///< With the id, names a process for ever.
    char state = 0;
  };

  static bool read(pid_t pid, entry& into);

  pid_t root_;
  std::map<pid_t, std::uint64_t> members_;
};

} // namespace fc::actors::services
