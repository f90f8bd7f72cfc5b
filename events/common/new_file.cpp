#include "events/common/new_file.hpp"

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

namespace fc::events::common {

namespace {

/// "cannot write /x/y: No space left on device".
error failed(const std::string& what, const std::string& path) {
  return make_error(ec::storage_failure,
                    "cannot " + what + " " + path + ": "
                      + std::generic_category().message(errno));
}

} // namespace

error sync_folder(const std::string& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return failed("open", folder);
  error result;
  if (::fsync(fd) != 0)
    result = failed("sync", folder);
  ::close(fd);
  return result;
}

expected<new_file> new_file::create(const std::string& path) {
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

error new_file::write(byte_view data) {
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
  const auto folder = std::filesystem::path{path_}.parent_path().string();
  return sync_folder(folder.empty() ? "." : folder);
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
  if (auto err = file->write(as_bytes(text)))
    return err;
  return file->commit();
}

expected<std::string> read_text(const std::string& path) {
  std::error_code code;
  if (!std::filesystem::exists(path, code) && !code)
    return make_error(ec::not_found, "no such file: " + path);
  std::ifstream in{path, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{in}, {}};
  if (code || !in)
    return failed("read", path);
  return text;
}

} // namespace fc::events::common
