#include "tests/events/log/log_kinds.hpp"

#include <gmock/gmock.h>
#include <sys/syscall.h>

#include <filesystem>
#include <mutex>
#include <set>
#include <unistd.h>

namespace {

std::mutex synced_access;
std::set<std::string> synced; ///< What was synced, by path.

} // namespace

/// In place of the C library's, for this program and its libraries.
extern "C" int fsync(int fd) {
  {
    const std::scoped_lock lock{synced_access};
    std::error_code code;
    synced.insert(
      std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd), code)
        .string());
  }
  return static_cast<int>(::syscall(SYS_fsync, fd));
}

namespace fc::events::log {

namespace {

using testing::Contains;

std::set<std::string> synced_by(const std::function<void()>& what) {
  {
    const std::scoped_lock lock{synced_access};
    synced.clear();
  }
  what();
  const std::scoped_lock lock{synced_access};
  return synced;
}

} // namespace

/// Else a power cut takes the folder, and the log with it.
TEST(a_new_log, IsInFoldersThatWereSynced) {
  const support::temp_dir folder;
  const auto names = synced_by([&] {
    const auto log
      = open_rocksdb_log({folder / "above/log", true, fixed_clock()});
    ASSERT_TRUE(log) << describe(log.error());
    append(**log, {request("run/a", 0, {"1"})});
    const std::scoped_lock lock{synced_access};
    EXPECT_THAT(synced, Contains(folder.path().string()));
    EXPECT_THAT(synced, Contains(folder / "above"));
    EXPECT_THAT(synced, Contains(folder / "above/log"));
  });
  EXPECT_THAT(names, Contains(folder / "above/log/WATERMARK"));
}

// The folder was made where the text of the path led, the log where the kernel
// went.
TEST(a_new_log, IsMadeBehindALinkAndBackAgain) {
  const support::temp_dir folder;
  std::filesystem::create_directories(folder / "far/away");
  std::filesystem::create_directory_symlink(folder / "far/away",
                                            folder / "link");
  {
    const auto log
      = open_rocksdb_log({folder / "link/../new/log", true, fixed_clock()});
    ASSERT_TRUE(log) << describe(log.error());
  }
  EXPECT_TRUE(std::filesystem::exists(folder / "far/new/log/CURRENT"));
  EXPECT_FALSE(std::filesystem::exists(folder / "new"));
}

} // namespace fc::events::log
