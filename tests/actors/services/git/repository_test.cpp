#include "actors/services/git/remote_git.hpp"
#include "tests/actors/services/git/sample_repository.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <thread>

namespace fc::actors::services {

using events::code_of;
using events::ec;
using test::first_moment;
using test::last_moment;
using test::sample_repository;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

namespace fs = std::filesystem;

namespace {

std::vector<std::uint32_t> numbers(const std::vector<merged_commit>& all) {
  std::vector<std::uint32_t> out;
  for (const auto& x : all)
    out.push_back(x.number);
  return out;
}

std::vector<std::string> names(const std::vector<tree_entry>& all) {
  std::vector<std::string> out;
  for (const auto& x : all)
    out.push_back(x.name + (x.folder ? "/" : "") + (x.submodule ? "@" : ""));
  return out;
}

ec open_error(const fs::path& path) {
  auto opened = git_repository::open(path);
  EXPECT_FALSE(opened) << path;
  return opened ? ec::none : code_of(opened.error());
}

} // namespace

TEST(git_repository, OpensWhatIsARepository) {
  sample_repository repo;
  repo.write("a", "1");
  const auto head = repo.commit("one");
  repo.git({"clone", "--quiet", "--bare", ".", "../bare.git"});
  repo.git({"worktree", "add", "--quiet", "--detach", "../tree", head});
  const auto top = repo.folder().parent_path();
  for (const auto& path :
       {top / "work", top / "work/.git", top / "bare.git", top / "tree"}) {
    auto opened = git_repository::open(path);
    ASSERT_TRUE(opened) << path << events::describe(opened.error());
    EXPECT_EQ((*opened)->path(), path);
    const auto id = (*opened)->resolve("HEAD");
    ASSERT_TRUE(id) << path;
    EXPECT_EQ(*id, head);
  }
}

TEST(git_repository, RefusesWhatIsNone) {
  sample_repository repo;
  repo.write("sub/a", "1");
  repo.write("../file", "1");
  repo.write("../fake/.git", "gitdir: /nowhere\n");
  repo.write("../torn/HEAD", "junk");
  const auto top = repo.folder().parent_path();
  for (const auto* name : {"absent", "file", "fake", "torn", "", "work/sub"})
    EXPECT_EQ(open_error(top / name), ec::invalid_argument) << name;
}

TEST(git_repository, LeavesNothingBehind) {
  sample_repository repo;
  repo.write("a", "1");
  repo.commit("one");
  const auto before = repo.git({"count-objects", "-v"});
  const auto index = fs::last_write_time(repo.folder() / ".git/index");
  // A temporary folder of its own: other tests run at the same time.
  const auto temporary = repo.folder().parent_path() / "temporary";
  fs::create_directory(temporary);
  ::setenv("TMPDIR", temporary.c_str(), 1);
  const auto privates = [&temporary] {
    return std::count_if(
      fs::directory_iterator{temporary}, {}, [](const auto& x) {
        return x.path().filename().string().starts_with("fc-git-");
      });
  };
  {
    auto git = repo.open();
    ASSERT_TRUE(git->merged("HEAD", first_moment, last_moment));
    ASSERT_FALSE(git->export_tree("HEAD", repo.folder().parent_path() / "out"));
    EXPECT_GT(privates(), 0);
  }
  EXPECT_EQ(privates(), 0);
  ::unsetenv("TMPDIR");
  EXPECT_EQ(repo.git({"count-objects", "-v"}), before);
  EXPECT_EQ(fs::last_write_time(repo.folder() / ".git/index"), index);
}

TEST(git_repository, ResolvesRevisions) {
  sample_repository repo;
  repo.write("a", "1");
  const auto one = repo.commit("one");
  repo.git({"tag", "-a", "v1", "-m", "x", one});
  repo.write("a", "2");
  const auto two = repo.commit("two");
  auto git = repo.open();
  for (const auto& [name, id] :
       std::map<std::string, std::string>{{"HEAD", two},
                                          {"main", two},
                                          {"v1", one},
                                          {"HEAD~1", one},
                                          {one, one},
                                          {one.substr(0, 12), one}}) {
    const auto found = git->resolve(name);
    ASSERT_TRUE(found) << name;
    EXPECT_EQ(*found, id) << name;
  }
  for (const auto& name :
       {std::string{}, std::string{"nope"}, std::string(40, '1'),
        std::string{"HEAD\nHEAD"}, std::string{"HEAD~9"}, one + ":a",
        std::string{"--all"}, std::string{"a\0b", 3}}) {
    const auto found = git->resolve(name);
    ASSERT_FALSE(found) << name;
    EXPECT_EQ(code_of(found.error()), ec::not_found) << name;
  }
}

TEST(git_repository, SeesBranchesThatAppearLater) {
  sample_repository repo;
  repo.write("a", "1");
  repo.commit("one");
  auto git = repo.open();
  EXPECT_FALSE(git->resolve("later"));
  repo.git({"branch", "later"});
  EXPECT_TRUE(git->resolve("later"));
}

TEST(git_repository, SaysThatAnEmptyRepositoryHasNoHead) {
  sample_repository repo;
  auto git = repo.open();
  const auto found = git->merged("HEAD", first_moment, last_moment);
  ASSERT_FALSE(found);
  EXPECT_EQ(code_of(found.error()), ec::not_found);
  EXPECT_THAT(events::describe(found.error()), HasSubstr("HEAD"));
}

TEST(git_repository, NamesItsOrigin) {
  sample_repository repo;
  auto git = repo.open();
  EXPECT_FALSE(git->name_from_origin());
  repo.git({"remote", "add", "origin", "git@github.com:a/b.git"});
  ASSERT_TRUE(git->name_from_origin());
  EXPECT_EQ(git->name_from_origin()->str(), "a/b");
}

TEST(git_repository, FindsPullRequestsOnTheFirstParentHistory) {
  sample_repository repo;
  repo.write("a", "1");
  repo.commit("root");
  repo.write("a", "2");
  repo.merge("Merge pull request #1 from u/b\n\nFirst\n");
  repo.write("a", "3");
  repo.commit("Second (#2)");
  repo.write("a", "4");
  repo.commit("direct");
  const auto base = repo.head();
  const auto inner = repo.side_commit("Inside (#3)", {base});
  const auto other = repo.side_commit("other", {base});
  repo.commit("Merge pull request #4 from u/o", {base, inner, other});
  repo.commit("Merge pull request #5 from u/empty", {repo.head(), inner});
  auto git = repo.open();
  const auto found = git->merged("main", first_moment, last_moment);
  ASSERT_TRUE(found);
  EXPECT_THAT(numbers(*found), ElementsAre(5, 2, 1));
  EXPECT_EQ(found->at(0).commit, repo.head());
  EXPECT_EQ(found->at(2).title, "First");
}

TEST(git_repository, FiltersByCommitterDateWhateverTheOrder) {
  sample_repository repo;
  repo.at(1600000000);
  repo.commit("One (#1)");
  const auto start = repo.now();
  repo.commit("Two (#2)");
  const auto second = repo.now();
  repo.at(1500000000);
  repo.commit("Three (#3)");
  repo.at(1600100000);
  repo.commit("Four (#4)");
  const auto fourth = repo.now();
  auto git = repo.open();
  EXPECT_THAT(numbers(*git->merged("HEAD", start, last_moment)),
              ElementsAre(4, 2));
  EXPECT_THAT(numbers(*git->merged("HEAD", second, fourth)), ElementsAre(2));
  EXPECT_THAT(numbers(*git->merged("HEAD", fourth, fourth)), IsEmpty());
}

TEST(git_repository, WhatANumberMeansDoesNotDependOnTheWindow) {
  sample_repository repo;
  repo.commit("root");
  repo.merge("Merge pull request #1 from u/b");
  const auto after = repo.now() + std::chrono::seconds{1};
  repo.commit("Again (#1)");
  auto git = repo.open();
  const auto all = git->merged("HEAD", first_moment, last_moment);
  ASSERT_EQ(all->size(), 1u);
  EXPECT_EQ(all->front().kind, "merge");
  EXPECT_THAT(*git->merged("HEAD", after, last_moment), IsEmpty());
}

TEST(git_repository, ReadsMessagesInOtherEncodings) {
  sample_repository repo;
  repo.commit("root");
  repo.git({"config", "i18n.commitEncoding", "ISO-8859-1"});
  repo.commit("caf\xE9 (#1)");
  auto git = repo.open();
  const auto all = git->merged("HEAD", first_moment, last_moment);
  ASSERT_EQ(all->size(), 1u);
  EXPECT_EQ(all->front().title, "caf\u00E9");
  EXPECT_FALSE(all->front().text_repaired);
}

TEST(git_repository, DescribesAnyCommit) {
  sample_repository repo;
  repo.commit("root\n\nbody");
  const auto root = repo.head();
  repo.commit("Faster (#9)");
  auto git = repo.open();
  const auto plain = git->describe(root);
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->number, 0u);
  EXPECT_EQ(plain->title, "root");
  EXPECT_EQ(plain->body, "body");
  EXPECT_EQ(plain->base, "");
  const auto known = git->describe("HEAD");
  EXPECT_EQ(known->number, 9u);
  EXPECT_EQ(known->base, root);
  EXPECT_EQ(known->merged_at, repo.now());
  EXPECT_EQ(code_of(git->describe("nope").error()), ec::not_found);
}

