#include "actors/services/git/change_stream.hpp"
#include "tests/actors/services/git/sample_repository.hpp"

#include <gmock/gmock.h>

namespace fc::actors::services {

using events::code_of;
using events::ec;
using events::file_change;
using test::sample_repository;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

using request = git_repository::change_request;

namespace {

/// A root commit, changes to its files, and one more commit.
struct two_commits : sample_repository {
  explicit two_commits(names init = {}) : sample_repository(std::move(init)) {}
  void base_is(const std::map<std::string, std::string>& files) {
    for (const auto& [path, text] : files)
      write(path, text);
    base = commit("root");
  }
  request asked(bool with_diff = true) {
    return {base, commit("change"), with_diff};
  }
  std::string base;
};

std::vector<commit_change>
read(git_repository& git, const std::vector<request>& requests) {
  std::vector<commit_change> out;
  const auto err = git.changes(requests, [&](std::size_t i, commit_change x) {
    EXPECT_EQ(i, out.size());
    out.push_back(std::move(x));
    return events::error{};
  });
  EXPECT_FALSE(err) << events::describe(err);
  EXPECT_EQ(out.size(), requests.size());
  return out;
}

commit_change read(two_commits& repo, bool with_diff = true) {
  const auto asked = repo.asked(with_diff);
  auto out = read(*repo.open(), {asked});
  return out.empty() ? commit_change{} : std::move(out.front());
}

std::string lines(std::size_t count, std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i)
    out += std::string{text} + std::to_string(i) + '\n';
  return out;
}

} // namespace

TEST(git_changes, CountsAndShowsADiff) {
  two_commits repo;
  repo.base_is({{"a", "1\n2\n3\n"}, {"gone", "x\n"}});
  repo.write("a", "1\nzwei\n3\n4\n");
  repo.remove("gone");
  repo.write("new", "y");
  const auto x = read(repo);
  EXPECT_THAT(x.files,
              ElementsAre(file_change{"a", 2, 1}, file_change{"gone", 0, 1},
                          file_change{"new", 1, 0}));
  EXPECT_EQ(x.additions, 3u);
  EXPECT_EQ(x.deletions, 2u);
  EXPECT_TRUE(x.diff.starts_with("diff --git a/a b/a\nindex "));
  EXPECT_TRUE(x.diff.ends_with("+y\n\\ No newline at end of file\n"));
  EXPECT_THAT(x.diff, HasSubstr(repo.id("HEAD:a")));
  EXPECT_THAT(x.missing_objects, IsEmpty());
  EXPECT_FALSE(x.text_repaired);
}

TEST(git_changes, ReadsFilesAloneWhereNoDiffIsAskedFor) {
  two_commits repo;
  repo.base_is({{"a", "1\n"}});
  repo.write("a", "2\n");
  const auto x = read(repo, false);
  EXPECT_THAT(x.files, ElementsAre(file_change{"a", 1, 1}));
  EXPECT_EQ(x.diff, "");
}

TEST(git_changes, ARenameHasItsNewPath) {
  two_commits repo;
  repo.base_is({{"old => name", lines(20, "x")}, {"same", lines(9, "y")}});
  repo.remove("old => name");
  repo.write("dir/new", lines(20, "x") + "more\n");
  repo.remove("same");
  repo.write("moved", lines(9, "y"));
  const auto asked = repo.asked();
  for (const bool with_diff : {true, false}) {
    const auto x
      = read(*repo.open(), {{asked.base, asked.commit, with_diff}}).at(0);
    EXPECT_THAT(x.files, ElementsAre(file_change{"dir/new", 1, 0},
                                     file_change{"moved", 0, 0}));
    if (with_diff) {
      EXPECT_THAT(x.diff, HasSubstr("rename from old => name\n"));
    }
  }
}

TEST(git_changes, BinaryFilesHaveNoLines) {
  two_commits repo;
  repo.base_is({{"bin", std::string{"\0\1", 2}}});
  repo.write("bin", std::string_view{"\0\2\n\n", 4});
  const auto x = read(repo);
  EXPECT_THAT(x.files, ElementsAre(file_change{"bin", 0, 0}));
  EXPECT_THAT(x.diff, HasSubstr("Binary files a/bin and b/bin differ\n"));
}

