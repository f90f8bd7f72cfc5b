#include "actors/services/git/partial_clone.hpp"
#include "tests/actors/services/git/sample_repository.hpp"

#include <gmock/gmock.h>

#include <fstream>

namespace fc::test {
namespace {

using namespace actors::services;
using events::code_of;
using events::describe;
using events::ec;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

/// A repository that serves what GitHub serves, and clones without contents.
class partial_clones : public testing::Test {
protected:
  partial_clones() {
    origin.git({"config", "uploadpack.allowFilter", "true"});
    origin.git({"config", "uploadpack.allowAnySHA1InWant", "true"});
    origin.write("a.py", "one\n");
    origin.write("sub/b.py", "two\n");
    first = origin.commit("First");
    origin.write("a.py", "three\n");
    second = origin.commit("Second (#2)");
  }

  expected<partial_clone> bring(const stop_flag& stop = nullptr) {
    return partial_clone::bring(origin.folder().string(), path(), 60, stop);
  }
  partial_clone must_bring() {
    auto x = bring();
    EXPECT_TRUE(x) << describe(x.error());
    return x ? *x : partial_clone::at(path());
  }
  std::filesystem::path path() const {
    return dir.path() / "clones" / "a.git";
  }
  static std::vector<std::string>
  must(const expected<std::vector<std::string>>& x) {
    EXPECT_TRUE(x) << describe(x.error());
    return x ? *x : std::vector<std::string>{};
  }

