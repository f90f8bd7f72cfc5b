#include "actors/services/git/clone.hpp"
#include "actors/services/git/export/export_tree.hpp"
#include "actors/services/git/export/submodules.hpp"
#include "tests/actors/services/git/sample_repository.hpp"

#include <gmock/gmock.h>

namespace fc::actors::services {

using events::code_of;
using events::ec;
using support::read_file;
using test::sample_repository;
using ::testing::HasSubstr;

namespace fs = std::filesystem;

namespace {

struct export_repository : sample_repository {
  fs::path into = folder().parent_path() / "out";

  events::error run(const std::string& commit = "HEAD") {
    return open()->export_tree(commit, into);
  }
};

} // namespace

TEST(git_export, WritesTheFilesOfACommit) {
  export_repository repo;
  repo.write("a", "1\n");
  repo.write("dir/ä b", std::string_view{"x\0y", 3});
  repo.write("run", "#!");
  fs::permissions(repo.folder() / "run", fs::perms::owner_all);
  fs::create_symlink("dir/ä b", repo.folder() / "link");
  const auto first = repo.commit("one");
  repo.write("a", "2\n");
  repo.remove("dir");
  repo.commit("two");
  ASSERT_EQ(repo.run(first), events::error{});
  EXPECT_EQ(read_file(repo.into / "a"), "1\n");
  EXPECT_EQ(read_file(repo.into / "link"), (std::string{"x\0y", 3}));
  EXPECT_NE(fs::status(repo.into / "run").permissions() & fs::perms::owner_exec,
            fs::perms::none);
  EXPECT_FALSE(fs::exists(repo.into / ".git"));
}

TEST(git_export, WorksForBareRepositoriesAndEmptyTrees) {
  export_repository repo;
  repo.commit("empty");
  repo.git({"clone", "--quiet", "--bare", ".", "../bare.git"});
  auto bare = git_repository::open(repo.folder().parent_path() / "bare.git");
  ASSERT_TRUE(bare);
  EXPECT_EQ((*bare)->export_tree("HEAD", repo.into), events::error{});
  EXPECT_TRUE(fs::is_empty(repo.into));
}

TEST(git_export, FollowsTheTreesOwnLineEnds) {
  export_repository repo;
  repo.write(".gitattributes", "*.bat eol=crlf\n*.lfs filter=evil\n");
  repo.write("x.bat", "1\n2\n");
  repo.write("y.lfs", "pointer\n");
  repo.commit("one");
  repo.git({"config", "filter.evil.smudge", "sh -c 'echo evil'"});
  repo.git({"config", "core.autocrlf", "true"});
  ASSERT_EQ(repo.run(), events::error{});
  EXPECT_EQ(read_file(repo.into / "x.bat"), "1\r\n2\r\n");
  EXPECT_EQ(read_file(repo.into / "y.lfs"), "pointer\n");
}

TEST(git_export, SubmodulesAreEmptyFolders) {
  export_repository repo;
  repo.write("a", "1\n");
  const auto id = repo.commit("one");
  repo.git({"update-index", "--add", "--cacheinfo", "160000," + id + ",sub/m"});
  fs::create_directories(repo.folder() / "sub/m");
  repo.commit("two");
  ASSERT_EQ(repo.run(), events::error{});
  EXPECT_TRUE(fs::is_directory(repo.into / "sub/m"));
  EXPECT_TRUE(fs::is_empty(repo.into / "sub/m"));
  auto git = repo.open();
  const auto inside = git->folder("HEAD", "sub");
  EXPECT_TRUE((*inside)->at(0).submodule);
}

// A tracked link to somebody's home stopped the export of the whole tree.
TEST(git_export, LinksThatLeadOutLeadNowhere) {
  for (const auto* target : {"/etc/passwd", "../outside", "dir/../../x",
                             "../../nowhere", "in/../.."}) {
    export_repository repo;
    repo.write("dir/a", "1\n");
    fs::create_symlink("dir", repo.folder() / "in");
    fs::create_symlink(target, repo.folder() / "bad");
    fs::create_symlink("bad", repo.folder() / "dir/to-bad");
    fs::create_symlink("../bad", repo.folder() / "dir/chain");
    repo.commit("one");
    ASSERT_EQ(repo.run(), events::error{}) << target;
    EXPECT_EQ(fs::read_symlink(repo.into / "bad"), nowhere) << target;
    EXPECT_FALSE(fs::exists(repo.into / "dir/chain")) << target;
    EXPECT_EQ(fs::read_symlink(repo.into / "dir/to-bad"), "bad");
    EXPECT_EQ(read_file(repo.into / "dir/a"), "1\n");
    EXPECT_EQ(read_file(repo.into / "in/a"), "1\n");
  }
}

// Submodules stayed empty though the clone had their commits.
TEST(git_export, FillsSubmodulesWhoseCommitsAreHere) {
  sample_repository library;
  library.write("limit.h", "97\n");
  library.commit("one");
  export_repository repo;
  repo.write("a", "1\n");
  repo.git({"-c", "protocol.file.allow=always", "submodule", "--quiet", "add",
            library.folder().string(), "deep/lib"});
  repo.commit("two");
  ASSERT_EQ(repo.run(), events::error{});
  EXPECT_EQ(read_file(repo.into / "deep/lib/limit.h"), "97\n");
  EXPECT_FALSE(fs::exists(repo.into / "deep/lib/.git"));
}

TEST(git_export, SubmoduleNamesStayInTheirFolder) {
  constexpr auto text = "[submodule \"ext/lib\"]\n\tpath = extlib\n"
                        "\turl = x\n[submodule \"../../up\"]\npath=up\n"
                        "[core]\npath = core\n";
  EXPECT_EQ(submodule_name(text, "extlib"), "ext/lib");
  EXPECT_EQ(submodule_name(text, "up"), std::nullopt);
  EXPECT_EQ(submodule_name(text, "core"), std::nullopt);
  EXPECT_EQ(submodule_name(text, "other"), std::nullopt);
  EXPECT_EQ(submodule_name("[submodule \"/etc\"]\npath = e", "e"),
            std::nullopt);
}

namespace {

/// A few tree objects that name more paths than anything could write: each
/// holds the one below it ten times.
std::string nest(export_repository& repo, int levels) {
  auto tree = repo.git(
    {"mktree"},
    "100644 blob " + repo.git({"hash-object", "-w", "--stdin"}) + "\tfile\n");
  for (int level = 0; level < levels; ++level) {
    std::string entries;
    for (int i = 0; i < 10; ++i)
      entries += "040000 tree " + tree + "\td" + std::to_string(i) + '\n';
    tree = repo.git({"mktree"}, entries);
  }
  return repo.git({"commit-tree", "-m", "nested", tree});
}

} // namespace

// 10^12 paths from 13 objects filled the disk, or ran for ever.
TEST(git_export, RefusesATreeOfMorePathsThanAnybodyHas) {
  export_repository repo;
  const auto bomb = nest(repo, 12);
  const auto err = repo.run(bomb);
  EXPECT_EQ(code_of(err), ec::refused);
  EXPECT_THAT(events::describe(err), HasSubstr("more than 500000 paths"));
  EXPECT_FALSE(fs::exists(repo.into));
  EXPECT_EQ(repo.run(nest(repo, 2)), events::error{});
  EXPECT_TRUE(fs::exists(repo.into / "d9/d9/file"));
}

TEST(git_export, RefusesATreeThatIsTooDeep) {
  export_repository repo;
  auto tree = repo.git({"mktree"});
  for (int level = 0; level < 101; ++level)
    tree = repo.git({"mktree"}, "040000 tree " + tree + "\td\n");
  const auto err = repo.run(repo.git({"commit-tree", "-m", "deep", tree}));
  EXPECT_EQ(code_of(err), ec::refused);
  EXPECT_THAT(events::describe(err), HasSubstr("nested deeper"));
}

TEST(git_export, EndsWhenStopped) {
  export_repository repo;
  repo.write("a", "1\n");
  repo.commit("one");
  const auto stop = std::make_shared<std::atomic<bool>>(false);
  auto git = git_repository::open(repo.folder(), stop);
  ASSERT_TRUE(git);
  stop->store(true);
  EXPECT_EQ(code_of((*git)->export_tree("HEAD", repo.into)), ec::cancelled);
}

TEST(git_export, KeepsLinksThatStayInside) {
  export_repository repo;
  repo.write("dir/sub/a", "1\n");
  fs::create_symlink("../../dir/sub/a", repo.folder() / "dir/sub/up");
  fs::create_symlink("not-there", repo.folder() / "dangling");
  fs::create_symlink("loop", repo.folder() / "loop");
  fs::create_symlink(".", repo.folder() / "self");
  repo.commit("one");
  EXPECT_EQ(repo.run(), events::error{});
  EXPECT_EQ(read_file(repo.into / "dir/sub/up"), "1\n");
}

TEST(git_export, RefusesAFolderThatIsInUse) {
  export_repository repo;
  repo.write("a", "1\n");
  repo.commit("one");
  fs::create_directories(repo.into);
  support::write_file(repo.into / "mine", "keep");
  EXPECT_EQ(code_of(repo.run()), ec::invalid_argument);
  EXPECT_EQ(read_file(repo.into / "mine"), "keep");
  repo.into = repo.into / "mine";
  EXPECT_EQ(code_of(repo.run()), ec::invalid_argument);
}

TEST(git_export, NamesWhatIsMissing) {
  export_repository repo;
  repo.write("a", "1\n");
  repo.commit("one");
  const auto blob = repo.id("HEAD:a");
  repo.lose(blob);
  fs::create_directories(repo.into);
  const auto err = repo.run();
  EXPECT_EQ(code_of(err), ec::missing_object);
  EXPECT_THAT(events::describe(err), HasSubstr(blob));
  EXPECT_TRUE(fs::is_empty(repo.into));
  EXPECT_EQ(code_of(repo.run("nope")), ec::not_found);
}

TEST(git_clone, BringsAndUpdatesARepository) {
  sample_repository origin;
  origin.write("a", "1\n");
  origin.commit("one");
  const auto into = origin.folder().parent_path() / "deep/clone.git";
  const auto url = "file://" + origin.folder().string();
  ASSERT_EQ(clone_repository(url, into, 60, nullptr), events::error{});
  auto first = git_repository::open(into);
  ASSERT_TRUE(first);
  EXPECT_EQ(*(*first)->resolve("HEAD"), origin.head());
  EXPECT_EQ(**(*first)->file("HEAD", "a"), "1\n");
  origin.write("a", "2\n");
  origin.commit("two");
  ASSERT_EQ(clone_repository(url, into, 60, nullptr), events::error{});
  auto again = git_repository::open(into);
  EXPECT_EQ(*(*again)->resolve("HEAD"), origin.head());
  EXPECT_FALSE(fs::exists(into.string() + ".part"));
}

TEST(git_clone, TakesAPlainPath) {
  sample_repository origin;
  const auto head = origin.commit("one");
  const auto into = origin.folder().parent_path() / "c";
  ASSERT_EQ(clone_repository(origin.folder().string(), into, 60, nullptr),
            events::error{});
  EXPECT_EQ(*(*git_repository::open(into))->resolve("HEAD"), head);
  EXPECT_EQ(clone_repository(origin.folder().string(), into, 60, nullptr),
            events::error{});
}

TEST(git_clone, SaysWhatIsWrong) {
  sample_repository origin;
  origin.commit("one");
  const auto top = origin.folder().parent_path();
  const auto url = "file://" + origin.folder().string();
  const auto code = [&](const std::string& from, const fs::path& into) {
    const auto err = clone_repository(from, into, 60, nullptr);
    return err ? code_of(err) : ec::none;
  };
  EXPECT_EQ(code("", top / "x"), ec::invalid_argument);
  EXPECT_EQ(code("--upload-pack=touch", top / "x"), ec::invalid_argument);
  EXPECT_EQ(code("file:///nowhere/at/all", top / "x"), ec::not_found);
  EXPECT_EQ(code("ext::sh -c true", top / "x"), ec::refused);
  EXPECT_FALSE(fs::exists(top / "x"));
  EXPECT_FALSE(fs::exists(top / "x.part"));
  ASSERT_EQ(code(url, top / "x"), ec::none);
  EXPECT_EQ(code("file:///another/one", top / "x"), ec::invalid_argument);
  support::write_file(top / "plain", "1");
  EXPECT_EQ(code(url, top / "plain"), ec::invalid_argument);
}

TEST(git_clone, StopsAndHidesPasswords) {
  sample_repository origin;
  origin.commit("one");
  const auto into = origin.folder().parent_path() / "x";
  const auto stop = std::make_shared<std::atomic<bool>>(true);
  const auto url = "file://" + origin.folder().string();
  EXPECT_EQ(code_of(clone_repository(url, into, 60, stop)), ec::cancelled);
  EXPECT_FALSE(fs::exists(into));
  const auto err
    = clone_repository("ext://me:secret@host/a", into, 60, nullptr);
  EXPECT_NE(code_of(err), ec::none);
  EXPECT_THAT(events::describe(err), Not(HasSubstr("secret")));
}

} // namespace fc::actors::services