TEST(git_changes, ReadsPathsOfAllKinds) {
  two_commits repo;
  repo.base_is({{"a", ""}});
  for (const auto* path : {"mit leer", "ünï", "tab\there", "line\nbreak",
                           "quo\"te", "back\\slash", " lead"})
    repo.write(path, "1\n");
  const auto x = read(repo);
  EXPECT_THAT(x.files,
              UnorderedElementsAre(
                file_change{"mit leer", 1, 0}, file_change{"ünï", 1, 0},
                file_change{"tab\there", 1, 0},
                file_change{"line\nbreak", 1, 0}, file_change{"quo\"te", 1, 0},
                file_change{"back\\slash", 1, 0}, file_change{" lead", 1, 0}));
  EXPECT_FALSE(x.text_repaired);
}

TEST(git_changes, RepairsPathsButNotDiffs) {
  two_commits repo;
  repo.base_is({{"a", ""}});
  repo.write("caf\xE9", "na\xEFve\n");
  const auto x = read(repo);
  EXPECT_THAT(x.files, ElementsAre(file_change{"caf\uFFFD", 1, 0}));
  EXPECT_TRUE(x.text_repaired);
  EXPECT_THAT(x.diff, HasSubstr("+na\xEFve\n"));
}

TEST(git_changes, AChangeWithoutDifferencesIsEmpty) {
  two_commits repo;
  repo.base_is({{"a", "1\n"}});
  const auto git = repo.open();
  const auto same = repo.asked();
  const auto all = read(
    *git,
    {same, {repo.base, repo.base, true}, same, {repo.base, repo.base, false}});
  for (const auto& x : all) {
    EXPECT_THAT(x.files, IsEmpty());
    EXPECT_EQ(x.diff, "");
    EXPECT_THAT(x.missing_objects, IsEmpty());
  }
}

TEST(git_changes, ComparesAMergeWithTheGivenParent) {
  two_commits repo;
  repo.base_is({{"a", "1\n"}});
  repo.write("side", "1\n");
  const auto side = repo.side_commit("side", {repo.base});
  repo.write("evil", "2\n");
  const auto merge = repo.commit("merge", {repo.base, side});
  const auto all
    = read(*repo.open(), {{repo.base, merge, true}, {side, merge, true}});
  EXPECT_THAT(all[0].files, SizeIs(2));
  EXPECT_THAT(all[1].files, ElementsAre(file_change{"evil", 1, 0}));
}

TEST(git_changes, KeepsNulAndLineEndsInDiffs) {
  two_commits repo;
  const std::string far(9000, 'x');
  repo.base_is({{"a", far + '\n'}});
  const auto ids = std::string{"\n"} + repo.base + '\0' + "after\r\n";
  repo.write("a", far + "\n" + std::string{"nul\0in", 6} + ids);
  const auto x = read(repo);
  EXPECT_THAT(x.diff, HasSubstr(std::string{"+nul\0in\n", 8}));
  EXPECT_TRUE(x.diff.ends_with(std::string{"\0after\r\n", 8})) << x.diff.size();
}

TEST(git_changes, ModesAndSubmodulesAreFiles) {
  two_commits repo;
  repo.base_is({{"run.sh", "1\n"}});
  std::filesystem::permissions(repo.folder() / "run.sh",
                               std::filesystem::perms::owner_all);
  repo.git(
    {"update-index", "--add", "--cacheinfo", "160000," + repo.base + ",sub"});
  std::filesystem::create_directory(repo.folder() / "sub");
  const auto x = read(repo);
  EXPECT_THAT(x.files, ElementsAre(file_change{"run.sh", 0, 0},
                                   file_change{"sub", 1, 0}));
  EXPECT_THAT(x.diff, HasSubstr("new mode 100755"));
  EXPECT_THAT(x.diff, HasSubstr("+Subproject commit " + repo.base));
}

