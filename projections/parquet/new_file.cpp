#include "projections/parquet/new_file.hpp"

#include <sys/file.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace fc::projections::parquet {

namespace {

using events::ec;
using events::error;
using events::make_error;

/// "cannot write /x/y: No space left on device".
error failed(const std::string& what, const std::string& path) {
  return make_error(ec::storage_failure,
                    "cannot " + what + " " + path + ": "
                      + std::generic_category().message(errno));
}

error sync_folder_of(const std::string& path) {
  auto folder = std::filesystem::path{path}.parent_path().string();
  if (folder.empty())
    folder = ".";
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return failed("open", folder);
  error result;
  if (::fsync(fd) != 0)
    result = failed("sync", folder);
  ::close(fd);
  return result;
}

} // namespace

events::expected<new_file> new_file::create(const std::string& path) {
  static std::atomic<unsigned> count{0};
  new_file x;
  x.path_ = path;
  x.part_ = path + std::string{part_mark} + std::to_string(::getpid()) + "-"
            + std::to_string(++count);
  x.fd_
    = ::open(x.part_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (x.fd_ < 0)
    return failed("create", x.part_);
  return x;
}

new_file::~new_file() {
  discard();
}

new_file::new_file(new_file&& other) noexcept {
  *this = std::move(other);
}

new_file& new_file::operator=(new_file&& other) noexcept {
  if (this != &other) {
    discard();
    path_ = std::move(other.path_);
    part_ = std::move(other.part_);
    fd_ = std::exchange(other.fd_, -1);
    size_ = other.size_;
  }
  return *this;
}

error new_file::write(events::byte_view data) {
  while (!data.empty()) {
    const auto n = ::write(fd_, data.data(), data.size());
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return failed("write", path_);
    size_ += static_cast<std::uint64_t>(n);
    data = data.subspan(static_cast<std::size_t>(n));
  }
  return {};
}

error new_file::commit() {
  if (::fsync(fd_) != 0)
    return failed("sync", path_);
  // Network file systems report late write errors here.
  if (::close(std::exchange(fd_, -1)) != 0) {
    auto err = failed("close", path_);
    ::unlink(part_.c_str());
    return err;
  }
  if (::rename(part_.c_str(), path_.c_str()) != 0) {
    auto err = failed("rename a finished file to", path_);
    ::unlink(part_.c_str());
    return err;
  }
  return sync_folder_of(path_);
}

void new_file::discard() noexcept {
  if (fd_ < 0)
    return;
  ::close(std::exchange(fd_, -1));
  ::unlink(part_.c_str());
}

error write_text(const std::string& path, std::string_view text) {
  auto file = new_file::create(path);
  if (!file)
    return file.error();
  if (auto err = file->write(events::as_bytes(text)))
    return err;
  return file->commit();
}

events::expected<std::string> read_text(const std::string& path) {
  std::error_code code;
  if (!std::filesystem::exists(path, code) && !code)
    return make_error(ec::not_found, "no such file: " + path);
  std::ifstream in{path, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  if (code || !in)
    return failed("read", path);
  return text;
}

events::expected<folder_lock> folder_lock::take(const std::string& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return failed("open", folder);
  folder_lock lock{fd};
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0)
    return lock;
  if (errno == EWOULDBLOCK)
    return make_error(ec::already_in_use,
                      "another process writes the dataset in " + folder
                        + "; wait until it is done");
  return failed("lock", folder);
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
