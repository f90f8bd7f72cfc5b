#include "actors/discover/repositories/listed_names.hpp"
#include "actors/discover/repositories/named_repositories.hpp"
#include "tests/support/files.hpp"

namespace fc::actors {
namespace {

using events::code_of;
using events::describe;
using events::ec;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

std::vector<std::string> names_of(const repository_listing& x) {
  std::vector<std::string> result;
  for (const auto& each : x.found)
    result.push_back(each.repo.str());
  return result;
}

struct lists : testing::Test {
  std::string file(std::string_view text) {
    const auto path = folder / "list";
    support::write_file(path, text);
    return path;
  }
  std::vector<std::string> found(std::unique_ptr<repository_source> from) {
    auto read = from->list({});
    EXPECT_TRUE(read) << (read ? "" : describe(read.error()));
    return read ? names_of(*read) : std::vector<std::string>{};
  }
  std::string error_of(std::unique_ptr<repository_source> from) {
    const auto read = from->list({});
    if (read)
      return {};
    EXPECT_EQ(code_of(read.error()), ec::invalid_argument);
    return describe(read.error());
  }

  support::temp_dir folder;
};

} // namespace

TEST_F(lists, ReadNamesAndAddresses) {
  EXPECT_THAT(found(list_file(file("\xEF\xBB\xBFpandas-dev/pandas\r\n"
                                   "# a comment\n\n"
                                   "https://github.com/numpy/numpy  # why\n"
                                   "https://www.github.com/scipy/scipy.git/\n"
                                   "git@github.com:dask/dask.git\n"
                                   "ssh://git@github.com/h11/h11"))),
              ElementsAre("pandas-dev/pandas", "numpy/numpy", "scipy/scipy",
                          "dask/dask", "h11/h11"));
}

TEST_F(lists, NameTheLineThatIsWrong) {
  const auto path = file("a/b\n\nhttps://github.com/numpy/numpy/pull/7\n");
  EXPECT_EQ(error_of(list_file(path)),
            "invalid_argument: " + path
              + ":3: 'https://github.com/numpy/numpy/pull/7' is neither "
                "owner/name nor an address of GitHub");
  EXPECT_THAT(error_of(list_file(file("https://gitlab.com/a/b\n"))),
              HasSubstr("list:1: "));
  EXPECT_THAT(error_of(list_file(file(std::string(9000, 'x')))),
              HasSubstr("…'"));
}

TEST_F(lists, RefuseWhatNamesNothing) {
  EXPECT_THAT(error_of(list_file(file("# only words\n"))),
              HasSubstr("names no repository"));
  EXPECT_THAT(error_of(list_file(folder / "absent")),
              HasSubstr("cannot read the list"));
  EXPECT_THAT(error_of(list_file(folder.path())),
              HasSubstr("cannot read the list"));
  EXPECT_THAT(error_of(given_names(" , ")), HasSubstr("no repository"));
}

TEST_F(lists, ReadNamesOfTheCommandLine) {
  EXPECT_THAT(found(given_names("a/b, c/d,")), ElementsAre("a/b", "c/d"));
  EXPECT_THAT(error_of(given_names("a/b,c")), HasSubstr("'c' is neither"));
}

TEST_F(lists, ReadJsonLines) {
  EXPECT_THAT(
    found(json_lines(file("{\"repo_name\": \"a/b\", \"pr_number\": 7}\n"
                          "{\"owner\": \"c\", \"repo\": \"d\"}\n\n"
                          "{\"owner\": \"e\", \"name\": \"f\"}\n"))),
    ElementsAre("a/b", "c/d", "e/f"));
}

TEST_F(lists, NameTheJsonLineThatIsWrong) {
  EXPECT_THAT(error_of(json_lines(file("{\"repo_name\": \"a/b\"}\n{oops\n"))),
              HasSubstr("list:2: '{oops' is not a JSON object"));
  EXPECT_THAT(error_of(json_lines(file("[1]\n"))),
              HasSubstr("is not a JSON object"));
  EXPECT_THAT(error_of(json_lines(file("{\"repo_name\": 7}\n"))),
              HasSubstr("list:1: the object has neither repo_name nor"));
  EXPECT_THAT(error_of(json_lines(file("{\"repo_name\": \"a b/c\"}\n"))),
              HasSubstr("'a b/c' is neither"));
  EXPECT_THAT(error_of(json_lines(file(""))), HasSubstr("names no"));
}

TEST_F(lists, NameNoTokenOfAnAddress) {
  const auto repo = parse_repository("https://ann:hush@github.com/a/b.git");
  ASSERT_TRUE(repo);
  EXPECT_EQ(repo->str(), "a/b");
  const std::string bad = "https://ann:hush@github.com/no name\x1b[2J";
  const std::string row = "{\"repo_name\": \"https://hush@h/x y\"}\n";
  for (const auto& text :
       {error_of(given_names(bad)), error_of(list_file(file(bad + "\n"))),
        error_of(json_lines(file(row)))})
    EXPECT_THAT(text, AllOf(HasSubstr("is neither"), Not(HasSubstr("hush")),
                            Not(HasSubstr("\x1b"))));
}

TEST_F(lists, OfNestedListsAreOneError) {
  EXPECT_THAT(error_of(json_lines(file(std::string(200'000, '[') + "\n"))),
              HasSubstr("is not a JSON object"));
}

TEST_F(lists, AreTakenTogetherEachNameOnce) {
  std::vector<std::unique_ptr<repository_source>> sources;
  sources.push_back(given_names("a/b,C/d"));
  sources.push_back(list_file(folder / "absent"));
  sources.push_back(list_file(file("c/D\ne/f\n")));
  const auto all = collect_named_repositories(sources, {});
  ASSERT_TRUE(all);
  ASSERT_EQ(all->all.size(), 3U);
  EXPECT_EQ(all->all[1].repo.str(), "C/d");
  EXPECT_EQ(all->all[1].found_by, "names, list:" + (folder / "list"));
  EXPECT_EQ(all->all[2].repo.str(), "e/f");
  ASSERT_EQ(all->sources.size(), 3U);
  EXPECT_THAT(describe(all->sources[1].failure), HasSubstr("absent"));
  EXPECT_FALSE(all->whole());
}

TEST_F(lists, FailTogetherWhereNoneNamesAnything) {
  std::vector<std::unique_ptr<repository_source>> sources;
  sources.push_back(list_file(folder / "absent"));
  const auto all = collect_named_repositories(sources, {});
  ASSERT_FALSE(all);
  EXPECT_THAT(describe(all.error()), HasSubstr("absent"));
}

} // namespace fc::actors
