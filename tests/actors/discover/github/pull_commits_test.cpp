#include "actors/discover/github/pull_commits.hpp"
#include "tests/actors/services/git/sample_repository.hpp"

#include <gmock/gmock.h>

namespace fc::test {
namespace {

using namespace actors;
using events::describe;
using services::partial_clone;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// Histories as GitHub's buttons make them.
class found_commits : public testing::Test {
protected:
  found_commits() {
    origin.git({"config", "uploadpack.allowFilter", "true"});
    origin.git({"config", "uploadpack.allowAnySHA1InWant", "true"});
    for (const auto* path : {"a", "b", "c", "d"})
      origin.write(path, "old\n");
    root = origin.commit("First commit");
  }

  /// A pull request of these files, as GitHub lists it.
  static listed_pull pull(std::uint32_t number, const std::string& merge,
                          const std::vector<std::string>& files) {
    listed_pull x;
    x.facts.number = number;
    x.facts.merge = merge;
    for (const auto& path : files)
      x.facts.files.push_back({path, 1, 1});
    x.facts.changed_files = static_cast<std::uint32_t>(files.size());
    x.files_whole = true;
    return x;
  }

  std::string edit(const std::string& path, const std::string& message) {
    origin.write(path, message + "\n");
    return origin.commit(message);
  }
  std::string side(const std::string& path, const std::string& message,
                   const std::string& parent) {
    origin.write(path, message + "\n");
    return origin.side_commit(message, {parent});
  }

  std::vector<pull_commits> find(const std::vector<listed_pull>& pulls) {
    auto clone = partial_clone::bring(origin.folder().string(),
                                      dir.path() / "a.git", 60, nullptr);
    EXPECT_TRUE(clone) << describe(clone.error());
    std::vector<const listed_pull*> all;
    for (const auto& each : pulls)
      all.push_back(&each);
    auto found = find_commits(*clone, all, nullptr);
    EXPECT_TRUE(found) << describe(found.error());
    operations = clone->operations() - 1;
    return found ? *found : std::vector<pull_commits>(pulls.size());
  }
  pull_commits find(const listed_pull& one) {
    return find(std::vector{one}).front();
  }

