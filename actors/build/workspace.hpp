#pragma once

#include "events/error.hpp"
#include "events/ids.hpp"

#include <array>
#include <filesystem>
#include <string>
#include <string_view>

namespace fc::actors {

/// Names of equal length, so that no path differs in length between sides.
inline constexpr std::string_view base_side = "base";
inline constexpr std::string_view head_side = "head";
inline constexpr std::string_view twin_side = "twin"; ///< Base, built again.
inline constexpr std::array all_sides{base_side, head_side, twin_side};

/// Where the sandbox of a pull request lies on disk. It is a cache: the log
/// says how to make it again.
class workspace {
public:
  workspace(const std::filesystem::path& root,
            const events::pull_request_id& id);

  const std::filesystem::path& root() const noexcept {
    return root_;
  }
  /// Source tree of a side as exported from git.
  std::filesystem::path source(std::string_view side) const;
  /// Virtual environment of a side with the package installed.
  std::filesystem::path environment(std::string_view side) const;
  /// What `setup_cache` of a side left.
  std::filesystem::path cache(std::string_view side) const;
  /// The merge commit's tree that sides get copies of; never written by them.
  std::filesystem::path tree() const;
  /// The working tree of a side in a trial; code in the sandbox writes there.
  std::filesystem::path tree(std::string_view side) const;
  /// The home folder of a side in a trial; code in the sandbox writes there.
  std::filesystem::path home(std::string_view side) const;
  std::filesystem::path scratch() const;

  /// Marks the sandbox as whole; durable before it returns.
  bool seal(const events::digest& environment) const;
  /// The environment it was sealed for, none while incomplete.
  events::digest sealed() const;
  /// Gives each side a fresh working tree, an empty home and no caches.
  events::error begin_trial() const;
  /// Removes everything, whatever sandboxed code left there.
  events::error clear() const;

private:
  std::filesystem::path root_;
};

} // namespace fc::actors