TEST(git_changes, DoNotDependOnTheRepositorysSettings) {
  two_commits repo;
  repo.base_is({{"a.py", "def f():\n" + lines(9, " ")}, {"b", "1\n\n\n2\n"}});
  repo.write("a.py", "def f():\n" + lines(9, " ") + "x\n");
  repo.write("b", "1\n\n\n3\n");
  const auto asked = repo.asked();
  const auto plain = read(*repo.open(), {asked});
  for (const auto* setting :
       {"diff.noprefix", "diff.mnemonicPrefix", "diff.suppressBlankEmpty"})
    repo.git({"config", setting, "true"});
  repo.git({"config", "diff.context", "0"});
  repo.git({"config", "diff.external", "false"});
  repo.git({"config", "diff.renames", "false"});
  repo.git({"config", "core.abbrev", "4"});
  repo.git({"config", "diff.upper.textconv", "tr a-z A-Z <"});
  repo.git({"replace", asked.commit, asked.base});
  repo.write(".git/info/attributes", "*.py -diff\nb diff=upper\n");
  repo.write(".gitattributes", "* -diff\n");
  repo.git({"add", ".gitattributes"});
  const auto again = read(*repo.open(), {asked});
  EXPECT_EQ(plain[0].diff, again[0].diff);
  EXPECT_EQ(plain[0].files, again[0].files);
}

TEST(git_changes, AnswersManyRequestsInOrder) {
  sample_repository repo;
  repo.write("f", "0\n");
  std::vector<std::string> ids{repo.commit("root")};
  for (int i = 1; i <= 40; ++i) {
    repo.write("f" + std::to_string(i), "1\n");
    ids.push_back(repo.commit("c"));
  }
  std::vector<request> requests;
  for (std::size_t i = 0; i < 1000; ++i)
    requests.push_back({ids[i % 40], ids[i % 40 + 1], i % 3 == 0});
  const auto all = read(*repo.open(), requests);
  for (std::size_t i = 0; i < all.size(); ++i) {
    ASSERT_EQ(all[i].files.size(), 1u);
    EXPECT_EQ(all[i].files[0].path, "f" + std::to_string(i % 40 + 1));
    EXPECT_EQ(all[i].diff.empty(), i % 3 != 0);
  }
}

TEST(git_changes, AVisitorsErrorEndsTheWalk) {
  two_commits repo;
  repo.base_is({{"a", "1\n"}});
  repo.write("a", "2\n");
  const auto asked = repo.asked();
  std::vector<request> requests(5000, asked);
  requests[3].with_diff = false;
  int seen = 0;
  const auto err = repo.open()->changes(
    requests, [&](std::size_t, commit_change) -> events::error {
      if (++seen < 3)
        return {};
      return events::make_error(ec::cancelled, "enough");
    });
  EXPECT_EQ(code_of(err), ec::cancelled);
  EXPECT_EQ(seen, 3);
}

TEST(git_changes, LargeDiffsPass) {
  two_commits repo;
  repo.base_is({{"a", "1\n"}});
  repo.write("data", lines(1'000'000, "some text that makes it long "));
  repo.write("line", std::string(6u << 20, 'x'));
  const auto x = read(repo);
  EXPECT_GT(x.diff.size(), 40u << 20);
  EXPECT_EQ(x.additions, 1'000'001u);
}

TEST(git_changes, NamesAbsentObjectsAndGoesOn) {
  sample_repository repo;
  std::vector<std::string> ids{repo.commit("root")};
  for (int i = 1; i <= 60; ++i) {
    repo.write("dir/f", std::to_string(i) + '\n');
    ids.push_back(repo.commit("c"));
  }
  const auto blob = repo.id(ids[10] + ":dir/f");
  const auto tree = repo.id(ids[50] + ":dir");
  repo.lose(blob);
  repo.lose(tree);
  std::vector<request> requests;
  for (std::size_t i = 0; i < 60; ++i)
    requests.push_back({ids[i], ids[i + 1], i % 2 == 0});
  const auto all = read(*repo.open(), requests);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i == 9 || i == 10) {
      EXPECT_THAT(all[i].missing_objects, ElementsAre(blob));
    } else if (i == 49 || i == 50) {
      EXPECT_THAT(all[i].missing_objects, ElementsAre(tree));
    } else {
      EXPECT_THAT(all[i].missing_objects, IsEmpty()) << i;
      EXPECT_THAT(all[i].files, SizeIs(1)) << i;
    }
  }
}