TEST(git_repository, ReadsFilesAndFolders) {
  sample_repository repo;
  repo.write("a.txt", std::string_view{"x\0\r\ny", 5});
  repo.write("dir/ä b", "inner");
  repo.write("dir/sub/c", "");
  fs::create_symlink("a.txt", repo.folder() / "link");
  repo.commit("root");
  auto git = repo.open();
  EXPECT_EQ(**git->file("HEAD", "a.txt"), (std::string{"x\0\r\ny", 5}));
  EXPECT_EQ(**git->file("HEAD", "dir/ä b"), "inner");
  EXPECT_EQ(**git->file("HEAD", "./dir//sub/c"), "");
  EXPECT_EQ(**git->file("HEAD", "link"), "a.txt");
  for (const auto* path : {"none", "dir", "a.txt/x", "dir/..", "", "dir\nx"})
    EXPECT_FALSE(*git->file("HEAD", path)) << path;
  EXPECT_THAT(names(**git->folder("HEAD", "")),
              ElementsAre("a.txt", "dir/", "link"));
  EXPECT_THAT(names(**git->folder("HEAD", "dir/")), ElementsAre("sub/", "ä b"));
  EXPECT_FALSE(*git->folder("HEAD", "a.txt"));
  EXPECT_FALSE(*git->folder("HEAD", "none"));
  EXPECT_EQ(code_of(git->file(std::string(40, '1'), "a").error()),
            ec::not_found);
}

