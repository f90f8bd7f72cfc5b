#include "actors/discover/repositories/found_repositories.hpp"
#include "actors/discover/repositories/known_repositories.hpp"
#include "tests/events/policy/samples.hpp"

namespace fc::actors {
namespace {

using events::code_of;
using events::describe;
using events::ec;
using events::repo_name;
using testing::ElementsAre;
using testing::HasSubstr;

repo_name name(const std::string& text) {
  return *repo_name::parse(text);
}

repository_card card(const std::string& asked, const std::string& id,
                     const std::string& now = "") {
  repository_card x;
  x.asked = name(asked);
  x.facts.repo = name(now.empty() ? asked : now);
  x.facts.node_id = id;
  x.facts.stars = 1000;
  x.facts.head = std::string(40, 'a');
  return x;
}

repository_card absent(const std::string& asked, const std::string& why) {
  repository_card x;
  x.asked = x.facts.repo = name(asked);
  x.absent = why;
  return x;
}

struct stage_one : testing::Test {
  found_repositories settle(const std::vector<repository_card>& cards) {
    std::vector<named_repository> names;
    for (const auto& each : cards)
      names.push_back({each.asked, "list:x"});
    const auto found
      = settle_repositories(*log, events::policy::samples::shipped(), names,
                            cards, *events::parse_time("2026-11-01"), "run-1");
    EXPECT_TRUE(found) << (found ? "" : describe(found.error()));
    return found ? *found : found_repositories{};
  }
  /// Names of the events of a repository.
  std::vector<std::string> events_of(const std::string& repo) {
    std::vector<std::string> result;
    const auto records = log->read_stream(events::stream_of(name(repo)));
    for (const auto& each : *records)
      EXPECT_FALSE(events::visit(
        each, [&]<class E>(const E&) { result.emplace_back(E::name); }));
    return result;
  }
  events::error order(const std::string& repo, bool readmit = false,
                      const std::string& reason = "too noisy") {
    const auto done
      = record_exclusions(*log, {{name(repo), reason, readmit}}, "");
    if (!done)
      return done.error();
    line = done->front();
    return {};
  }