  sample_repository origin;
  support::temp_dir dir;
  std::string root;
  std::uint32_t operations = 0;
};

TEST_F(found_commits, OfASquash) {
  const auto x = find(pull(5, edit("a", "Faster (#5)"), {"a"}));
  EXPECT_EQ(x.kind, "squash");
  EXPECT_EQ(x.merge, origin.head());
  EXPECT_THAT(x.bases, ElementsAre(root));
  ASSERT_EQ(x.changes.size(), 1u);
  EXPECT_EQ(x.changes[0].path, "a");
  EXPECT_THAT(x.note, IsEmpty());
  EXPECT_EQ(operations, 0u);
}

TEST_F(found_commits, OfASquashWhoseTitleWasEdited) {
  edit("a", "Pushed without a pull request");
  const auto before = origin.head();
  const auto x = find(pull(5, edit("b", "Faster"), {"b"}));
  EXPECT_EQ(x.kind, "squash");
  EXPECT_THAT(x.bases, ElementsAre(before));
}

TEST_F(found_commits, OfAMerge) {
  const auto work = side("a", "Work", root);
  const auto pushed = edit("b", "Pushed meanwhile");
  const auto merge
    = origin.commit("Merge pull request #5 from a/b", {pushed, work});
  const auto x = find(pull(5, merge, {"a"}));
  EXPECT_EQ(x.kind, "merge");
  EXPECT_THAT(x.bases, ElementsAre(pushed));
}

/// It was taken for a rebase, and its base looked for further back.
TEST_F(found_commits, OfAMergeWhoseTitleWasEdited) {
  edit("a", "Pushed before");
  const auto pushed = edit("a", "Pushed again");
  const auto work = side("a", "Work", root);
  const auto merge = origin.commit("Bring in the work", {pushed, work});
  const auto x = find(pull(5, merge, {"a", "b"})); // one conflict went away
  EXPECT_EQ(x.kind, "merge");
  EXPECT_THAT(x.bases, ElementsAre(pushed));
}

TEST_F(found_commits, OfARebaseOfSeveralCommits) {
  const auto before = edit("d", "Before (#4)");
  edit("a", "Part one");
  edit("b", "Part two");
  const auto x = find(pull(5, edit("c", "Part three"), {"a", "b", "c"}));
  EXPECT_EQ(x.kind, "rebase");
  EXPECT_THAT(x.bases, ElementsAre(before));
  EXPECT_EQ(x.changes.size(), 3u);
  EXPECT_THAT(x.note, IsEmpty());
}

TEST_F(found_commits, OfARebaseBehindWhatWasPushed) {
  const auto before = edit("d", "Pushed without a pull request");
  edit("a", "Part one");
  const auto x = find(pull(5, edit("b", "Part two"), {"a", "b"}));
  EXPECT_EQ(x.kind, "rebase");
  EXPECT_THAT(x.bases, ElementsAre(before));
}

/// Trees cannot tell: the lines will.
TEST_F(found_commits, OfARebaseWhoseLastCommitTouchesAllFiles) {
  const auto before = edit("d", "Before (#4)");
  const auto one = edit("a", "Part one");
  const auto x = find(pull(5, edit("a", "Part two"), {"a"}));
  EXPECT_THAT(x.bases, ElementsAre(one, before));
  EXPECT_EQ(x.kind, "squash"); // the likeliest
}

TEST_F(found_commits, OfAPullRequestOfAnotherBranch) {
  const auto maintained = side("a", "Branch off", root);
  const auto merged = side("b", "Backport (#5)", maintained);
  origin.git({"update-ref", "refs/heads/1.x", merged});
  const auto x = find(pull(5, merged, {"b"}));
  EXPECT_EQ(x.kind, "squash");
  EXPECT_THAT(x.bases, ElementsAre(maintained));
  EXPECT_EQ(operations, 0u);
}

TEST_F(found_commits, OfABranchThatIsGone) {
  const auto first = side("a", "Feature (#5)", root);
  const auto second = side("b", "More (#6)", first);
  const auto found
    = find(std::vector{pull(5, first, {"a"}), pull(6, second, {"b"})});
  EXPECT_THAT(found[0].bases, ElementsAre(root));
  EXPECT_THAT(found[1].bases, ElementsAre(first));
  EXPECT_EQ(operations, 1u); // both together
}

TEST_F(found_commits, WithoutAMergeCommitAreTheBranchsOwn) {
  const auto work = side("a", "Work", root);
  const auto more = side("b", "More", work);
  auto one = pull(5, "", {"a", "b"});
  one.facts.head = more;
  one.base_tip = edit("c", "Went on");
  const auto x = find(one);
  EXPECT_EQ(x.kind, "head");
  EXPECT_EQ(x.merge, more);
  EXPECT_THAT(x.bases, ElementsAre(root));
  EXPECT_THAT(x.note, HasSubstr("names no merge commit"));
}

TEST_F(found_commits, WhoseMergeCommitIsGone) {
  auto one = pull(5, std::string(40, 'a'), {"a"});
  one.facts.head = side("a", "Work", root);
  one.base_tip = root;
  auto two = pull(6, edit("b", "Faster (#6)"), {"b"});
  auto lost = pull(7, std::string(40, 'b'), {"a"});
  lost.facts.head = std::string(40, 'c');
  lost.base_tip = root;
  // One that is gone takes nothing else with it.
  const auto found = find({one, two, lost});
  EXPECT_THAT(found[0].note, HasSubstr(std::string(40, 'a')));
  EXPECT_EQ(found[1].kind, "squash");
  EXPECT_THAT(found[2].kind, IsEmpty()); // GitHub serves it, or nobody
}

/// Each was asked for alone: hundreds of operations for one that is gone.
TEST_F(found_commits, OfManyAreFoundInFewOperationsWhereOneIsGone) {
  std::vector<listed_pull> pulls;
  auto last = root;
  for (std::uint32_t i = 1; i <= 32; ++i) {
    last = side("a", "Work (#" + std::to_string(i) + ")", last);
    pulls.push_back(pull(i, last, {"a"}));
  }
  pulls[20].facts.merge = std::string(40, 'a');
  const auto found = find(pulls);
  EXPECT_LE(operations, 2u * 6);
  for (std::size_t i = 0; i < found.size(); ++i)
    EXPECT_EQ(found[i].kind.empty(), i == 20) << i;
}

/// A network that failed made all of them "gone".
TEST_F(found_commits, AreNoFactWhereTheNetworkFails) {
  const auto one = pull(5, side("a", "Work", root), {"a"});
  auto clone = partial_clone::bring(origin.folder().string(),
                                    dir.path() / "a.git", 60, nullptr);
  ASSERT_TRUE(clone) << describe(clone.error());
  std::filesystem::remove_all(origin.folder());
  EXPECT_FALSE(find_commits(*clone, {&one}, nullptr));
}

/// An empty diff would have been taken for the change.
TEST_F(found_commits, AreNotMadeOfABranchThatTheBaseHolds) {
  auto one = pull(5, "", {"a"});
  one.facts.head = edit("a", "Pushed by hand");
  one.base_tip = edit("b", "Went on");
  const auto x = find(one);
  EXPECT_THAT(x.kind, IsEmpty());
  EXPECT_THAT(x.note, HasSubstr("held its commits"));
}

TEST_F(found_commits, WhoseFilesFitNowhereSaySo) {
  edit("a", "Part one");
  const auto before = edit("b", "Part two");
  const auto x = find(pull(5, edit("c", "Part three"), {"c", "z"}));
  EXPECT_THAT(x.bases, ElementsAre(before));
  EXPECT_THAT(x.note, HasSubstr("first parent of the merge"));
}

TEST_F(found_commits, OfTheVeryFirstCommit) {
  const auto x = find(pull(5, root, {"a", "b", "c", "d"}));
  EXPECT_THAT(x.kind, IsEmpty());
  EXPECT_THAT(x.note, HasSubstr("no parent"));
}

TEST_F(found_commits, OfNothing) {
  EXPECT_THAT(find(std::vector<listed_pull>{}), IsEmpty());
}

services::raw_change change(const std::string& path) {
  return {path, 'M', {}, {}};
}

TEST(same_files, ComparesWhatGitHubLists) {
  listed_pull x;
  x.facts.files = {{"a", 1, 1}, {"b", 1, 1}};
  x.facts.changed_files = 2;
  x.files_whole = true;
  EXPECT_TRUE(same_files({change("b"), change("a")}, x));
  EXPECT_FALSE(same_files({change("a")}, x));
  EXPECT_FALSE(same_files({change("a"), change("c")}, x));
  EXPECT_FALSE(same_files({change("a"), change("b"), change("c")}, x));
  x.renamed_files = 1; // trees have the old path as well
  EXPECT_TRUE(same_files({change("a"), change("b"), change("c")}, x));
  EXPECT_FALSE(same_files({change("a"), change("b")}, x));
}

TEST(same_files, KnowsAListThatWasCut) {
  listed_pull x;
  x.facts.files = {{"a", 1, 1}};
  x.facts.changed_files = 3;
  EXPECT_FALSE(same_files({change("a"), change("b")}, x));
  EXPECT_TRUE(same_files({change("a"), change("b"), change("c")}, x));
  // Renames behind the cut are not known: more is no less.
  EXPECT_TRUE(
    same_files({change("a"), change("b"), change("c"), change("d")}, x));
  EXPECT_FALSE(same_files({change("b"), change("c"), change("d")}, x));
}

TEST(same_files, AgreesThatNothingChanged) {
  listed_pull nothing;
  nothing.files_whole = true;
  EXPECT_TRUE(same_files({}, nothing));
  EXPECT_FALSE(same_files({change("a")}, nothing));
}

} // namespace
} // namespace fc::test
