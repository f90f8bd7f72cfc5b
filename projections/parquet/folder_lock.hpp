#pragma once

#include "events/error.hpp"

#include <string>

namespace fc::projections::parquet {

/// Holds a folder while it lives, against other processes that do the same.
class folder_lock {
public:
  /// @returns `ec::already_in_use` when somebody holds it.
  static events::expected<folder_lock> take(const std::string& folder);
  ~folder_lock();
  folder_lock(folder_lock&& other) noexcept;
  folder_lock& operator=(folder_lock&& other) noexcept;

private:
  explicit folder_lock(int fd) : fd_{fd} {
    // nop
  }
  int fd_ = -1;
};

} // namespace fc::projections::parquet