  std::unique_ptr<events::log::event_log> log = events::log::make_memory_log();
  std::string line;
};

} // namespace

TEST_F(stage_one, RecordsWhatIsNewAndNothingTwice) {
  const auto found = settle({card("a/b", "R_1"), card("c/d", "R_2")});
  ASSERT_EQ(found.admitted.size(), 2U);
  EXPECT_EQ(found.admitted[0].repo.str(), "a/b");
  EXPECT_EQ(found.admitted[0].node_id, "R_1");
  EXPECT_EQ(found.admitted[0].card.facts.found_by, "list:x");
  EXPECT_THAT(events_of("a/b"), ElementsAre("RepositorySeen"));
  EXPECT_EQ(settle({card("a/b", "R_1")}).admitted.size(), 1U);
  EXPECT_THAT(events_of("a/b"), ElementsAre("RepositorySeen"));
  auto popular = card("a/b", "R_1");
  popular.facts.stars = 1001;
  settle({popular});
  EXPECT_THAT(events_of("a/b"),
              ElementsAre("RepositorySeen", "RepositorySeen"));
}

TEST_F(stage_one, AppliesThePolicyAndReadmitsWhatPassesAgain) {
  auto few = card("a/b", "R_1");
  few.facts.stars = 3;
  const auto found = settle({few});
  EXPECT_TRUE(found.admitted.empty());
  ASSERT_EQ(found.excluded.size(), 1U);
  EXPECT_EQ(found.excluded[0].rule, "stars");
  EXPECT_TRUE(found.problems.empty());
  EXPECT_EQ(settle({few}).excluded.size(), 1U);
  EXPECT_THAT(events_of("a/b"),
              ElementsAre("RepositorySeen", "RepositoryExcluded"));
  EXPECT_EQ(settle({card("a/b", "R_1")}).admitted.size(), 1U);
  EXPECT_THAT(events_of("a/b"),
              ElementsAre("RepositorySeen", "RepositoryExcluded",
                          "RepositorySeen", "RepositoryReadmitted"));
}

TEST_F(stage_one, FollowsANewNameAndKeepsTheStream) {
  settle({card("pymc-devs/pymc3", "R_1")});
  // Asked by its old name, by its new one, and by both.
  for (const auto& cards :
       {std::vector{card("pymc-devs/pymc3", "R_1", "pymc-devs/pymc")},
        std::vector{card("pymc-devs/pymc", "R_1")},
        std::vector{card("pymc-devs/pymc", "R_1"),
                    card("pymc-devs/pymc3", "R_1", "pymc-devs/pymc")}}) {
    const auto found = settle(cards);
    ASSERT_EQ(found.admitted.size(), 1U);
    EXPECT_EQ(found.admitted[0].repo.str(), "pymc-devs/pymc3");
    EXPECT_EQ(found.admitted[0].card.facts.repo.str(), "pymc-devs/pymc");
    EXPECT_TRUE(found.problems.empty());
  }
  EXPECT_THAT(events_of("pymc-devs/pymc3"),
              ElementsAre("RepositorySeen", "RepositoryRenamed"));
  EXPECT_THAT(events_of("pymc-devs/pymc"), ElementsAre("RepositoryRenamed"));
}

TEST_F(stage_one, FollowsASecondNewNameAndTheWayBack) {
  settle({card("a/one", "R_1")});
  EXPECT_EQ(settle({card("a/two", "R_1")}).renamed.size(), 1U);
  EXPECT_EQ(settle({card("a/three", "R_1")}).renamed.size(), 1U);
  EXPECT_EQ(settle({card("a/three", "R_1")}).renamed.size(), 0U);
  const auto back = settle({card("a/one", "R_1")});
  EXPECT_EQ(back.renamed.size(), 1U);
  EXPECT_EQ(settle({card("a/one", "R_1")}).renamed.size(), 0U);
  EXPECT_EQ(back.admitted[0].repo.str(), "a/one");
}

TEST_F(stage_one, StoresUnderThePresentNameWhatWasNeverStored) {
  const auto found = settle({card("old/name", "R_1", "new/name")});
  EXPECT_EQ(found.admitted[0].repo.str(), "new/name");
  EXPECT_TRUE(events_of("old/name").empty());
}

TEST_F(stage_one, TakesUpAStreamThatNoServiceNamed) {
  // Read from a clone before, perhaps under the name it had then.
  events::repository_seen clone;
  clone.repo = name("Old/Name");
  clone.head = "abc";
  clone.suite_config = "asv.conf.json";
  const auto stream = events::stream_of(clone.repo);
  ASSERT_TRUE(log->append({{stream, 0, {events::make_event(clone)}}}, {}, {}));
  const auto found = settle({card("old/name", "R_1", "new/name")});
  EXPECT_EQ(found.admitted[0].repo.str(), "Old/Name");
  EXPECT_THAT(
    events_of("Old/Name"),
    ElementsAre("RepositorySeen", "RepositoryRenamed", "RepositorySeen"));
  const auto known = known_repositories::read(*log);
  EXPECT_EQ(known->find(clone.repo)->view.seen->suite_config, "asv.conf.json");
  EXPECT_EQ(known->find(clone.repo)->view.seen->stars, 1000U);
}

TEST_F(stage_one, DoesNotMixTwoRepositoriesOfOneName) {
  settle({card("a/b", "R_1")});
  const auto found = settle({card("a/b", "R_2")});
  EXPECT_TRUE(found.admitted.empty());
  ASSERT_EQ(found.problems.size(), 1U);
  EXPECT_EQ(found.problems[0].rule, "identity");
  EXPECT_THAT(found.problems[0].reason, HasSubstr("R_2, before R_1"));
  EXPECT_THAT(events_of("a/b"),
              ElementsAre("RepositorySeen", "RepositoryExcluded"));
  // The first one is found again, under its new name, in the same run.
  const auto both = settle({card("a/b", "R_2"), card("a/moved", "R_1")});
  ASSERT_EQ(both.admitted.size(), 1U);
  EXPECT_EQ(both.admitted[0].repo.str(), "a/b");
  EXPECT_EQ(both.admitted[0].card.facts.repo.str(), "a/moved");
  EXPECT_EQ(both.problems.size(), 1U);
}

TEST_F(stage_one, NamesWhatIsGoneOrPrivateAndLosesNothingElse) {
  auto hidden = card("a/hidden", "R_3");
  hidden.absent = "it is private";
  const auto found
    = settle({absent("a/gone", "Could not resolve to a Repository (NOT_FOUND)"),
              hidden, card("a/fine", "R_1")});
  EXPECT_EQ(found.admitted.size(), 1U);
  ASSERT_EQ(found.problems.size(), 2U);
  EXPECT_EQ(found.problems[0].rule, "gone");
  EXPECT_EQ(found.problems[1].rule, "private");
  EXPECT_THAT(events_of("a/gone"), ElementsAre("RepositoryExcluded"));
  EXPECT_THAT(events_of("a/hidden"), ElementsAre("RepositoryExcluded"));
  // Once recorded, named in every run, and taken back when it is there again.
  settle({absent("a/gone", "(NOT_FOUND)")});
  EXPECT_THAT(events_of("a/gone"), ElementsAre("RepositoryExcluded"));
  EXPECT_EQ(settle({card("a/gone", "R_9")}).admitted.size(), 1U);
  EXPECT_EQ(events_of("a/gone").back(), "RepositoryReadmitted");
}

TEST_F(stage_one, RecordsNoFactWhereAskingFailed) {
  const auto found = settle({absent("a/b", "not in the answer")});
  ASSERT_EQ(found.problems.size(), 1U);
  EXPECT_EQ(found.problems[0].rule, "");
  EXPECT_EQ(log->last(), 0U);
}

TEST_F(stage_one, ObeysAPersonUntilThatPersonTakesItBack) {
  settle({card("a/b", "R_1")});
  EXPECT_FALSE(order("a/b"));
  EXPECT_EQ(line, "a/b excluded: too noisy");
  EXPECT_FALSE(order("a/b"));
  EXPECT_EQ(line, "a/b is excluded already: too noisy");
  const auto found = settle({card("a/b", "R_1")});
  EXPECT_TRUE(found.admitted.empty());
  ASSERT_EQ(found.excluded.size(), 1U);
  EXPECT_EQ(found.excluded[0].rule, "user");
  EXPECT_TRUE(found.problems.empty());
  EXPECT_FALSE(order("a/b", true, "quiet again"));
  EXPECT_FALSE(order("a/b", true, "quiet again"));
  EXPECT_EQ(line, "a/b is not excluded");
  EXPECT_EQ(settle({card("a/b", "R_1")}).admitted.size(), 1U);
  EXPECT_THAT(events_of("a/b"),
              ElementsAre("RepositorySeen", "RepositoryExcluded",
                          "RepositoryReadmitted"));
}

TEST_F(stage_one, DoesNotLetAPersonLiftARule) {
  auto few = card("a/b", "R_1");
  few.facts.stars = 3;
  settle({few});
  const auto err = order("a/b", true);
  EXPECT_EQ(code_of(err), ec::invalid_argument);
  EXPECT_THAT(describe(err), HasSubstr("by the rule stars"));
}

TEST_F(stage_one, APersonMayExcludeWhatIsGone) {
  settle({absent("a/gone", "(NOT_FOUND)")});
  EXPECT_FALSE(order("a/gone", false, "deleted for good"));
  EXPECT_TRUE(settle({absent("a/gone", "(NOT_FOUND)")}).problems.empty());
}

TEST_F(stage_one, LooksForASuiteAgainWhereThereWasNone) {
  settle({card("a/b", "R_1")});
  const auto stream = events::stream_of(name("a/b"));
  ASSERT_TRUE(log->append({{stream,
                            1,
                            {events::make_event(events::repository_excluded{
                              name("a/b"), "none", "no_suite"})}}},
                          {}, {}));
  EXPECT_EQ(settle({card("a/b", "R_1")}).admitted.size(), 1U);
}

} // namespace fc::actors
