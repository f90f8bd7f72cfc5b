#include "events/policy/text/diff_noise.hpp"

#include "samples.hpp"

#include <gtest/gtest.h>

namespace fc::events::policy::text {

namespace {

using samples::diff_of;

/// Whether a diff of one file with these lines is noise.
bool noise(const std::vector<std::string>& lines,
           const std::string& path = "src/a.py", int start = 10) {
  const auto diff = diff_of(path, lines, start);
  const auto files = parse_diff(diff);
  EXPECT_EQ(files.size(), 1U);
  return is_noise(files.at(0));
}

} // namespace

TEST(parse_diff, FindsFilesHunksAndMarks) {
  const auto diff = diff_of("src/a.py", {" x", "-y", "+z", "+w"})
                    + diff_of("b c/\xc3\xa9.txt", {"+1"}, 1);
  const auto files = parse_diff(diff);
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].path, "src/a.py");
  ASSERT_EQ(files[0].hunks.size(), 1U);
  EXPECT_EQ(files[0].hunks[0].old_start, 10U);
  ASSERT_EQ(files[0].hunks[0].lines.size(), 4U);
  EXPECT_EQ(files[0].hunks[0].lines[1].mark, '-');
  EXPECT_EQ(files[0].hunks[0].lines[3].text, "w");
  EXPECT_EQ(files[1].path, "b c/\xc3\xa9.txt");
}

TEST(parse_diff, IsNotMisledByLinesThatLookLikeHeads) {
  const auto diff = diff_of("q.sql", {"--- a comment", "+++ b/other.py",
                                      "+diff --git a/x b/x", " @@ -1 +1 @@"});
  const auto files = parse_diff(diff);
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files[0].path, "q.sql");
  EXPECT_EQ(files[0].hunks.at(0).lines.size(), 4U);
}

TEST(parse_diff, KnowsNewDeletedRenamedAndBinaryFiles) {
  const auto files = parse_diff(
    "diff --git a/new.py b/new.py\nnew file mode 100644\n--- /dev/null\n"
    "+++ b/new.py\n@@ -0,0 +1 @@\n+x\n\\ No newline at end of file\n"
    "diff --git a/old.py b/old.py\ndeleted file mode 100644\n--- a/old.py\n"
    "+++ /dev/null\n@@ -1 +0,0 @@\n-x\n"
    "diff --git a/a.py b/b.py\nsimilarity index 100%\nrename from a.py\n"
    "rename to b.py\n"
    "diff --git a/l.so b/l.so\nBinary files a/l.so and b/l.so differ\n"
    "diff --git \"a/\\303\\251.py\" \"b/\\303\\251.py\"\n"
    "--- \"a/\\303\\251.py\"\n+++ \"b/\\303\\251.py\"\n@@ -1 +1 @@\n-x\n+y\n");
  ASSERT_EQ(files.size(), 5U);
  EXPECT_EQ(files[0].path, "new.py");
  EXPECT_EQ(files[1].path, "old.py");
  EXPECT_EQ(files[2].path, "b.py");
  EXPECT_TRUE(files[2].pure_rename);
  EXPECT_TRUE(is_noise(files[2]));
  EXPECT_TRUE(files[3].binary);
  EXPECT_FALSE(is_noise(files[3]));
  EXPECT_TRUE(files[4].path.ends_with(".py"));
}

TEST(parse_diff, TakesWhatItGetsOfADamagedDiff) {
  EXPECT_TRUE(parse_diff("").empty());
  EXPECT_TRUE(parse_diff("no diff\n@@ -1 +1 @@\n+x\n").empty());
  const auto cut = diff_of("a.py", {" x", "-y"});
  EXPECT_EQ(parse_diff(cut.substr(0, cut.size() - 3)).size(), 1U);
  EXPECT_EQ(parse_diff("diff --git a/a.py b/a.py\n@@ -x +y @@\n+x\n")
              .at(0)
              .hunks.size(),
            0U);
  EXPECT_FALSE(is_noise(parse_diff("diff --git a/a.py b/a.py\n").at(0)));
}

TEST(is_noise, CommentsAndBlankLinesAre) {
  EXPECT_TRUE(noise({" x = 1", "-# old", "+# new", "+", "+    # more"}));
  EXPECT_FALSE(noise({" x = 1", "-# old", "+y = 2"}));
  EXPECT_FALSE(noise({"-x = 1  # note", "+x = 2  # note"}));
}

