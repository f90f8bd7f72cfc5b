#include "actors/services/sandbox/sandbox_files.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <memory>

namespace fc::actors::services {

using events::ec;
using events::make_error;

namespace fs = std::filesystem;

namespace {

constexpr std::size_t piece = 256u << 10;

/// Neither waits for the other end of a pipe nor takes over a terminal.
constexpr int look = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;

events::error refused(const fs::path& path, const std::string& why) {
  return make_error(ec::refused, path.string() + " is not read: " + why);
}

/// What `code` means for a name that sandboxed code may have chosen.
events::error failed(const fs::path& path, int code) {
  switch (code) {
  case ENOENT:
    return make_error(ec::not_found, path.string() + " does not exist");
  case ELOOP:
    return refused(path, "a link lies there or on the way");
  case ENOTDIR:
    return refused(path, "a link or a file lies on the way");
  case EACCES:
  case EPERM:
  case ENAMETOOLONG:
  case ENXIO:
    return refused(path, std::strerror(code));
  default:
    return make_error(ec::storage_failure,
                      path.string() + ": " + std::strerror(code));
  }
}

bool is_plain(const fs::path& below) {
  return !below.empty() && !below.is_absolute()
         && below.string().find('\0') == std::string::npos
         && std::ranges::none_of(
           below, [](const fs::path& part) { return part == ".."; });
}

file_kind kind_of_mode(mode_t mode) {
  if (S_ISREG(mode))
    return file_kind::file;
  if (S_ISDIR(mode))
    return file_kind::folder;
  return S_ISLNK(mode) ? file_kind::link : file_kind::other;
}

/// Empty when the file is one that may be read, else why not.
std::string why_not(const struct stat& info, std::uint64_t max) {
  if (!S_ISREG(info.st_mode))
    return S_ISDIR(info.st_mode) ? "a folder lies there" : "no regular file";
  if (info.st_uid != ::geteuid())
    return "it belongs to user " + std::to_string(info.st_uid);
  if (info.st_nlink > 1)
    return "it is a hard link to a file that may lie elsewhere";
  if (static_cast<std::uint64_t>(info.st_size) > max)
    return "it has " + std::to_string(info.st_size) + " bytes, at most "
           + std::to_string(max) + " are";
  return {};
}

events::error cannot_copy(const fs::path& into) {
  return make_error(ec::storage_failure, "cannot copy to " + into.string()
                                           + ": " + std::strerror(errno));
}

/// Hands the file over piece by piece, at most `max` bytes of it: it may grow.
template <class Sink>
events::error pump(const unique_fd& file, const fs::path& path,
                   std::uint64_t max, const stop_flag& stop, Sink sink) {
  std::string buffer(piece, '\0');
  for (std::uint64_t done = 0;;) {
    if (stop && stop->load())
      return make_error(ec::cancelled,
                        "stopped while reading " + path.string());
    const auto count = ::read(file.value(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return failed(path, errno);
    if (count == 0)
      return {};
    done += static_cast<std::uint64_t>(count);
    if (done > max)
      return refused(path, "it grows while it is read");
    if (!sink(std::string_view{buffer.data(), static_cast<std::size_t>(count)}))
      return make_error(ec::storage_failure, "cannot copy " + path.string()
                                               + ": " + std::strerror(errno));
  }
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const auto count = ::write(fd, text.data(), text.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return false;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

/// A folder's stream for `readdir`; takes a descriptor of its own.
std::unique_ptr<DIR, int (*)(DIR*)> stream_of(const unique_fd& folder) {
  const auto again = ::openat(folder.value(), ".", look | O_DIRECTORY);
  auto* stream = again < 0 ? nullptr : ::fdopendir(again);
  if (stream == nullptr && again >= 0)
    ::close(again);
  return {stream, &::closedir};
}

} // namespace

expected<sandbox_files> sandbox_files::open(const fs::path& folder) {
  auto path = folder.has_filename() ? folder : folder.parent_path();
  unique_fd fd{::open(path.c_str(), look | O_DIRECTORY)};
  if (!fd)
    return failed(path, errno);
  return sandbox_files{std::move(path), std::move(fd)};
}

expected<unique_fd> sandbox_files::parent_of(const fs::path& below) const {
  if (!is_plain(below))
    return refused(path_ / below, "the path leads out of its folder");
  return open_folder(below.parent_path());
}

expected<unique_fd> sandbox_files::open_folder(const fs::path& below) const {
  if (!below.empty() && !is_plain(below))
    return refused(path_ / below, "the path leads out of its folder");
  unique_fd at{::openat(folder_.value(), ".", look | O_DIRECTORY)};
  if (!at)
    return failed(path_, errno);
  auto so_far = path_;
  for (const auto& part : below) {
    if (part.empty() || part == ".")
      continue;
    so_far /= part;
    unique_fd next{::openat(at.value(), part.c_str(), look | O_DIRECTORY)};
    if (!next)
      return failed(so_far, errno);
    at = std::move(next);
  }
  return at;
}

expected<unique_fd>
sandbox_files::open_file(const fs::path& below, std::uint64_t max) const {
  auto parent = parent_of(below);
  if (!parent)
    return parent.error();
  const auto name = below.filename();
  // Looked at first: to open a device may do something.
  struct stat info {};
  if (::fstatat(parent->value(), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0)
    return failed(path_ / below, errno);
  if (S_ISLNK(info.st_mode))
    return failed(path_ / below, ELOOP);
  if (auto why = why_not(info, max); !why.empty())
    return refused(path_ / below, why);
  unique_fd file{::openat(parent->value(), name.c_str(), look)};
  if (!file || ::fstat(file.value(), &info) != 0)
    return failed(path_ / below, errno);
  if (auto why = why_not(info, max); !why.empty())
    return refused(path_ / below, why);
  return file;
}

expected<file_kind> sandbox_files::kind_of(const fs::path& below) const {
  auto parent = parent_of(below);
  if (!parent)
    return parent.error();
  struct stat info {};
  if (::fstatat(parent->value(), below.filename().c_str(), &info,
                AT_SYMLINK_NOFOLLOW)
      != 0)
    return failed(path_ / below, errno);
  return kind_of_mode(info.st_mode);
}

expected<std::string>
sandbox_files::read(const fs::path& below, std::uint64_t max) const {
  auto file = open_file(below, max);
  if (!file)
    return file.error();
  std::string text;
  if (auto err = pump(*file, path_ / below, max, {}, [&](auto more) {
        text += more;
        return true;
      }))
    return err;
  return text;
}

expected<std::vector<folder_item>>
sandbox_files::list(const fs::path& below, std::size_t max) const {
  auto folder = open_folder(below);
  if (!folder)
    return folder.error();
  auto stream = stream_of(*folder);
  if (!stream)
    return failed(path_ / below, errno);
  std::vector<folder_item> items;
  while (const auto* each = ::readdir(stream.get())) {
    const std::string_view name{each->d_name};
    if (name == "." || name == "..")
      continue;
    if (items.size() == max)
      return refused(path_ / below,
                     "it holds more than " + std::to_string(max) + " names");
    struct stat info {};
    if (::fstatat(folder->value(), each->d_name, &info, AT_SYMLINK_NOFOLLOW)
        == 0)
      items.push_back({std::string{name}, kind_of_mode(info.st_mode)});
  }
  std::ranges::sort(items, {}, &folder_item::name);
  return items;
}

expected<file_digest>
sandbox_files::digest(const fs::path& below, std::uint64_t max,
                      const stop_flag& stop) const {
  auto file = open_file(below, max);
  if (!file)
    return file.error();
  events::sha256_stream sum;
  file_digest result;
  if (auto err = pump(*file, path_ / below, max, stop, [&](auto more) {
        sum.add(events::as_bytes(more));
        result.size += more.size();
        return true;
      }))
    return err;
  result.id = sum.end();
  return result;
}

events::error
sandbox_files::write_new(const fs::path& below, std::string_view text) const {
  auto parent = parent_of(below);
  if (!parent)
    return parent.error();
  const auto cannot = [&] {
    return make_error(ec::storage_failure, "cannot write "
                                             + (path_ / below).string() + ": "
                                             + std::strerror(errno));
  };
  unique_fd file{::openat(parent->value(), below.filename().c_str(),
                          O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                          0644)};
  if (!file || !write_all(file.value(), text))
    return cannot();
  return {};
}

events::error
sandbox_files::copy_link(const fs::path& below, const fs::path& into) const {
  auto parent = parent_of(below);
  if (!parent)
    return parent.error();
  std::string target(PATH_MAX, '\0');
  const auto size = ::readlinkat(parent->value(), below.filename().c_str(),
                                 target.data(), target.size());
  if (size < 0)
    return failed(path_ / below, errno);
  target.resize(static_cast<std::size_t>(size));
  return ::symlink(target.c_str(), into.c_str()) == 0 ? events::error{}
                                                      : cannot_copy(into);
}

events::error
sandbox_files::copy_file(const fs::path& below, const fs::path& into,
                         std::uint64_t& room, const stop_flag& stop) const {
  auto from = open_file(below, room);
  if (!from)
    return from.error();
  struct stat info {};
  if (::fstat(from->value(), &info) != 0)
    return failed(path_ / below, errno);
  unique_fd to{::open(into.c_str(),
                      O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW,
                      (info.st_mode & 0777) | 0600)};
  if (!to)
    return cannot_copy(into);
  return pump(*from, path_ / below, room, stop, [&](auto more) {
    room -= more.size();
    return write_all(to.value(), more);
  });
}

events::error
sandbox_files::copy_tree(const fs::path& below, const fs::path& into,
                         const tree_limits& limits,
                         const stop_flag& stop) const {
  auto left = limits;
  std::vector<fs::path> folders{fs::path{}};
  while (!folders.empty()) {
    const auto at = std::move(folders.back());
    folders.pop_back();
    if (std::distance(at.begin(), at.end())
        > static_cast<std::ptrdiff_t>(limits.depth))
      return refused(path_ / below, "its folders are nested more than "
                                      + std::to_string(limits.depth) + " deep");
    const auto target = at.empty() ? into : into / at;
    auto items = list(below / at, left.files);
    if (!items)
      return items.error();
    left.files -= items->size();
    if (::mkdir(target.c_str(), 0755) != 0)
      return cannot_copy(target);
    for (const auto& [name, kind] : *items) {
      events::error err;
      if (kind == file_kind::folder)
        folders.push_back(at / name);
      else if (kind == file_kind::link)
        err = copy_link(below / at / name, target / name);
      else
        err = copy_file(below / at / name, target / name, left.bytes, stop);
      if (err)
        return err;
    }
  }
  return {};
}

} // namespace fc::actors::services
