#include "actors/services/sandbox/remove_tree.hpp"
#include "actors/services/sandbox/sandbox_files.hpp"
#include "tests/support/files.hpp"

#include <gmock/gmock.h>
#include <linux/capability.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <atomic>
#include <fcntl.h>
#include <functional>
#include <thread>
#include <unistd.h>

namespace fc::actors::services {
namespace {

namespace fs = std::filesystem;

using events::code_of;
using events::describe;
using events::ec;
using ::testing::HasSubstr;

/// A folder as sandboxed code may leave it, beside a file that is nobody's
/// business.
class hostile_folder : public ::testing::Test {
protected:
  hostile_folder() {
    fs::create_directories(root / "site" / "package");
    support::write_file(secret, R"({"token": "hunter2"})");
    support::write_file(root / "result.json", R"({"format": 2})");
    support::write_file(root / "site" / "package" / "core.py", "x = 1\n");
  }

  sandbox_files opened() {
    auto files = sandbox_files::open(root);
    if (!files)
      throw std::runtime_error(describe(files.error()));
    return std::move(*files);
  }

  /// The error of a read that must be refused in one line.
  std::string refusal(const fs::path& below, std::uint64_t max = 1 << 20) {
    auto text = opened().read(below, max);
    if (text) {
      ADD_FAILURE() << below << " was read: " << text->substr(0, 100);
      return {};
    }
    EXPECT_EQ(code_of(text.error()), ec::refused) << describe(text.error());
    auto line = describe(text.error());
    EXPECT_EQ(line.find('\n'), std::string::npos);
    EXPECT_THAT(line, HasSubstr(folder.path().string()));
    return line;
  }

