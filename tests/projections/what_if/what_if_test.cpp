#include "tests/projections/what_if/fixture.hpp"

namespace fc::projections::what_if {

using testing::HasSubstr;

namespace {

constexpr std::size_t pull_requests = 600;

std::uint64_t count(const report& x, gate at, standing before, standing after) {
  return x.gates[static_cast<std::size_t>(at)][static_cast<std::size_t>(before)]
                [static_cast<std::size_t>(after)];
}

/// One corpus for all: nothing here appends.
struct what_if : testing::Test {
  static void SetUpTestSuite() {
    log = corpus_log(text_with({}), pull_requests).release();
  }
  static void TearDownTestSuite() {
    delete log;
  }
  static report asked(const policy::policy& p, question what = {}) {
    what.max = pull_requests;
    auto found = ask(*log, p, what);
    EXPECT_TRUE(found) << describe(found.error());
    return *found;
  }

  static inline log::event_log* log = nullptr;
};

} // namespace

TEST_F(what_if, EqualPoliciesDifferInNothing) {
  for (const auto& p :
       {policy_with({}),
        policy_with({{"[symbolic]", "# a remark\n[symbolic]  # another"}})}) {
    const auto found = asked(p);
    EXPECT_EQ(found.pull_requests, pull_requests);
    EXPECT_EQ(found.changed, 0U);
    EXPECT_EQ(found.superseded, 0U);
    EXPECT_EQ(found.without, 0U);
    for (const auto& gate : found.gates)
      for (std::size_t i = 0; i < standing_total; ++i)
        for (std::size_t j = 0; j < standing_total; ++j)
          EXPECT_TRUE(i == j || gate[i][j] == 0);
  }
}

TEST_F(what_if, AStricterGateWithdrawsWithTheDecidingNumbers) {
  const auto found
    = asked(policy_with({{"min_ratio = 1.05", "min_ratio = 1.6"}}));
  EXPECT_GT(found.withdrawn, 0U);
  EXPECT_EQ(found.changed, found.withdrawn);
  EXPECT_EQ(found.changes.size(), found.changed);
  EXPECT_EQ(count(found, gate::speedup, standing::passed, standing::rejected),
            found.changed);
  EXPECT_EQ(
    count(found, gate::publish, standing::passed, standing::not_reached),
    found.changed);
  for (const auto& each : found.changes) {
    EXPECT_EQ(each.at, gate::speedup);
    EXPECT_EQ(each.outcome_before, outcome::published);
    EXPECT_EQ(each.outcome_after, outcome::rejected);
    EXPECT_EQ(each.rule_after, "no_speedup");
    EXPECT_THAT(each.why_after, HasSubstr("bench_core.Suite.time_part_"));
    EXPECT_THAT(each.why_after, HasSubstr("1.6"));
  }
}

TEST_F(what_if, ATitleRuleNamesItsTerm) {
  const auto found
    = asked(policy_with({{"\"docs\", ", "\"docs\", \"index\", "}}));
  ASSERT_GT(found.changed, 0U);
  for (const auto& each : found.changes) {
    EXPECT_THAT(each.title, HasSubstr("index"));
    EXPECT_EQ(each.rule_after, "title");
    EXPECT_THAT(each.why_after, HasSubstr("negative term \"index\""));
  }
}

TEST_F(what_if, ADiffThatWasNeverFetchedIsMissing) {
  const auto found = asked(policy_with({{"\"typo\", ", ""}}));
  EXPECT_GT(found.diffs_wanted, 0U);
  EXPECT_EQ(count(found, gate::symbolic, standing::rejected, standing::missing),
            found.diffs_wanted);
  EXPECT_THAT(found.shortages.front().what, HasSubstr("never fetched"));
  EXPECT_EQ(found.changed, 0U);
}

TEST_F(what_if, ANewPromptNeedsNewAnswersAndSaysWhatTheyCost) {
  const auto found = asked(
    policy_with({{"Judge the code and not the words", "Judge the code"}}));
  EXPECT_GT(found.without, 100U);
  EXPECT_EQ(found.wanted.at(stage::classify), found.without);
  EXPECT_EQ(found.superseded, 0U) << "answers of the rules do not need it";
  const auto& cost = found.costs.at(stage::classify);
  EXPECT_GT(cost.steps, found.without);
  EXPECT_GE(cost.calls, found.without);
  EXPECT_GT(cost.tokens, 1000 * found.without);
  EXPECT_GT(cost.usd, 0);
  const auto steps = expected_steps(found);
  EXPECT_EQ(steps.at(stage::classify), static_cast<double>(found.without));
  EXPECT_GT(steps.at(stage::trial), 0);
  EXPECT_LT(steps.at(stage::trial), steps.at(stage::resolve));
}

TEST_F(what_if, RulesOfTheJudgeAreReadAgainFromTheDiff) {
  const auto found
    = asked(policy_with({{"easy_lines = 50", "easy_lines = 51"}}));
  EXPECT_EQ(found.without, 0U);
  EXPECT_EQ(found.changed, 0U) << "grades are no side";
  EXPECT_GT(found.superseded, 0U) << "an answer under other rules is new";
}

TEST_F(what_if, MorePairsThanWereTakenAreMissing) {
  const auto confirm
    = asked(policy_with({{"confirm_pairs = 16", "confirm_pairs = 20"}}));
  EXPECT_GT(confirm.wanted.at(stage::trial), 0U);
  EXPECT_THAT(confirm.shortages.front().what,
              HasSubstr("asks for 20, 16 were taken"));
  // Only those with a candidate were confirmed at all.
  const auto screen
    = asked(policy_with({{"screen_pairs = 4", "screen_pairs = 5"}}));
  EXPECT_GT(screen.without, confirm.without);
  const auto fewer
    = asked(policy_with({{"confirm_pairs = 16", "confirm_pairs = 12"}}));
  EXPECT_EQ(fewer.without, 0U);
  EXPECT_EQ(fewer.changed, 0U);
}

TEST_F(what_if, ALowerScreenWantsFreshPairsOfNewCandidates) {
  const auto found
    = asked(policy_with({{"screen_ratio = 1.04", "screen_ratio = 1.001"}}));
  EXPECT_GT(found.without, 0U);
  EXPECT_THAT(found.shortages.front().what, HasSubstr("has no fresh pairs"));
  EXPECT_EQ(found.lacking.size(), 1U) << "counted without the name";
}

TEST_F(what_if, PublicationThatIsNoLongerAdmittedIsWithdrawn) {
  const auto found = asked(policy_with({{"environments = [\"local-sandbox\"]",
                                         "environments = [\"elsewhere\"]"}}));
  EXPECT_GT(found.withdrawn, 0U);
  EXPECT_EQ(count(found, gate::publish, standing::passed, standing::rejected),
            found.withdrawn);
  EXPECT_EQ(found.changes.front().rule_after, "publish.environment");
}

TEST_F(what_if, AsksForATimeOrARepositoryOnly) {
  const auto p = policy_with({});
  question since;
  since.since = *parse_time("2018-06-01");
  const auto later = asked(p, since).pull_requests;
  EXPECT_GT(later, 0U);
  EXPECT_LT(later, pull_requests);
  question repo;
  repo.repo = *repo_name::parse("example/project-1");
  EXPECT_EQ(asked(p, repo).pull_requests, pull_requests);
  repo.repo = *repo_name::parse("example/other");
  EXPECT_EQ(asked(p, repo).pull_requests, 0U);
}

TEST_F(what_if, NamesAsManyAsWanted) {
  question what;
  what.max = 3;
  const auto found
    = ask(*log, policy_with({{"strict = false", "strict = true"}}), what);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->changes.size(), 3U);
  EXPECT_GT(found->changed, 3U);
  for (const auto& each : found->changes)
    EXPECT_NE(each.outcome_before, each.outcome_after) << "those come first";
}