TEST(git_changes, NamesAbsentCommits) {
  two_commits repo;
  repo.base_is({{"a", "1\n"}});
  repo.write("a", "2\n");
  const auto good = repo.asked();
  const std::string none(40, '1');
  const request no_base{none, good.commit, true};
  const request no_commit{repo.base, none, true};
  const auto all
    = read(*repo.open(), {no_commit, good, no_base, good, no_commit, no_commit,
                          good, no_base, no_commit});
  for (const auto i : {0u, 2u, 4u, 5u, 7u, 8u})
    EXPECT_THAT(all[i].missing_objects, ElementsAre(none)) << i;
  for (const auto i : {1u, 3u, 6u})
    EXPECT_THAT(all[i].files, SizeIs(1)) << i;
}

TEST(git_changes, NamesDamagedObjects) {
  two_commits repo;
  repo.base_is({{"a", "1\n"}});
  repo.write("a", "2\n");
  const auto asked = repo.asked();
  const auto blob = repo.id("HEAD:a");
  repo.lose(blob);
  repo.write(".git/objects/" + blob.substr(0, 2) + '/' + blob.substr(2), "xx");
  const auto all = read(*repo.open(), {asked, {repo.base, repo.base, true}});
  EXPECT_THAT(all[0].missing_objects, ElementsAre(blob));
  EXPECT_THAT(all[1].missing_objects, IsEmpty());
}

TEST(git_changes, NeverFetchesFromAPromisor) {
  sample_repository origin;
  origin.write("a", "1\n");
  const auto base = origin.commit("root");
  origin.write("a", "2\n");
  const auto next = origin.commit("next");
  origin.git({"config", "uploadpack.allowFilter", "true"});
  origin.git({"clone", "--quiet", "--bare", "--filter=blob:none",
              "file://" + origin.folder().string(), "../part.git"});
  auto opened
    = git_repository::open(origin.folder().parent_path() / "part.git");
  ASSERT_TRUE(opened);
  const auto all = read(**opened, {{base, next, true}, {base, next, false}});
  EXPECT_THAT(all[0].missing_objects, Not(IsEmpty()));
  EXPECT_THAT(all[1].missing_objects, Not(IsEmpty()));
  EXPECT_EQ(code_of((*opened)->file(next, "a").error()), ec::missing_object);
}

TEST(git_changes, AShallowClonesLastCommitLacksItsBase) {
  sample_repository origin;
  const auto root = origin.commit("root");
  origin.commit("One (#1)");
  origin.write("a", "1\n");
  origin.commit("Two (#2)");
  origin.git({"clone", "--quiet", "--depth=2",
              "file://" + origin.folder().string(), "../shallow"});
  auto opened = git_repository::open(origin.folder().parent_path() / "shallow");
  ASSERT_TRUE(opened);
  const auto found
    = (*opened)->merged("HEAD", test::first_moment, test::last_moment);
  ASSERT_EQ(found->size(), 2u);
  EXPECT_EQ(found->at(1).base, root);
  std::vector<request> requests;
  for (const auto& x : *found)
    requests.push_back({x.base, x.commit, true});
  const auto all = read(**opened, requests);
  EXPECT_THAT(all[0].files, SizeIs(1));
  EXPECT_THAT(all[1].missing_objects, ElementsAre(root));
}

TEST(git_changes, WantsWholeIds) {
  two_commits repo;
  repo.base_is({{"a", "1\n"}});
  const auto err = repo.open()->changes(
    {{"HEAD", repo.base, true}},
    [](std::size_t, commit_change) { return events::error{}; });
  EXPECT_EQ(code_of(err), ec::invalid_argument);
}