TEST(git_repository, TellsAbsentObjectsFromAbsentFiles) {
  sample_repository repo;
  repo.write("a", "gone");
  repo.write("dir/b", "there");
  repo.commit("root");
  const auto blob = repo.id("HEAD:a");
  repo.lose(blob);
  repo.lose(repo.id("HEAD:dir"));
  auto git = repo.open();
  const auto file = git->file("HEAD", "a");
  ASSERT_FALSE(file);
  EXPECT_EQ(code_of(file.error()), ec::missing_object);
  EXPECT_THAT(events::describe(file.error()), HasSubstr(blob));
  EXPECT_EQ(code_of(git->folder("HEAD", "dir").error()), ec::missing_object);
  EXPECT_TRUE(git->folder("HEAD", ""));
}

TEST(git_repository, GoesOnAfterADamagedObject) {
  sample_repository repo;
  repo.write("a", "broken");
  repo.write("b", "good");
  repo.commit("root");
  const auto blob = repo.id("HEAD:a");
  repo.lose(blob);
  repo.write(".git/objects/" + blob.substr(0, 2) + '/' + blob.substr(2), "xx");
  auto git = repo.open();
  EXPECT_FALSE(git->file("HEAD", "a"));
  EXPECT_EQ(**git->file("HEAD", "b"), "good");
}

TEST(git_repository, MayMoveToAnotherThread) {
  sample_repository repo;
  repo.write("a", "1");
  repo.commit("root");
  auto git = repo.open();
  std::thread{[&] {
    EXPECT_TRUE(git->file("HEAD", "a"));
  }}.join();
  EXPECT_EQ(**git->file("HEAD", "a"), "1");
}

TEST(git_repository, ReportsABrokenHistory) {
  sample_repository repo;
  const auto root = repo.commit("root");
  repo.commit("next (#1)");
  repo.lose(root);
  auto git = repo.open();
  const auto found = git->merged("HEAD", first_moment, last_moment);
  ASSERT_FALSE(found);
  EXPECT_EQ(code_of(found.error()), ec::missing_object);
  EXPECT_THAT(events::describe(found.error()), HasSubstr(root));
}

// It hung beyond every signal; a device would have filled the memory.
TEST(git_repository, DoesNotWaitForAPipeInThePlaceOfAFile) {
  sample_repository repo;
  repo.commit("root");
  const auto shallow = repo.folder() / ".git" / "shallow";
  ASSERT_EQ(::mkfifo(shallow.c_str(), 0600), 0);
  const auto opened = git_repository::open(repo.folder());
  ASSERT_FALSE(opened);
  EXPECT_THAT(events::describe(opened.error()), HasSubstr("shallow"));
}

TEST(network_git, HasBounds) {
  const auto spec = network_git({"fetch"}, 60);
  EXPECT_GT(spec.memory_mb, 0u);
  EXPECT_EQ(spec.timeout_s, 60);
}

TEST(git_repository, ReadsSha256Repositories) {
  sample_repository repo{{"--object-format=sha256"}};
  repo.write("d/a", "1");
  repo.commit("root");
  repo.commit("x (#1)");
  auto git = repo.open();
  const auto found = git->merged("HEAD", first_moment, last_moment);
  ASSERT_TRUE(found) << events::describe(found.error());
  EXPECT_EQ(found->at(0).base.size(), 64u);
  EXPECT_EQ(**git->file("HEAD", "d/a"), "1");
}

} // namespace fc::actors::services