  support::temp_dir folder;
  fs::path root = folder.path() / "box";
  fs::path secret = folder.path() / "secret.json";
};

TEST_F(hostile_folder, HonestFilesAreReadListedHashedAndCopied) {
  auto files = opened();
  auto text = files.read("site/package/core.py", 100);
  ASSERT_TRUE(text) << describe(text.error());
  EXPECT_EQ(*text, "x = 1\n");
  auto sum = files.digest("site/package/core.py", 100);
  ASSERT_TRUE(sum);
  EXPECT_EQ(sum->id, events::sha256(events::as_bytes("x = 1\n")));
  EXPECT_EQ(sum->size, 6u);
  auto items = files.list(".", 10);
  ASSERT_TRUE(items);
  ASSERT_EQ(items->size(), 2u);
  EXPECT_EQ(items->front().name, "result.json");
  EXPECT_EQ(items->back().kind, file_kind::folder);
  EXPECT_FALSE(files.copy_tree("site", folder.path() / "copy"));
  EXPECT_EQ(support::read_file(folder.path() / "copy/package/core.py"),
            "x = 1\n");
  auto none = files.read("absent/file", 100);
  EXPECT_EQ(code_of(none.error()), ec::not_found);
}

TEST_F(hostile_folder, LinkInPlaceOfAResultIsNotFollowed) {
  fs::remove(root / "result.json");
  fs::create_symlink(secret, root / "result.json");
  EXPECT_THAT(refusal("result.json"), HasSubstr("link"));
}

TEST_F(hostile_folder, LinkOfAFolderOnTheWayIsNotFollowed) {
  fs::create_symlink(folder.path(), root / "site" / "other");
  EXPECT_THAT(refusal("site/other/secret.json"), HasSubstr("site/other"));
  EXPECT_EQ(code_of(opened().list("site/other", 10).error()), ec::refused);
}

TEST_F(hostile_folder, LinkInPlaceOfTheFolderItselfIsNotFollowed) {
  fs::create_directory_symlink(folder.path(), folder.path() / "door");
  auto files = sandbox_files::open(folder.path() / "door");
  ASSERT_FALSE(files);
  EXPECT_EQ(code_of(files.error()), ec::refused);
  files = sandbox_files::open(folder.path() / "door" / "");
  EXPECT_FALSE(files);
}

TEST_F(hostile_folder, PathsThatLeadOutAreRefused) {
  refusal("../secret.json");
  refusal("site/../../secret.json");
  refusal(secret);
}

TEST_F(hostile_folder, PipeDoesNotHoldAnybodyUp) {
  ASSERT_EQ(::mkfifo((root / "pipe").c_str(), 0600), 0);
  refusal("pipe");
  EXPECT_EQ(code_of(opened().digest("pipe", 100).error()), ec::refused);
  EXPECT_EQ(code_of(opened().copy_tree(".", folder.path() / "copy")),
            ec::refused);
}

TEST_F(hostile_folder, SparseFileOfFourGigabytesIsNotReadIntoMemory) {
  support::write_file(root / "large", "");
  fs::resize_file(root / "large", std::uintmax_t{4} << 30);
  EXPECT_THAT(refusal("large", 64 << 20), HasSubstr("4294967296 bytes"));
  EXPECT_EQ(code_of(opened().digest("large", 64 << 20).error()), ec::refused);
  tree_limits limits;
  limits.bytes = 64 << 20;
  EXPECT_EQ(code_of(opened().copy_tree(".", folder.path() / "copy", limits)),
            ec::refused);
}

TEST_F(hostile_folder, HardLinkToAForeignFileIsNotRead) {
  fs::create_hard_link(secret, root / "hard");
  EXPECT_THAT(refusal("hard"), HasSubstr("hard link"));
}

TEST_F(hostile_folder, FileOfAnotherUserIsNotRead) {
  if (::geteuid() != 0)
    GTEST_SKIP() << "only root can give a file away";
  ASSERT_EQ(::chown((root / "result.json").c_str(), 12345, 12345), 0);
  EXPECT_THAT(refusal("result.json"), HasSubstr("user 12345"));
}

TEST_F(hostile_folder, FolderInPlaceOfAResultIsRefused) {
  fs::remove(root / "result.json");
  fs::create_directory(root / "result.json");
  EXPECT_THAT(refusal("result.json"), HasSubstr("folder"));
}

TEST_F(hostile_folder, FolderWithTooManyNamesIsRefused) {
  for (int i = 0; i < 20; ++i)
    support::write_file(root / std::to_string(i), "");
  EXPECT_EQ(code_of(opened().list(".", 10).error()), ec::refused);
}

TEST_F(hostile_folder, LinkThatTakesAFoldersPlaceMeanwhileIsNotFollowed) {
  const auto inner = root / "site" / "package";
  const auto aside = root / "site" / "aside";
  fs::create_directories(folder.path() / "outside");
  support::write_file(folder.path() / "outside" / "core.py", "hunter2");
  std::atomic<bool> done = false;
  std::thread swapper{[&] {
    std::error_code ignored;
    while (!done) {
      fs::rename(inner, aside, ignored);
      fs::create_directory_symlink(folder.path() / "outside", inner, ignored);
      fs::remove(inner, ignored);
      fs::rename(aside, inner, ignored);
    }
  }};
  auto files = opened();
  for (int i = 0; i < 3000; ++i) {
    auto text = files.read("site/package/core.py", 100);
    EXPECT_TRUE(!text || *text == "x = 1\n");
  }
  done = true;
  swapper.join();
}

TEST_F(hostile_folder, NothingIsWrittenThroughALink) {
  fs::create_symlink(secret, root / "targets.json");
  auto files = opened();
  EXPECT_TRUE(files.write_new("targets.json", "{}"));
  EXPECT_THAT(support::read_file(secret), HasSubstr("hunter2"));
  EXPECT_FALSE(files.write_new("first.json", "[]"));
  EXPECT_EQ(support::read_file(root / "first.json"), "[]");
}

TEST_F(hostile_folder, CopyKeepsLinksAsLinks) {
  fs::create_symlink(secret, root / "site" / "link");
  EXPECT_FALSE(opened().copy_tree("site", folder.path() / "copy"));
  EXPECT_EQ(fs::read_symlink(folder.path() / "copy" / "link"), secret);
}

/// Folders `depth` deep below each other, made by descriptor.
void nest(const fs::path& top, int depth) {
  unique_fd at{::open(top.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  const std::string name(200, 'n');
  for (int i = 0; i < depth; ++i) {
    ASSERT_EQ(::mkdirat(at.value(), name.c_str(), 0700), 0);
    at = unique_fd{
      ::openat(at.value(), name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  }
  unique_fd file{::openat(at.value(), "f", O_CREAT | O_WRONLY, 0600)};
  ASSERT_TRUE(file);
}

TEST_F(hostile_folder, TreesDeeperThanAnyPathAreRemoved) {
  nest(root, 120);
  // With descriptors for a part of the depth.
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit few{100, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  auto err = remove_tree(root);
  ::setrlimit(RLIMIT_NOFILE, &before);
  EXPECT_FALSE(err) << describe(err);
  EXPECT_FALSE(fs::exists(root));
}

/// What `act` says in a process without the rights that root has over others.
bool without_capabilities(const std::function<bool()>& act) {
  const auto pid = ::fork();
  if (pid == 0) {
    __user_cap_header_struct head{_LINUX_CAPABILITY_VERSION_3, 0};
    __user_cap_data_struct none[2]{};
    const bool meek = ::syscall(SYS_capset, &head, none) == 0;
    ::_exit(meek && act() ? 0 : 1);
  }
  int status = 1;
  ::waitpid(pid, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST_F(hostile_folder, FoldersWithoutPermissionsAreRemoved) {
  for (unsigned i = 0; i < 3; ++i) {
    const auto inner = root / std::to_string(i) / "inner";
    fs::create_directories(inner);
    support::write_file(inner / std::string(255, 'x'), "");
    fs::permissions(inner, fs::perms{i * 0100});
    fs::permissions(inner.parent_path(), fs::perms::none);
  }
  fs::permissions(root, fs::perms::none);
  EXPECT_TRUE(without_capabilities([&] { return !remove_tree(root); }));
  EXPECT_FALSE(fs::exists(root));
}

TEST_F(hostile_folder, WhatCannotBeRemovedIsToldAndCounted) {
  if (::geteuid() != 0)
    GTEST_SKIP() << "only root can give a folder away";
  for (const std::string name : {"a", "b"}) {
    fs::create_directories(root / name);
    support::write_file(root / name / "file", "");
    ASSERT_EQ(::chown((root / name).c_str(), 1, 1), 0);
  }
  EXPECT_TRUE(without_capabilities([&] {
    const auto err = remove_tree(root);
    return describe(err).find(" are left, first ") != std::string::npos;
  }));
  EXPECT_TRUE(fs::exists(root / "a" / "file"));
}

TEST_F(hostile_folder, LinksAreRemovedAndNotFollowed) {
  fs::create_directories(folder.path() / "kept");
  support::write_file(folder.path() / "kept" / "file", "");
  fs::create_directory_symlink(folder.path() / "kept", root / "link");
  EXPECT_FALSE(remove_tree(root));
  EXPECT_TRUE(fs::exists(folder.path() / "kept" / "file"));
  EXPECT_FALSE(remove_tree(root)) << "nothing there is fine";
}

} // namespace
} // namespace fc::actors::services
