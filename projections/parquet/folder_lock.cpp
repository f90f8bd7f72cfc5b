#include "projections/parquet/folder_lock.hpp"

#include <sys/file.h>

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace fc::projections::parquet {

using events::ec;
using events::make_error;

events::expected<folder_lock> folder_lock::take(const std::string& folder) {
  const auto failed = [&](const std::string& what) {
    return make_error(ec::storage_failure,
                      "cannot " + what + " " + folder + ": "
                        + std::generic_category().message(errno));
  };
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return failed("open");
  folder_lock lock{fd};
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0)
    return lock;
  if (errno == EWOULDBLOCK)
    return make_error(ec::already_in_use,
                      "another process writes the dataset in " + folder
                        + "; wait until it is done");
  return failed("lock");
}

folder_lock::~folder_lock() {
  if (fd_ >= 0)
    ::close(fd_);
}

folder_lock::folder_lock(folder_lock&& other) noexcept
  : fd_{std::exchange(other.fd_, -1)} {
  // nop
}

folder_lock& folder_lock::operator=(folder_lock&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

} // namespace fc::projections::parquet
