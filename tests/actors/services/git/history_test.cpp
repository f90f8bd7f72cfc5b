#include "actors/services/git/history.hpp"
#include "actors/services/git/log_walk.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fc::actors::services {

using ::testing::ElementsAre;
using ::testing::SizeIs;

namespace {

const std::string some_id(40, '1');
const std::string parent(40, '2');
const std::string second(40, '3');
constexpr std::int64_t in_2020 = 1577836800;

log_commit merge_of_two(std::string message) {
  return {some_id, {parent, second}, in_2020, std::move(message)};
}

log_commit single(std::string message, std::int64_t at = in_2020) {
  return {some_id, {parent}, at, std::move(message)};
}

merged_commit with(std::uint32_t number, std::string kind, std::string id) {
  merged_commit out;
  out.number = number;
  out.kind = std::move(kind);
  out.commit = std::move(id);
  return out;
}

} // namespace

TEST(git_history, ReadsAMergeCommit) {
  const auto x = as_pull_request(merge_of_two(
    "Merge pull request #12 from a/b\n\n  Faster sums \n\nMore\n\nwords\n"));
  ASSERT_TRUE(x);
  EXPECT_EQ(x->number, 12u);
  EXPECT_EQ(x->kind, "merge");
  EXPECT_EQ(x->title, "Faster sums");
  EXPECT_EQ(x->body, "More\n\nwords");
  EXPECT_EQ(x->base, parent);
  EXPECT_EQ(x->commit, some_id);
  EXPECT_EQ(events::to_iso8601(x->merged_at), "2020-01-01T00:00:00Z");
  EXPECT_FALSE(x->text_repaired);
}

TEST(git_history, AMergeWithoutABodyIsCalledByItsBranch) {
  for (const auto& [from, title] :
       {std::pair{"a/b", "b"}, {"a/b/c", "b/c"}, {"b", "b"}, {"a/", ""}}) {
    const auto text = std::string{"Merge pull request #7 from "} + from;
    EXPECT_EQ(as_pull_request(merge_of_two(text))->title, title);
  }
  EXPECT_EQ(as_pull_request(merge_of_two("Merge pull request #7"))->title, "");
}

TEST(git_history, ReadsASquashCommit) {
  const auto x = as_pull_request(single("Faster sums (#12)\n\n* one\n* two\n"));
  ASSERT_TRUE(x);
  EXPECT_EQ(x->number, 12u);
  EXPECT_EQ(x->kind, "squash");
  EXPECT_EQ(x->title, "Faster sums");
  EXPECT_EQ(x->body, "* one\n* two");
}

TEST(git_history, AMergeMayBeNamedLikeASquash) {
  const auto x = as_pull_request(merge_of_two("Faster sums (#12)\n\nWhy"));
  ASSERT_TRUE(x);
  EXPECT_EQ(x->number, 12u);
  EXPECT_EQ(x->kind, "merge");
  EXPECT_EQ(x->title, "Faster sums");
  EXPECT_EQ(x->body, "Why");
}

TEST(git_history, TheLastNumberCounts) {
  const auto x = as_pull_request(single("Revert \"Faster (#3)\" (#4)"));
  ASSERT_TRUE(x);
  EXPECT_EQ(x->number, 4u);
  EXPECT_EQ(x->title, "Revert \"Faster (#3)\"");
}

TEST(git_history, ASquashNumberOfOldMeansAnIssue) {
  constexpr std::int64_t cut = 1459468800; // 2016-04-01
  EXPECT_FALSE(as_pull_request(single("x (#1)", cut - 1)));
  EXPECT_TRUE(as_pull_request(single("x (#1)", cut)));
  auto merge = merge_of_two("Merge pull request #1 from a/b");
  merge.committed = cut - 1;
  EXPECT_TRUE(as_pull_request(merge));
  merge.message = "x (#1)";
  EXPECT_FALSE(as_pull_request(merge));
}

TEST(git_history, OtherCommitsAreNone) {
  for (const auto* text :
       {"", "Fix", "Fix (#)", "Fix (#12", "Fix (#12) now", "Fix (12)",
        "Fix (#1x)", "Fix (#0)", "Fix (#99999999999)", "Fix (#-1)",
        "Merge pull request #12 from a/b", "Closes #12"})
    EXPECT_FALSE(as_pull_request(single(text))) << text;
  for (const auto* text :
       {"", "Merge branch 'x'", "Merge pull request #x from a/b",
        "Merge pull request #0 from a/b", "merge pull request #1 from a/b",
        "Merge pull request #99999999999 from a/b"})
    EXPECT_FALSE(as_pull_request(merge_of_two(text))) << text;
  auto octopus = merge_of_two("Merge pull request #12 from a/b");
  octopus.parents.push_back(parent);
  EXPECT_FALSE(as_pull_request(octopus));
  auto root = single("First (#1)");
  root.parents.clear();
  EXPECT_FALSE(as_pull_request(root));
}

TEST(git_history, RepairsTitleAndBody) {
  const auto x = as_pull_request(single("caf\xE9 (#1)\n\nna\xEFve"));
  ASSERT_TRUE(x);
  EXPECT_EQ(x->title, "caf\uFFFD");
  EXPECT_EQ(x->body, "na\uFFFDve");
  EXPECT_TRUE(x->text_repaired);
}

TEST(git_history, KeepsEachNumberOnce) {
  const auto kept = one_per_number(
    {with(1, "squash", "newest"), with(2, "squash", "s"),
     with(1, "squash", "b"), with(2, "merge", "m"), with(3, "merge", "x"),
     with(3, "merge", "y"), with(2, "merge", "older")});
  ASSERT_THAT(kept, SizeIs(3));
  EXPECT_EQ(kept[0].commit, "newest");
  EXPECT_EQ(kept[1].commit, "m");
  EXPECT_EQ(kept[2].commit, "x");
}

TEST(git_history, FarDatesAreCut) {
  EXPECT_LT(commit_time(std::numeric_limits<std::int64_t>::min()),
            commit_time(0));
  EXPECT_GT(commit_time(std::numeric_limits<std::int64_t>::max()),
            commit_time(in_2020));
}

TEST(git_history, ParsesLogFields) {
  const auto x = parse_log_commit(some_id, parent + ' ' + second, "-5", "text");
  ASSERT_TRUE(x);
  EXPECT_THAT(x->parents, ElementsAre(parent, second));
  EXPECT_EQ(x->committed, -5);
  EXPECT_THAT(parse_log_commit(some_id, "", "1", "")->parents, SizeIs(0));
}

TEST(git_history, RefusesWhatGitNeverWrites) {
  for (const auto& x : {parse_log_commit("HEAD", "", "1", ""),
                        parse_log_commit(some_id, "x", "1", ""),
                        parse_log_commit(some_id, "", "", ""),
                        parse_log_commit(some_id, "", "1x", "")}) {
    ASSERT_FALSE(x);
    EXPECT_EQ(events::code_of(x.error()), events::ec::malformed);
  }
}

} // namespace fc::actors::services
