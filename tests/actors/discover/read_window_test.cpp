#include "actors/discover/read_window.hpp"
#include "tests/actors/services/git/sample_repository.hpp"

#include <gmock/gmock.h>

namespace fc::actors {

using events::code_of;
using events::ec;
using test::first_moment;
using test::last_moment;
using test::sample_repository;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

namespace {

struct seen {
  events::scraped facts;
  std::optional<std::string> diff;
};

events::policy::symbolic_rules rules() {
  events::policy::symbolic_rules out;
  out.positive = {"faster"};
  out.negative = {"docs"};
  out.max_files = 3;
  out.max_lines = 100;
  out.non_core_folders = {"tests"};
  out.max_tokens = 1000;
  out.bytes_per_token = 4;
  return out;
}

struct windows : ::testing::Test {
  windows() {
    request.repo = *events::repo_name::parse("a/b");
    request.source = "/some/where";
    request.start = first_moment;
    request.end = last_moment;
    repo.write("a", "0\n");
    root = repo.commit("root");
  }

  /// A squash commit that changes the files named.
  std::string squash(const std::string& subject,
                     const std::vector<std::string>& files = {"a"}) {
    for (const auto& x : files)
      repo.write(x, subject + '\n');
    return repo.commit(subject);
  }

  events::expected<window_summary> read() {
    all.clear();
    auto git = repo.open();
    return read_window(*git, request, events::policy::symbolic_gate{rules()},
                       [this](discovered_pull x) {
                         all.push_back({std::move(x.facts), std::move(x.diff)});
                         return all.size() == stop_after
                                  ? events::make_error(ec::cancelled, "stop")
                                  : events::error{};
                       });
  }

  void read_well() {
    const auto summary = read();
    ASSERT_TRUE(summary) << events::describe(summary.error());
    EXPECT_EQ(summary->counted, all.size());
    EXPECT_EQ(summary->head, repo.head());
  }

  std::vector<std::uint32_t> numbers() const {
    std::vector<std::uint32_t> out;
    for (const auto& x : all)
      out.push_back(x.facts.number);
    return out;
  }

  ec failure() {
    const auto summary = read();
    EXPECT_FALSE(summary);
    EXPECT_THAT(all, IsEmpty());
    return summary ? ec::none : code_of(summary.error());
  }

  sample_repository repo;
  window_request request;
  std::string root;
  std::vector<seen> all;
  std::size_t stop_after = 0;
};

} // namespace

TEST_F(windows, StateEveryFact) {
  const auto merge = squash("Faster sums (#7)\n\nWhy\n");
  read_well();
  ASSERT_THAT(all, SizeIs(1));
  const auto& x = all[0].facts;
  EXPECT_EQ(x.repo.str(), "a/b");
  EXPECT_EQ(x.number, 7u);
  EXPECT_EQ(x.title, "Faster sums");
  EXPECT_EQ(x.body, "Why");
  EXPECT_EQ(x.merged_at, repo.now());
  EXPECT_EQ(x.base, root);
  EXPECT_EQ(x.merge, merge);
  EXPECT_EQ(x.merge_kind, "squash");
  EXPECT_EQ(x.changed_files, 1u);
  EXPECT_EQ(x.additions, 4u);
  EXPECT_EQ(x.deletions, 1u);
  EXPECT_THAT(x.files, ElementsAre(events::file_change{"a", 4, 1}));
  EXPECT_FALSE(x.diff);
  EXPECT_EQ(x.source, "/some/where");
  ASSERT_TRUE(all[0].diff);
  EXPECT_THAT(*all[0].diff, HasSubstr("+Faster sums (#7)\n"));
}

TEST_F(windows, GiveDiffsOnlyWhereTitleAndFilesPass) {
  squash("Faster (#1)");
  squash("Docs (#2)");
  squash("Many (#3)", {"a", "b", "c"});
  squash("Tested (#4)", {"tests/x.py"});
  squash("Faster docs (#5)");
  read_well();
  ASSERT_THAT(numbers(), ElementsAre(1, 2, 3, 4, 5));
  const std::vector<bool> expected{true, false, false, false, true};
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_EQ(all[i].diff.has_value(), expected[i]) << i;
    EXPECT_FALSE(all[i].facts.files.empty());
  }
  EXPECT_EQ(all[2].facts.changed_files, 3u);
}

TEST_F(windows, KeepTheOldestFirst) {
  squash("One (#1)");
  repo.at(1500000000);
  squash("Two (#2)");
  repo.at(1600000000);
  squash("Three (#3)");
  repo.at(1600000000);
  squash("Four (#4)");
  read_well();
  EXPECT_THAT(numbers(), ElementsAre(2, 1, 3, 4));
}

TEST_F(windows, HaveAnEndThatIsOutside) {
  squash("One (#1)");
  request.start = repo.now();
  squash("Two (#2)");
  squash("Three (#3)");
  request.end = repo.now();
  read_well();
  EXPECT_THAT(numbers(), ElementsAre(1, 2));
}

TEST_F(windows, MayHoldNothing) {
  request.end = first_moment + std::chrono::hours{1};
  const auto summary = read();
  ASSERT_TRUE(summary);
  EXPECT_EQ(summary->counted, 0u);
  EXPECT_EQ(summary->head, root);
}