TEST(is_noise, OfHundredThousandsOfHunksTakesLinearTime) {
  std::string diff = "diff --git a/x.py b/x.py\n--- a/x.py\n+++ b/x.py\n";
  for (int i = 0; i < 200'000; ++i)
    diff += "@@ -" + std::to_string(i + 2) + " +" + std::to_string(i + 2)
            + " @@\n-x  = 1\n+x = 1\n";
  const auto files = parse_diff(diff);
  ASSERT_EQ(files.size(), 1u);
  EXPECT_TRUE(is_noise(files.front()));
}

TEST(is_noise, CommentsThatToolsReadAreNot) {
  EXPECT_FALSE(noise({"+# cython: boundscheck=False"}));
  EXPECT_FALSE(noise({"-# distutils: language = c", "+# x"}));
}

TEST(is_noise, DocstringsAre) {
  EXPECT_TRUE(
    noise({" def f(x):", "-    \"\"\"Old.\"\"\"", "+    \"\"\"New.", "+",
           "+    x = 1 is an example.", "+    \"\"\"", "     return x"}));
  EXPECT_TRUE(
    noise({" class A:", "     r'''Text", "-    old", "+    new", "     '''"}));
  EXPECT_TRUE(
    noise({"-\"\"\"Old module.\"\"\"", "+\"\"\"New.\"\"\""}, "a.py", 1));
}

TEST(is_noise, OtherTextsInThreeQuotesAreNot) {
  EXPECT_FALSE(noise({" QUERY = \"\"\"", "-select 1", "+select 2", " \"\"\""}));
  EXPECT_FALSE(
    noise({" f(", "-    \"\"\"a\"\"\"", "+    \"\"\"b\"\"\"", " )"}));
  EXPECT_FALSE(
    noise({" x = {\"k\":", "-    \"\"\"a\"\"\"", "+    \"\"\"b\"\"\"", " }"}));
  EXPECT_FALSE(noise({"-\"\"\"a\"\"\"", "+\"\"\"b\"\"\""}));
}

TEST(is_noise, TextWhoseBeginningIsNotSeenIsTakenForCode) {
  EXPECT_FALSE(noise({" text of", "-something old", "+something new"}));
}

TEST(is_noise, CodeAfterADocstringIsCode) {
  EXPECT_FALSE(noise(
    {" def f(x):", "     \"\"\"Text.\"\"\"", "-    a = 1", "+    a = 2"}));
  EXPECT_FALSE(noise(
    {" def f(x):", "-    \"\"\"T\"\"\"; a = 1", "+    \"\"\"T\"\"\"; a = 2"}));
}

TEST(is_noise, InnerWhitespaceIsAndIndentationIsNot) {
  EXPECT_TRUE(noise({"-x=f( a,b )", "+x = f(a, b)"}));
  EXPECT_TRUE(noise({"-x = 1   ", "+x = 1"}));
  EXPECT_FALSE(noise({" for i in a:", "-    y = g()", "+y = g()"}));
}

TEST(is_noise, ImportsThatMoveInTheirPackageAre) {
  EXPECT_TRUE(noise({"-from a.b import c, d", "+from a.x.y import d, c"}));
  EXPECT_TRUE(noise({"-from . import c", "+from .sub import c"}));
  EXPECT_TRUE(
    noise({"-import os", "-import abc", "+import abc", "+import os"}));
}

TEST(is_noise, OtherImportsAreNot) {
  EXPECT_FALSE(noise({"-import json"}));
  EXPECT_FALSE(noise({"-import json", " def f():", "+    import json"}));
  EXPECT_FALSE(noise({"-from json import loads", "+from orjson import loads"}));
  EXPECT_FALSE(noise({"-import pickle", "+import cPickle as pickle"}));
  EXPECT_FALSE(noise({"-from a import b", "+from a import c"}));
}

TEST(is_noise, OnlyPythonYamlAndTextAreRead) {
  EXPECT_FALSE(noise({"+/* a note */"}, "src/kernels.c"));
  EXPECT_FALSE(noise({"+# a note"}, "src/kernels.pyx"));
  EXPECT_FALSE(noise({"+// a note"}, "src/lib.rs"));
  EXPECT_TRUE(noise({"+words"}, "notes.md"));
  EXPECT_TRUE(noise({"+words"}, "notes.rst"));
  EXPECT_TRUE(noise({"+# a note", "-"}, "conf.yaml"));
  EXPECT_FALSE(noise({"+key: 1"}, "conf.yml"));
}

} // namespace fc::events::policy::text
