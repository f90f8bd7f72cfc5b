#include "actors/services/git/history/history.hpp"
#include "actors/services/git/history/log_walk.hpp"

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
        "Closes #12", "Merge", "Merge fix for #12", "Merges #12"})
    EXPECT_FALSE(as_pull_request(single(text))) << text;
  for (const auto* text :
       {"", "Merge branch 'x'", "Merge branch 'fix-#12'",
        "Merge branch '#12' into main", "Merge tag '#12'",
        "Merge pull request #x from a/b", "Merge pull request #0 from a/b",
        "Merge pull request #99999999999 from a/b", "Merge #12x",
        "Merged in a/b (pull request #12", "Closes #12 from a/b"})
    EXPECT_FALSE(as_pull_request(merge_of_two(text))) << text;
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

// Merge bots and queues write their own subjects; these were lost.
TEST(git_history, ReadsMergesOfBotsAndQueues) {
  struct example {
    std::string message;
    std::uint32_t number;
    std::string title;
  };
  for (const auto& [message, number, title] : std::vector<example>{
         {"Merge #12\n\n12: Speed up sums r=ada a=kenji\n\nWhy", 12,
          "Speed up sums"},
         {"Auto merge of #15 - kenji:fast, r=ada\n\nSpeed up sums", 15,
          "Speed up sums"},
         {"Rollup merge of #15 - kenji:fast, r=ada\n\nSpeed up sums", 15,
          "Speed up sums"},
         {"Auto-merge #16: Speed up sums", 16, "Speed up sums"},
         {"Merge PR #17: Speed up sums\n\nWhy", 17, "Speed up sums"},
         {"merge pull request #18 from kenji/fast\n\nSpeed up sums", 18,
          "Speed up sums"},
         {"Merged #19", 19, ""},
         {"Merge of #20\n\nSpeed up sums", 20, "Speed up sums"},
         {"Merged in kenji/fast (pull request #21)\n\nSpeed up sums", 21,
          "Speed up sums"},
         {"Pull request #22: Speed up sums\n\nMerge in A/b from c to d", 22,
          "Speed up sums"}}) {
    const auto x = as_pull_request(merge_of_two(message));
    ASSERT_TRUE(x) << message;
    EXPECT_EQ(x->number, number) << message;
    EXPECT_EQ(x->title, title) << message;
    EXPECT_EQ(x->kind, "merge") << message;
    EXPECT_EQ(x->note, "") << message;
  }
}

// bors gives a batch one commit, with a parent for each.
TEST(git_history, ABatchStandsForItsFirstAndSaysSo) {
  auto batch = merge_of_two("Merge #13, #14 and #15\n\n13: Faster r=a a=k\n\n"
                            "14: Speed r=a a=k");
  batch.parents.push_back(second);
  EXPECT_FALSE(as_pull_request(batch)) << "a parent for each";
  batch.parents.push_back(second);
  const auto x = as_pull_request(batch);
  ASSERT_TRUE(x);
  EXPECT_EQ(x->number, 13u);
  EXPECT_EQ(x->title, "Faster");
  EXPECT_EQ(x->note, "its commit merges #14, #15 as well: the change is theirs "
                     "together");
}

TEST(git_history, ASquashMayCarryTheMergesWords) {
  const auto x = as_pull_request(
    single("Merge pull request #19 from kenji/one\n\nSpeed up sums"));
  ASSERT_TRUE(x);
  EXPECT_EQ(x->number, 19u);
  EXPECT_EQ(x->kind, "squash");
  EXPECT_EQ(x->title, "Speed up sums");
}

// 10,773 pull requests of one recorded history are named in no other way.
TEST(git_history, ReadsWhatApachesScriptsClose) {
  const auto x = as_pull_request(
    single("ARROW-1: Faster\n\nWhy\n\nCloses #7 from user/x and squashes\n"));
  ASSERT_TRUE(x);
  EXPECT_EQ(x->number, 7u);
  EXPECT_EQ(x->title, "ARROW-1: Faster");
  EXPECT_FALSE(as_pull_request(single("x\n\nThis Closes #7 from user/x")));
}

TEST(git_history, ABackportIsNotedAndYieldsToThePullRequest) {
  const auto own = as_pull_request(single("[Backport 1.x] Faster (#25) (#30)"));
  ASSERT_TRUE(own);
  EXPECT_EQ(own->number, 30u);
  const auto picked = as_pull_request(
    single("Faster (#25)\n\n(cherry picked from commit " + some_id + ")"));
  ASSERT_TRUE(picked);
  EXPECT_TRUE(picked->doubtful);
  EXPECT_THAT(picked->note, ::testing::HasSubstr("cherry-picked"));
}

TEST(git_history, KeepsEachNumberOnce) {
  const auto kept
    = one_per_number({with(1, "squash", "newest"), with(2, "squash", "s"),
                      with(1, "squash", "oldest"), with(2, "merge", "m"),
                      with(3, "squash", "x"), with(2, "merge", "older")});
  ASSERT_THAT(kept, SizeIs(3));
  EXPECT_EQ(kept[0].commit, "oldest");
  EXPECT_EQ(kept[0].note, "2 commits name it: taken is oldest, not newest");
  EXPECT_EQ(kept[1].commit, "x");
  EXPECT_EQ(kept[1].note, "");
  EXPECT_EQ(kept[2].commit, "older");
}

// `Changelog for #25 (#25)` stood for pull request 25 because it was newer.
TEST(git_history, ALaterMentionDoesNotReplaceThePullRequest) {
  const auto of = [](const char* subject, const char* id) {
    auto x = single(subject);
    x.id = id;
    return *as_pull_request(x);
  };
  for (const auto* mention :
       {"Changelog for sums (#25)", "DOC: add release note (#25)",
        "Follow-up to faster sums (#25)", "Backport faster sums (#25)",
        "Revert faster sums (#25)"}) {
    const auto kept
      = one_per_number({of(mention, "later"), of("Faster (#25)", "pull")});
    ASSERT_THAT(kept, SizeIs(1));
    EXPECT_EQ(kept[0].commit, "pull") << mention;
    EXPECT_EQ(kept[0].note, "") << mention;
  }
}

// A repository that moved counts from one again: the newer 25 is GitHub's.
TEST(git_history, NumbersThatBeganAnewAreTheNewest) {
  std::vector<merged_commit> newest_first;
  for (std::uint32_t n = 200; n > 0; --n)
    newest_first.push_back(with(n, "squash", "new" + std::to_string(n)));
  for (std::uint32_t n = 200; n > 0; --n)
    newest_first.push_back(with(n, "squash", "old" + std::to_string(n)));
  const auto kept = one_per_number(newest_first);
  ASSERT_THAT(kept, SizeIs(200));
  EXPECT_EQ(kept[100].commit, "new100");
  EXPECT_EQ(kept[100].note, "2 commits name it: taken is new100, not old100");
}

TEST(git_history, AHostileHistoryIsReadInLinearTime) {
  std::vector<merged_commit> all(400'000, with(1, "squash", "x"));
  const auto kept = one_per_number(std::move(all));
  ASSERT_THAT(kept, SizeIs(1));
  EXPECT_LT(kept[0].note.size(), 200u);
  std::string message = "Merge";
  for (int i = 1; i <= 400'000; ++i)
    message += " #" + std::to_string(i);
  const auto x = as_pull_request(merge_of_two(message));
  ASSERT_TRUE(x);
  EXPECT_LT(x->note.size(), 200u);
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