  sample_repository origin;
  support::temp_dir dir;
  std::string first;
  std::string second;
};

TEST_F(partial_clones, HasCommitsAndTreesButNoContents) {
  const auto x = must_bring();
  EXPECT_EQ(x.operations(), 1u);
  EXPECT_TRUE(partial_clone::is_one(path()));
  EXPECT_FALSE(partial_clone::is_one(origin.folder()));
  EXPECT_FALSE(partial_clone::is_one(dir.path() / "nothing"));
  const auto one = origin.id(first + ":a.py");
  const auto none = std::string(40, 'a');
  EXPECT_THAT(must(x.absent({first, second, one, none, one})),
              UnorderedElementsAre(one, none));
  EXPECT_THAT(must(x.absent({})), IsEmpty());
  EXPECT_THAT(must(x.absent_files({first, second})),
              UnorderedElementsAre(one, origin.id("HEAD:a.py"),
                                   origin.id("HEAD:sub/b.py")));
}

TEST_F(partial_clones, BringsManyContentsInOneOperation) {
  auto x = must_bring();
  const std::vector<std::string> ids{origin.id(first + ":a.py"),
                                     origin.id("HEAD:sub/b.py")};
  EXPECT_FALSE(x.fetch_files(ids, nullptr));
  EXPECT_EQ(x.operations(), 2u);
  EXPECT_THAT(must(x.absent(ids)), IsEmpty());
  EXPECT_EQ(must(x.absent_files({second})).size(), 1u);
  EXPECT_FALSE(x.fetch_files({}, nullptr));
  EXPECT_EQ(x.operations(), 2u);
}

TEST_F(partial_clones, BringsCommitsThatNoBranchLeadsTo) {
  auto x = must_bring();
  origin.write("a.py", "four\n");
  const auto side = origin.side_commit("Side", {first});
  EXPECT_THAT(must(x.absent({side})), ElementsAre(side));
  EXPECT_FALSE(x.fetch_commits({side}, nullptr));
  EXPECT_THAT(must(x.absent({side})), IsEmpty());
  const auto changes = x.raw_changes({{first, side, false}});
  ASSERT_TRUE(changes) << describe(changes.error());
  ASSERT_EQ(changes->front().size(), 1u);
  const auto four = changes->front().front().new_id;
  EXPECT_THAT(must(x.absent({four})), ElementsAre(four)); // no contents
}

TEST_F(partial_clones, TellsWhatTheOtherSideHasNot) {
  auto x = must_bring();
  const auto none = std::string(40, 'a');
  EXPECT_EQ(code_of(x.fetch_files({none}, nullptr)), ec::missing_object);
  EXPECT_EQ(code_of(x.fetch_commits({none}, nullptr)), ec::missing_object);
  EXPECT_THAT(must(x.absent({none})), ElementsAre(none));
}

TEST_F(partial_clones, IsBroughtUpToDate) {
  must_bring();
  origin.write("c.py", "five\n");
  const auto third = origin.commit("Third");
  const auto x = must_bring();
  EXPECT_EQ(x.operations(), 1u);
  EXPECT_THAT(must(x.absent({third})), IsEmpty());
  auto git = git_repository::open(path());
  ASSERT_TRUE(git);
  EXPECT_EQ(*(*git)->resolve("refs/heads/main"), third);
}

TEST_F(partial_clones, FollowsABranchThatWasRewritten) {
  must_bring();
  origin.write("a.py", "other\n");
  const auto other = origin.commit("Other", {first});
  must_bring();
  auto git = git_repository::open(path());
  ASSERT_TRUE(git);
  EXPECT_EQ(*(*git)->resolve("refs/heads/main"), other);
}

/// Git cannot keep a branch "x" beside one "x/y".
TEST_F(partial_clones, FollowsABranchThatBecameAFolder) {
  origin.git({"branch", "topic"});
  must_bring();
  origin.git({"branch", "-D", "topic"});
  origin.git({"branch", "topic/new"});
  auto x = bring();
  ASSERT_TRUE(x) << describe(x.error());
  EXPECT_THAT(must(x->absent({second})), IsEmpty());
}

TEST_F(partial_clones, FollowsARepositoryToItsNewAddress) {
  must_bring();
  const auto moved = dir.path() / "moved";
  std::filesystem::copy(origin.folder(), moved,
                        std::filesystem::copy_options::recursive);
  auto x = partial_clone::bring(moved.string(), path(), 60, nullptr);
  ASSERT_TRUE(x) << describe(x.error());
  EXPECT_FALSE(x->fetch_files({origin.id("HEAD:a.py")}, nullptr));
}

TEST_F(partial_clones, SaysThatThereIsNothing) {
  const auto absent = dir.path() / "none";
  auto x = partial_clone::bring(absent.string(), path(), 60, nullptr);
  ASSERT_FALSE(x);
  EXPECT_EQ(code_of(x.error()), ec::not_found);
  EXPECT_FALSE(std::filesystem::exists(path()));
}

TEST_F(partial_clones, ShowsNoPasswordInErrors) {
  auto x = partial_clone::bring("http://me:hush-hush@127.0.0.1:1/a.git", path(),
                                60, nullptr);
  ASSERT_FALSE(x);
  EXPECT_EQ(code_of(x.error()), ec::unavailable);
  EXPECT_EQ(describe(x.error()).find("hush-hush"), std::string::npos);
}

/// What a killed run left of a clone is no clone.
TEST_F(partial_clones, LeavesNoHalf) {
  auto half = path();
  half += ".part";
  std::filesystem::create_directories(half / "objects");
  std::ofstream{half / "HEAD"} << "ref: refs/heads/main\n";
  must_bring();
  EXPECT_FALSE(std::filesystem::exists(half));
  EXPECT_TRUE(std::filesystem::exists(path()));
}

TEST_F(partial_clones, LeavesNothingWhenStopped) {
  const auto stop = std::make_shared<std::atomic<bool>>(true);
  auto x = bring(stop);
  ASSERT_FALSE(x);
  EXPECT_EQ(code_of(x.error()), ec::cancelled);
  EXPECT_TRUE(std::filesystem::is_empty(path().parent_path()));
  must_bring();
}

TEST_F(partial_clones, ReadsChangesOfOddPaths) {
  const std::vector<std::string> odd{"two\nlines",
                                     "a \"quote\"",
                                     "back\\slash",
                                     "gr\xc3\xb6\xc3\x9f"
                                     "e",
                                     ":colon",
                                     "tab\there",
                                     " space "};
  for (const auto& path : odd)
    origin.write(path, path);
  origin.write("caf\xe9", "not UTF-8");
  const auto third = origin.commit("Third");
  const auto x = must_bring();
  const auto changes = x.raw_changes({{second, third, false}});
  ASSERT_TRUE(changes) << describe(changes.error());
  std::vector<std::string> paths;
  for (const auto& each : changes->front()) {
    EXPECT_EQ(each.status, 'A');
    EXPECT_THAT(each.old_id, IsEmpty());
    EXPECT_EQ(each.new_id.size(), 40u);
    paths.push_back(each.path);
  }
  auto all = odd;
  all.emplace_back("caf\xef\xbf\xbd");
  EXPECT_THAT(paths, testing::UnorderedElementsAreArray(all));
}

TEST_F(partial_clones, ReadsChangesOfEachKind) {
  std::filesystem::rename(origin.folder() / "sub/b.py",
                          origin.folder() / "moved.py");
  std::filesystem::permissions(origin.folder() / "a.py",
                               std::filesystem::perms::owner_all);
  std::filesystem::create_symlink("a.py", origin.folder() / "link");
  const auto third = origin.commit("Third");
  const auto x = must_bring();
  // Nothing, something, nothing, and the same backwards.
  const auto changes = x.raw_changes({{third, third, false},
                                      {second, third, false},
                                      {third, third, false},
                                      {third, second, false}});
  ASSERT_TRUE(changes) << describe(changes.error());
  ASSERT_EQ(changes->size(), 4u);
  EXPECT_THAT((*changes)[0], IsEmpty());
  EXPECT_THAT((*changes)[2], IsEmpty());
  std::string kinds;
  for (const auto& each : (*changes)[1])
    kinds += each.path + ":" + each.status + " ";
  EXPECT_EQ(kinds, "a.py:M link:A moved.py:A sub/b.py:D ");
  EXPECT_EQ((*changes)[3].size(), 4u);
  EXPECT_THAT(x.raw_changes({})->size(), 0u);
  EXPECT_FALSE(x.raw_changes({{std::string(40, 'a'), third, false}}));
}

TEST_F(partial_clones, KnowsWhereABranchLeft) {
  origin.write("a.py", "four\n");
  const auto side = origin.side_commit("Side", {first});
  const auto alone = origin.side_commit("Alone", {});
  auto x = must_bring();
  EXPECT_FALSE(x.fetch_commits({side, alone}, nullptr));
  EXPECT_EQ(*x.merge_base(second, side), first);
  EXPECT_EQ(*x.merge_base(second, first), first);
  EXPECT_EQ(*x.merge_base(second, alone), std::nullopt);
  EXPECT_FALSE(x.merge_base(second, std::string(40, 'a')));
}

} // namespace
} // namespace fc::test