TEST(what_if_commit, WithdrawsWithItsCauseAndReopens) {
  const auto log = corpus_log(text_with({}), 300);
  const auto p = policy_with({{"min_ratio = 1.05", "min_ratio = 1.6"}});
  const auto done = commit_all(*log, p);
  EXPECT_TRUE(done.newly_adopted);
  ASSERT_GT(done.withdrawn, 0U);
  std::size_t seen = 0;
  stream_name stream;
  ASSERT_FALSE(log->scan(done.adopted, [&](const record& at) {
    if (at.at > done.adopted) {
      EXPECT_EQ(at.causation, done.adopted);
      EXPECT_EQ(at.policy, p.id);
    }
    if (at.tag == withdrawn::tag) {
      ++seen;
      stream = at.stream;
    }
    return true;
  }));
  EXPECT_EQ(seen, done.withdrawn);
  const auto state = events::fold(*log->read_stream(stream));
  ASSERT_TRUE(state->withdrawal);
  EXPECT_EQ(state->withdrawal->rule, "no_speedup");
  EXPECT_EQ(state->ends(), outcome::rejected);
  EXPECT_FALSE(state->next());
  const auto taken = (*log->read_stream(stream))[state->withdrawal->seq - 1];
  EXPECT_EQ(taken.tag, published::tag);

  const auto back = commit_all(*log, policy_with({}));
  EXPECT_EQ(back.reopened, done.withdrawn);
  EXPECT_EQ(events::fold(*log->read_stream(stream))->next(), stage::publish);
}

TEST(what_if_commit, WhatLacksEvidenceKeepsItsVerdicts) {
  const auto log = corpus_log(text_with({}), 300);
  const auto last = log->last();
  const auto done = commit_all(
    *log, policy_with({{"Judge the code and not the words", "Judge it"}}));
  EXPECT_TRUE(done.newly_adopted);
  EXPECT_EQ(done.verdicts, 0U);
  EXPECT_EQ(log->last(), last + 1);
}

TEST(what_if_commit, OfAnEmptyLogAdoptsThePolicy) {
  const auto log = log::make_memory_log();
  const auto done = commit_all(*log, policy_with({}));
  EXPECT_EQ(done.adopted, 1U);
  EXPECT_EQ(log->last(), 1U);
}

} // namespace fc::projections::what_if
