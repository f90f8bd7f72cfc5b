#include "tests/conventions/made_up_tree.hpp"
#include "tests/conventions/tree_rules.hpp"

#include <gmock/gmock.h>

namespace fc::conventions {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(file_sizes, AreKeptInThisTree) {
  const auto found = check_file_sizes(this_tree());
  EXPECT_TRUE(found.empty()) << to_string(found);
}

/// A file and how many lines it may have.
struct limit {
  const char* path;
  std::size_t lines;
};

class a_file : public testing::TestWithParam<limit> {};

TEST_P(a_file, HasALimit) {
  const auto [path, lines] = GetParam();
  made_up_tree fine;
  fine.lines(path, lines);
  EXPECT_THAT(check_file_sizes(fine.read()), IsEmpty());
  made_up_tree large;
  large.lines(path, lines + 1);
  EXPECT_THAT(check_file_sizes(large.read()),
              ElementsAre(breach{path, lines + 1, "file.size",
                                 std::to_string(lines + 1) + " lines, limit "
                                   + std::to_string(lines)}));
}

INSTANTIATE_TEST_SUITE_P(of_each_kind, a_file,
                         testing::Values(limit{"events/a.hpp", 250},
                                         limit{"events/a.cpp", 500},
                                         limit{"tests/events/a_test.cpp", 600},
                                         limit{"tests/support/a.hpp", 250},
                                         limit{"tools/bench/a.py", 500},
                                         limit{"tools/a.sh", 500},
                                         limit{"CMakeLists.txt", 120},
                                         limit{"events/CMakeLists.txt", 30},
                                         limit{"events/README.md", 40}));

TEST(file_sizes, CountScriptsWithoutExtension) {
  made_up_tree tree;
  tree.lines("tools/run", 501, "#!/bin/sh").lines("tools/list.txt", 501);
  EXPECT_EQ(check_file_sizes(tree.read()).size(), 1u);
}

TEST(file_sizes, DoNotBindTheFrontPageAndDocuments) {
  made_up_tree tree;
  tree.lines("README.md", 900).lines("docs/operations.md", 900);
  EXPECT_THAT(check_file_sizes(tree.read()), IsEmpty());
}

TEST(folder_sizes, AreKeptInThisTree) {
  const auto found = check_folder_sizes(this_tree());
  EXPECT_TRUE(found.empty()) << to_string(found);
}

TEST(folder_sizes, HaveALimit) {
  made_up_tree tree;
  tree.file("events/README.md", "x").file("events/CMakeLists.txt", "x");
  for (std::size_t i = 0; i < max_files; ++i)
    tree.file("events/f" + std::to_string(i), "x");
  EXPECT_THAT(check_folder_sizes(tree.read()), IsEmpty());
  tree.file("events/one_more", "x");
  EXPECT_THAT(
    check_folder_sizes(tree.read()),
    ElementsAre(breach{"events", 0, "folder.size", "26 files, limit 25"}));
}

TEST(folder_sizes, DoNotBindRecordsOfDecisions) {
  made_up_tree tree;
  for (std::size_t i = 0; i <= max_files; ++i)
    tree.file("docs/decisions/" + std::to_string(i) + ".md", "x");
  EXPECT_THAT(check_folder_sizes(tree.read()), IsEmpty());
}

TEST(readmes, AreInEveryFolderOfThisTree) {
  const auto found = check_readmes(this_tree());
  EXPECT_TRUE(found.empty()) << to_string(found);
}

TEST(readmes, AreMissed) {
  made_up_tree tree;
  tree.file("README.md", "x")
    .file("events/README.md", "x")
    .file("events/log/a.cpp", "x");
  const auto found = check_readmes(tree.read());
  ASSERT_EQ(found.size(), 1u) << to_string(found);
  EXPECT_EQ(found.front().file, "events/log");
  EXPECT_EQ(found.front().rule, "readme");
}

TEST(readmes, AreNotAskedOfWhatProgramsMake) {
  made_up_tree tree;
  tree.file("README.md", "x")
    .file("build/dev/a.cpp", "x")
    .file(".git/config", "x")
    .file("tests/README.md", "x")
    .file("tests/golden/a.bin", "x")
    .file("tests/node_modules/a/b.js", "x")
    .file("tools/README.md", "x")
    .file("tools/sample/README.md", "x")
    .file("tools/sample/tree/docs/a.rst", "x")
    .file("tools/fcbench/__init__.py", "")
    .file("tools/fcbench/shims/a.py", "");
  EXPECT_THAT(check_readmes(tree.read()), IsEmpty());
}

TEST(top_level, IsFixedInThisTree) {
  const auto found = check_top_level(this_tree());
  EXPECT_TRUE(found.empty()) << to_string(found);
}

TEST(top_level, RefusesNewcomers) {
  made_up_tree tree;
  tree.file("README.md", "x").file("events/a.hpp", "x").file("utils/a", "x");
  const auto found = check_top_level(tree.read());
  ASSERT_EQ(found.size(), 1u) << to_string(found);
  EXPECT_EQ(found.front().file, "utils");
}

} // namespace
} // namespace fc::conventions