TEST(git_changes, ParsesCounts) {
  bool repaired = false;
  EXPECT_EQ(parse_numstat("3\t4\ta\tb", repaired), (file_change{"a\tb", 3, 4}));
  EXPECT_EQ(parse_numstat("-\t-\tx", repaired), (file_change{"x", 0, 0}));
  EXPECT_EQ(parse_numstat("1\t2\t", repaired), (file_change{"", 1, 2}));
  for (const auto* text :
       {"", "1\t2", "x\t2\ta", "1\t\ta", "1 2 a", "1\t-2\ta"})
    EXPECT_FALSE(parse_numstat(text, repaired)) << text;
}

namespace {

/// A commit whose tree holds `width` folders of itself, `levels` deep.
std::string
nested(two_commits& repo, int levels, int width, const std::string& parent) {
  auto tree = repo.git(
    {"mktree"},
    "100644 blob " + repo.git({"hash-object", "-w", "--stdin"}) + "\tfile\n");
  for (int level = 0; level < levels; ++level) {
    std::string entries;
    for (int i = 0; i < width; ++i)
      entries += "040000 tree " + tree + "\td" + std::to_string(i) + '\n';
    tree = repo.git({"mktree"}, entries);
  }
  return repo.git({"commit-tree", "-p", parent, "-m", "nested", tree});
}

} // namespace

// A pull request of 10^12 paths took all memory, then the whole repository.
TEST(git_changes, GivesUpOnAChangeWithTooManyPathsAndGoesOn) {
  two_commits repo;
  repo.base_is({{"a", "1\n"}});
  repo.write("a", "2\n");
  const auto small = repo.asked();
  const request many{small.base, nested(repo, 3, 10, small.base), false};
  const auto git = private_git_dir::open(repo.folder());
  ASSERT_TRUE(git);
  for (const bool with_diff : {false, true}) {
    change_stream stream{**git, with_diff, 500};
    const std::array<const request*, 3> all{&small, &many, &small};
    std::vector<commit_change> found;
    ASSERT_EQ(stream.walk(all,
                          [&](commit_change x) {
                            found.push_back(std::move(x));
                            return true;
                          }),
              events::error{});
    ASSERT_EQ(found.size(), 3u);
    EXPECT_EQ(found[1].unreadable, "it changes more than 500 paths");
    EXPECT_THAT(found[1].missing_objects, IsEmpty());
    for (const auto i : {0u, 2u}) {
      EXPECT_EQ(found[i].unreadable, "");
      EXPECT_THAT(found[i].files, ElementsAre(file_change{"a", 1, 1}));
    }
  }
}

// One such commit left all pull requests of its repository unread.
TEST(git_changes, GivesUpOnATreeThatGitDoesNotReadAndGoesOn) {
  two_commits repo;
  repo.base_is({{"a", "1\n"}});
  repo.write("a", "2\n");
  const auto small = repo.asked();
  const std::string id(20, '\x11');
  const auto git = private_git_dir::open(repo.folder());
  ASSERT_TRUE(git);
  for (const auto& entry :
       {std::string{"100644 \0", 8}, std::string{"x a\0", 4},
        std::string{"100644 cut"}}) {
    const auto tree
      = repo.git({"hash-object", "-t", "tree", "-w", "--stdin", "--literally"},
                 entry + id);
    const request odd{
      small.base,
      repo.git({"commit-tree", "-p", small.base, "-m", "odd", tree}), false};
    const std::array<const request*, 3> all{&small, &odd, &small};
    change_stream stream{**git, true};
    std::vector<commit_change> found;
    ASSERT_EQ(stream.walk(all,
                          [&](commit_change x) {
                            found.push_back(std::move(x));
                            return true;
                          }),
              events::error{});
    ASSERT_EQ(found.size(), 3u);
    EXPECT_THAT(found[1].unreadable, HasSubstr("trees"));
    EXPECT_EQ(found[2].unreadable, "");
    EXPECT_THAT(found[2].files, ElementsAre(file_change{"a", 1, 1}));
  }
}

} // namespace fc::actors::services
