#pragma once

#include "actors/services/process/process.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace fc::actors::services {

/// A folder made visible inside, at a fixed place.
struct mount {
  std::filesystem::path outside;
  std::string inside; ///< Absolute, e.g. "/fc/src".
  bool writable = false;
};

/// How to run a command that must not reach anything it need not.
struct sandbox_spec {
  process_spec process; ///< argv and directory are seen from inside.
  std::vector<mount> mounts;
  bool network = false;
};

/// Runs commands apart from this machine: system folders read-only, nothing of
/// the user's files, own process space, no network, limits, killed as a group.
/// Where the kernel allows none of it, commands run with limits only, paths
/// inside are then mapped by `path_inside`, and `isolation()` says so.
class sandbox {
public:
  /// Finds out once what this machine allows. `interpreter` is the Python whose
  /// installation must be readable inside.
  static expected<std::unique_ptr<sandbox>>
  open(const std::filesystem::path& interpreter);

  virtual ~sandbox() = default;

  /// "bubblewrap" or "none".
  virtual std::string_view isolation() const noexcept = 0;
  /// Whether the network is really out of reach for `network == false`.
  virtual bool network_off() const noexcept = 0;

  /// Where a mounted path is seen by the command: the same as `mount::inside`
  /// with isolation, otherwise the outside path.
  virtual std::string path_inside(const std::vector<mount>& mounts,
                                  std::string_view inside) const = 0;

  virtual expected<process_result>
  run(const sandbox_spec& spec, const stop_flag& stop) = 0;
};

/// Limits only, and no network where `unshare` can cut it off: what `open`
/// falls back to. For tests.
std::unique_ptr<sandbox> open_without_isolation();

} // namespace fc::actors::services
