#include "actors/services/sandbox/remove_tree.hpp"

#include "actors/services/process/fd.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <string>

namespace fc::actors::services {

namespace {

namespace fs = std::filesystem;

/// Folders below this depth are moved to the top first: neither descriptors
/// nor stack grow with what somebody nested.
constexpr int deepest = 24;

/// Opens a folder even when its owner took all permissions away.
unique_fd open_up(int at, const char* name) {
  unique_fd handle{
    ::openat(at, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)};
  struct stat info {};
  if (!handle || ::fstat(handle.value(), &info) != 0)
    return {};
  if ((info.st_mode & S_IRWXU) != S_IRWXU)
    // The folder itself: the name could be something else by now.
    ::chmod(("/proc/self/fd/" + std::to_string(handle.value())).c_str(),
            S_IRWXU);
  return unique_fd{
    ::openat(handle.value(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
}

class removal {
public:
  explicit removal(unique_fd top) : top_(std::move(top)) {}

  /// Empties the top folder as far as it can be done.
  void run() {
    do {
      moved_ = false;
      left_ = 0;
      first_.clear();
      empty(top_.value(), 0);
      // What was moved up may lie where the reading had been already.
    } while (moved_);
  }

  std::uint64_t left() const noexcept {
    return left_;
  }
  const std::string& first() const noexcept {
    return first_;
  }

private:
  void keep(const char* name, int code) {
    if (left_++ == 0)
      first_ = std::string{name} + ": " + std::strerror(code);
  }

  void empty(int folder, int depth) {
    auto* raw = ::fdopendir(::dup(folder));
    std::unique_ptr<DIR, int (*)(DIR*)> stream{raw, &::closedir};
    if (!stream) {
      keep(".", errno);
      return;
    }
    ::rewinddir(stream.get());
    while (const auto* item = ::readdir(stream.get())) {
      const std::string name{item->d_name};
      if (name != "." && name != "..")
        remove(folder, name.c_str(), depth);
    }
  }

  void remove(int folder, const char* name, int depth) {
    if (::unlinkat(folder, name, 0) == 0)
      return;
    if (errno != EISDIR && errno != EPERM) {
      keep(name, errno);
      return;
    }
    if (::unlinkat(folder, name, AT_REMOVEDIR) == 0)
      return;
    auto inner = open_up(folder, name);
    if (!inner) {
      keep(name, errno);
      return;
    }
    if (depth >= deepest && move_up(folder, name))
      return;
    empty(inner.value(), depth + 1);
    inner.reset();
    if (::unlinkat(folder, name, AT_REMOVEDIR) != 0)
      keep(name, errno);
  }

  bool move_up(int folder, const char* name) {
    for (int tries = 0; tries < 1000; ++tries) {
      const auto fresh = "fc-removed-" + std::to_string(++moves_);
      if (::renameat2(folder, name, top_.value(), fresh.c_str(),
                      RENAME_NOREPLACE)
          == 0) {
        moved_ = true;
        return true;
      }
      if (errno != EEXIST)
        break;
    }
    return false;
  }

  unique_fd top_;
  std::uint64_t moves_ = 0;
  std::uint64_t left_ = 0;
  std::string first_;
  bool moved_ = false;
};

events::error cannot(const fs::path& path, const std::string& why) {
  return events::make_error(events::ec::storage_failure,
                            "cannot remove " + path.string() + ": " + why
                              + "; remove it by hand");
}

} // namespace

events::error remove_tree(const fs::path& path) {
  const auto whole = path.has_filename() ? path : path.parent_path();
  const auto above
    = whole.has_parent_path() ? whole.parent_path() : fs::path{"."};
  const auto name = whole.filename().string();
  unique_fd parent{::open(above.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)};
  if (!parent)
    return errno == ENOENT ? events::error{}
                           : cannot(path, std::strerror(errno));
  struct stat info {};
  if (::fstatat(parent.value(), name.c_str(), &info, AT_SYMLINK_NOFOLLOW) != 0)
    return errno == ENOENT ? events::error{}
                           : cannot(path, std::strerror(errno));
  if (!S_ISDIR(info.st_mode))
    return ::unlinkat(parent.value(), name.c_str(), 0) == 0
             ? events::error{}
             : cannot(path, std::strerror(errno));
  auto top = open_up(parent.value(), name.c_str());
  if (!top)
    return cannot(path, std::strerror(errno));
  removal all{std::move(top)};
  all.run();
  if (all.left() > 0)
    return cannot(path, std::to_string(all.left())
                          + " files or folders are left, first " + all.first());
  if (::unlinkat(parent.value(), name.c_str(), AT_REMOVEDIR) != 0)
    return cannot(path, std::strerror(errno));
  return {};
}

} // namespace fc::actors::services
