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

TEST(documents, HaveTheirFormInThisTree) {
  const auto found = check_documents(this_tree());
  EXPECT_TRUE(found.empty()) << to_string(found);
}

TEST(documents, AreNotAskedOfEveryFolder) {
  made_up_tree tree;
  tree.file("events/a.cpp", "x").file("events/README.md", "# a\n\nx\n");
  EXPECT_THAT(check_documents(tree.read()), IsEmpty());
}

TEST(documents, BeginWithAHeading) {
  made_up_tree tree;
  tree.file("events/README.md", "x\n").file("docs/a.md", "");
  EXPECT_THAT(check_documents(tree.read()),
              ElementsAre(breach{"docs/a.md", 1, "document",
                                 "the first line is not a heading"},
                          breach{"events/README.md", 1, "document",
                                 "the first line is not a heading"}));
}

TEST(documents, SayMoreThanTheirHeading) {
  made_up_tree tree;
  tree.file("events/README.md", "# events\n\n");
  EXPECT_THAT(check_documents(tree.read()),
              ElementsAre(breach{"events/README.md", 0, "document",
                                 "nothing below the heading"}));
}

/// A line that can be wrapped; most of its characters have two bytes.
std::string long_line(std::size_t columns) {
  std::string line = "a ";
  for (std::size_t i = 2; i < columns; ++i)
    line += "\xC3\xA4";
  return line + "\n";
}

TEST(documents, HaveALimitOfColumns) {
  made_up_tree tree;
  tree.file("docs/a.md", "# a\n" + long_line(120))
    .file("docs/b.md", "# b\n" + long_line(121));
  EXPECT_THAT(
    check_documents(tree.read()),
    ElementsAre(breach{"docs/b.md", 2, "document", "121 columns, limit 120"}));
}

TEST(documents, MayHaveLongTablesCodeAndAddresses) {
  made_up_tree tree;
  tree.file("docs/a.md", "# a\n| " + long_line(130) + "    " + long_line(130)
                           + "https://" + std::string(130, 'x') + "\n```\n"
                           + long_line(130) + "```\n");
  EXPECT_THAT(check_documents(tree.read()), IsEmpty());
}

TEST(documents, HaveALimitOfColumnsAfterCode) {
  made_up_tree tree;
  tree.file("docs/a.md", "# a\n```\nx\n```\n" + long_line(130));
  EXPECT_EQ(check_documents(tree.read()).size(), 1u);
}

TEST(documents, AreNotAskedOfWhatProgramsMake) {
  made_up_tree tree;
  tree.file("build/dev/a.md", "x")
    .file("tests/peers/node_modules/a/README.md", "x")
    .file("tests/events/golden/README.md", "x")
    .file("tools/sample/tree/README.md", "x");
  EXPECT_THAT(check_documents(tree.read()), IsEmpty());
}

TEST(top_level, IsFixedInThisTree) {
  const auto found = check_top_level(this_tree());
  EXPECT_TRUE(found.empty()) << to_string(found);
}

TEST(top_level, HasWhatPeopleAndEditorsLookFor) {
  made_up_tree tree;
  for (const auto* name :
       {"CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md", ".editorconfig"})
    tree.file(name, "x");
  EXPECT_THAT(check_top_level(tree.read()), IsEmpty());
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
