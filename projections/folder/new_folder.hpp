#pragma once

#include "events/error.hpp"

#include <filesystem>
#include <string>
#include <string_view>

namespace fc::projections::folder {

/// How a finished folder takes the place of an old one.
enum class swap_by : std::uint8_t {
  exchange,    ///< One step of the system; two renames where it has none.
  two_renames, ///< For a moment there is no folder of that name.
};

/// The folder behind links, where its parent exists.
/// @returns `ec::invalid_argument`, `ec::not_found`.
events::expected<std::filesystem::path> target_of(const std::string& folder);

/// Whether a folder may be replaced: it is not there, or empty, or has nothing
/// but a set of tables of that kind.
/// @returns `ec::invalid_argument` naming what else is there.
events::error
may_replace(const std::filesystem::path& target, std::string_view kind);

/// Removes what killed programs left beside a folder: with the mark of
/// `new_file`, ours, and held by nobody. What cannot be removed is left.
void remove_leftovers(const std::filesystem::path& target);

/// A folder that is made beside its place and takes it in one step. Dropped
/// without `commit`, it leaves nothing. Held against `remove_leftovers` of
/// others while it lives.
class new_folder {
public:
  static events::expected<new_folder>
  create(std::filesystem::path target, std::string_view kind);
  ~new_folder();
  new_folder(new_folder&& other) noexcept;
  new_folder& operator=(new_folder&&) = delete;

  /// Path of a file in it.
  std::string operator/(std::string_view name) const;

  /// Syncs the folder, puts it in its place, and removes the old one.
  /// @returns `ec::storage_failure`, or as `may_replace`; the old folder is
  /// then as it was.
  events::error commit(swap_by how = swap_by::exchange);

private:
  new_folder() = default;
  events::error exchange(swap_by how);

  std::filesystem::path target_;
  std::filesystem::path path_;
  std::string kind_;
  int lock_ = -1;
};

} // namespace fc::projections::folder