TEST_F(windows, KeepAtMostSixHundredFiles) {
  std::vector<std::string> files;
  for (int i = 0; i < 650; ++i)
    files.push_back("f" + std::to_string(i));
  squash("Faster (#1)", files);
  read_well();
  EXPECT_THAT(all[0].facts.files, SizeIs(max_files));
  EXPECT_EQ(all[0].facts.changed_files, 650u);
  EXPECT_EQ(all[0].facts.additions, 650u);
}

TEST_F(windows, EndWithTheVisitorsError) {
  squash("One (#1)");
  squash("Two (#2)");
  stop_after = 1;
  const auto summary = read();
  ASSERT_FALSE(summary);
  EXPECT_EQ(code_of(summary.error()), ec::cancelled);
  EXPECT_THAT(all, SizeIs(1));
}

TEST_F(windows, NameAbsentObjects) {
  squash("One (#1)");
  squash("Two (#2)");
  squash("Three (#3)");
  squash("Four (#4)");
  const auto blob = repo.id("HEAD~2:a");
  repo.lose(blob);
  read_well();
  EXPECT_THAT(all[0].facts.missing_objects, IsEmpty());
  EXPECT_THAT(all[1].facts.missing_objects, ElementsAre(blob));
  EXPECT_THAT(all[2].facts.missing_objects, ElementsAre(blob));
  EXPECT_FALSE(all[1].diff);
  EXPECT_TRUE(all[3].diff);
}

TEST_F(windows, RepairText) {
  repo.raw_commit("caf\xE9 (#1)");
  squash("Fine (#2)", {"p\xFF"});
  read_well();
  EXPECT_TRUE(all[0].facts.text_repaired);
  EXPECT_EQ(all[0].facts.title, "caf\uFFFD");
  EXPECT_TRUE(all[1].facts.text_repaired);
  EXPECT_EQ(all[1].facts.files[0].path, "p\uFFFD");
}

TEST_F(windows, ReadNamedTasksAlone) {
  squash("One (#1)");
  const auto one = repo.head();
  squash("Two (#2)");
  const auto two = repo.head();
  squash("Three (#3)");
  request.start = request.end = {};
  request.tasks = {{3, {}, {}}, {1, {}, {}}, {9, one, one}, {8, root, two}};
  read_well();
  EXPECT_THAT(numbers(), ElementsAre(1, 9, 8, 3));
  EXPECT_EQ(all[0].facts.merge_kind, "squash");
  EXPECT_EQ(all[1].facts.merge_kind, "task");
  EXPECT_EQ(all[1].facts.base, all[1].facts.merge);
  EXPECT_THAT(all[1].facts.files, IsEmpty());
  EXPECT_EQ(all[2].facts.base, root);
  EXPECT_EQ(all[2].facts.merge, two);
  EXPECT_EQ(all[2].facts.title, "Two");
  EXPECT_THAT(*all[2].diff, HasSubstr("-0\n+Two (#2)\n"));
}

TEST_F(windows, TakeRevisionsOfTasks) {
  squash("plain\n\nbody");
  repo.git({"tag", "v1"});
  request.tasks = {{5, "HEAD~1", "v1"}};
  read_well();
  EXPECT_EQ(all[0].facts.number, 5u);
  EXPECT_EQ(all[0].facts.title, "plain");
  EXPECT_EQ(all[0].facts.base, root);
  EXPECT_EQ(all[0].facts.merge, repo.head());
  request.tasks = {{5, {}, "v1"}};
  read_well();
  EXPECT_EQ(all[0].facts.base, root);
}

TEST_F(windows, RefuseTasksThatCannotBeFound) {
  squash("One (#1)");
  request.tasks = {{4, {}, {}}};
  EXPECT_EQ(failure(), ec::not_found);
  EXPECT_THAT(events::describe(read().error()), HasSubstr("a/b#4"));
  const std::string none(40, '1');
  request.tasks = {{4, root, none}};
  EXPECT_EQ(failure(), ec::not_found);
  EXPECT_THAT(events::describe(read().error()), HasSubstr(none));
  request.tasks = {{1, "nope", {}}};
  EXPECT_EQ(failure(), ec::not_found);
  EXPECT_THAT(events::describe(read().error()), HasSubstr("nope"));
}

TEST_F(windows, RefuseTasksThatCannotBeMeant) {
  squash("One (#1)");
  request.tasks = {{0, {}, {}}};
  EXPECT_EQ(failure(), ec::invalid_argument);
  request.tasks = {{1, {}, {}}, {1, root, root}};
  EXPECT_EQ(failure(), ec::invalid_argument);
  request.tasks = {{1, {}, root}};
  EXPECT_EQ(failure(), ec::invalid_argument);
}

TEST_F(windows, RefuseAWindowThatCannotBeMeant) {
  request.start = request.end;
  EXPECT_EQ(failure(), ec::invalid_argument);
}

TEST_F(windows, RefuseAnUnknownHead) {
  request.head = "nope";
  EXPECT_EQ(failure(), ec::not_found);
  EXPECT_THAT(events::describe(read().error()), HasSubstr("nope"));
}

TEST(empty_repository, HasNoHead) {
  sample_repository repo;
  auto git = repo.open();
  window_request request;
  request.end = last_moment;
  const auto summary
    = read_window(*git, request, events::policy::symbolic_gate{rules()},
                  [](auto&&...) { return events::error{}; });
  ASSERT_FALSE(summary);
  EXPECT_EQ(code_of(summary.error()), ec::not_found);
  EXPECT_THAT(events::describe(summary.error()), HasSubstr("empty"));
}

} // namespace fc::actors
