#include "actors/discover/asv_suite.hpp"
#include "tests/actors/services/git/sample_repository.hpp"

#include <gmock/gmock.h>

namespace fc::actors {

using test::sample_repository;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

namespace {

struct suites : ::testing::Test {
  /// The suite of the files as they stand; empty paths if there is none.
  asv_suite find() {
    auto git = repo.open();
    auto found = find_suite(*git, repo.commit("x"));
    EXPECT_TRUE(found) << events::describe(found.error());
    if (auto* none = std::get_if<no_suite>(&*found)) {
      reason = none->reason;
      return {};
    }
    return std::get<asv_suite>(*found);
  }
  sample_repository repo;
  std::string reason;
};

/// Passes questions on and counts them.
struct counting : services::git_repository {
  explicit counting(services::git_repository& inner) : git(inner) {}
  events::expected<std::string> resolve(std::string_view x) override {
    return git.resolve(x);
  }
  std::optional<events::repo_name> name_from_origin() override {
    return git.name_from_origin();
  }
  events::expected<std::vector<services::merged_commit>>
  merged(std::string_view head, events::timestamp a,
         events::timestamp b) override {
    return git.merged(head, a, b);
  }
  events::expected<services::merged_commit>
  describe(std::string_view x) override {
    return git.describe(x);
  }
  events::error changes(const std::vector<change_request>& x,
                        const change_visitor& visit) override {
    return git.changes(x, visit);
  }
  events::expected<std::string> newest_tag(std::string_view x) override {
    return git.newest_tag(x);
  }
  events::expected<std::optional<std::string>>
  file(std::string_view commit, std::string_view path) override {
    ++asked;
    return git.file(commit, path);
  }
  events::expected<std::optional<std::vector<services::tree_entry>>>
  folder(std::string_view commit, std::string_view path) override {
    ++asked;
    return git.folder(commit, path);
  }
  events::error export_tree(std::string_view commit,
                            const std::filesystem::path& into) override {
    return git.export_tree(commit, into);
  }
  const std::filesystem::path& path() const override {
    return git.path();
  }
  services::git_repository& git;
  int asked = 0;
};

} // namespace

TEST_F(suites, FindsOneAtTheTop) {
  repo.write("asv.conf.json", R"({"pythons": ["3.9"], "matrix": {"a": [""]}})");
  repo.write("benchmarks/bench_a.py", "");
  const auto x = find();
  EXPECT_EQ(x.config, "asv.conf.json");
  EXPECT_EQ(x.folder, "benchmarks");
  EXPECT_THAT(x.pythons, ElementsAre("3.9"));
  EXPECT_EQ(x.requirements.count("a"), 1u);
  EXPECT_EQ(x.note, "");
}

TEST_F(suites, FindsOneInAFolder) {
  repo.write("a/b/c/asv.conf.json", R"({"benchmark_dir": "../marks/."})");
  repo.write("a/b/marks/__init__.py", "");
  const auto x = find();
  EXPECT_EQ(x.config, "a/b/c/asv.conf.json");
  EXPECT_EQ(x.folder, "a/b/marks");
}

TEST_F(suites, KnowsOtherNames) {
  repo.write("benchmarks/x.py", "");
  for (const auto* name : {"asv.ci.conf.json", "asv.conf.jsonc"}) {
    repo.write(name, "{}");
    EXPECT_EQ(find().config, name);
    repo.remove(name);
  }
  for (const auto* name :
       {"asv.json", "my.asv.conf.json", "asv.conf.json.in", "asv.conf.yaml"}) {
    repo.write(name, "{}");
    EXPECT_EQ(find().config, "") << name;
    repo.remove(name);
  }
}

TEST_F(suites, TheShallowestComesFirstThenTheUsualName) {
  for (const auto* folder : {"", "b/", "a/", "a/x/"}) {
    repo.write(folder + std::string{"asv.conf.json"}, "{}");
    repo.write(folder + std::string{"asv.aaa.conf.json"}, "{}");
    repo.write(folder + std::string{"benchmarks/x.py"}, "");
  }
  EXPECT_EQ(find().config, "asv.conf.json");
  repo.remove("asv.conf.json");
  EXPECT_EQ(find().config, "asv.aaa.conf.json");
  repo.remove("asv.aaa.conf.json");
  EXPECT_EQ(find().config, "a/asv.conf.json");
  repo.remove("a/asv.conf.json");
  EXPECT_EQ(find().config, "b/asv.conf.json");
}

TEST_F(suites, PassesOverWhatIsOfNoUseAndSaysSo) {
  repo.write("asv.conf.json", "{ broken");
  repo.write("a/asv.conf.json", "{}");
  repo.write("b/asv.conf.json", R"({"benchmark_dir": "../../out"})");
  repo.write("c/asv.conf.json", R"({"benchmark_dir": "."})");
  repo.write("c/bench.py", "");
  const auto x = find();
  EXPECT_EQ(x.config, "c/asv.conf.json");
  EXPECT_EQ(x.folder, "c");
  EXPECT_THAT(x.note, HasSubstr("asv.conf.json cannot be read"));
  EXPECT_THAT(x.note, HasSubstr("a/benchmarks"));
  EXPECT_THAT(x.note, HasSubstr("../../out"));
}

TEST_F(suites, SaysWhyThereIsNone) {
  repo.write("a.py", "");
  EXPECT_EQ(find().config, "");
  EXPECT_THAT(reason, HasSubstr("no asv.conf.json"));
  repo.write("asv.conf.json", "{}");
  find();
  EXPECT_THAT(reason, HasSubstr("holds no Python file"));
  repo.write("benchmarks/readme.md", "");
  EXPECT_EQ(find().config, "");
  repo.remove("benchmarks");
  repo.write("benchmarks", "a file");
  EXPECT_EQ(find().config, "");
}

TEST_F(suites, DoesNotLookEverywhere) {
  for (const auto* folder : {"node_modules/x", "vendor", "src/third_party",
                             "a/b/c/d", "tests/fixtures"}) {
    repo.write(folder + std::string{"/asv.conf.json"}, "{}");
    repo.write(folder + std::string{"/benchmarks/x.py"}, "");
  }
  EXPECT_EQ(find().config, "");
}

TEST_F(suites, AnUnchangedSuiteCostsOneRead) {
  repo.write("bench/asv.conf.json", R"({"benchmark_dir": "marks"})");
  repo.write("bench/marks/x.py", "");
  repo.write("src/deep/a.py", "1");
  const auto first = repo.commit("one");
  repo.write("top.py", "2");
  const auto second = repo.commit("two");
  repo.write("src/deep/a.py", "3");
  const auto third = repo.commit("three");
  auto git = repo.open();
  counting counted{*git};
  suite_finder finder{counted};
  const auto a = finder.find(first);
  counted.asked = 0;
  const auto b = finder.find(second);
  EXPECT_EQ(counted.asked, 1);
  EXPECT_EQ(*a, *b);
  counted.asked = 0;
  EXPECT_EQ(*finder.find(third), *a);
  EXPECT_EQ(counted.asked, 3); // the top, src, src/deep
}

TEST_F(suites, WhatGitCannotTellIsAnError) {
  repo.write("asv.conf.json", "{}");
  const auto commit = repo.commit("x");
  repo.lose(repo.id("HEAD:asv.conf.json"));
  auto git = repo.open();
  const auto found = find_suite(*git, commit);
  ASSERT_FALSE(found);
  EXPECT_EQ(events::code_of(found.error()), events::ec::missing_object);
  EXPECT_EQ(events::code_of(find_suite(*git, std::string(40, '1')).error()),
            events::ec::not_found);
}

} // namespace fc::actors
