#include "events/pull_request_state.hpp"
#include "tests/support/samples.hpp"

#include <gtest/gtest.h>

namespace fc::events {

namespace {

/// The state after the given events.
template <event... Ts>
pull_request_state after(const Ts&... xs) {
  pull_request_state state;
  (state.apply(xs), ...);
  return state;
}

std::vector<record> as_records(const std::vector<new_event>& events) {
  std::vector<record> records;
  for (const auto& x : events) {
    auto r = samples::record_of(samples::scraped(), 10 + records.size(),
                                static_cast<sequence>(records.size() + 1));
    r.tag = x.tag;
    r.version = x.version;
    r.policy = x.policy;
    r.payload = x.payload;
    records.push_back(std::move(r));
  }
  return records;
}

} // namespace

TEST(stage, HasTheNameUsersKnow) {
  for (std::size_t i = 0; i < stage_total; ++i) {
    const auto x = static_cast<stage>(i);
    EXPECT_EQ(stage_from(to_string(x)), x);
  }
  EXPECT_EQ(to_string(stage::trial), "harbor_healthcheck");
  EXPECT_FALSE(stage_from("trial"));
  EXPECT_FALSE(stage_from(""));
}

TEST(pull_request_state, NeedsFactsAndAPassBeforeAnyStage) {
  EXPECT_FALSE(pull_request_state{}.next());
  EXPECT_FALSE(after(samples::scraped()).next());
  EXPECT_EQ(after(samples::scraped()).ends(), outcome::open);
  EXPECT_EQ(after(samples::scraped(), samples::symbolic_passed()).next(),
            stage::classify);
}

TEST(pull_request_state, GoesThroughTheStagesInOrder) {
  const auto records = as_records(samples::history());
  pull_request_state state;
  std::vector<std::optional<stage>> seen;
  for (const auto& at : records) {
    ASSERT_FALSE(fold(state, at));
    if (seen.empty() || seen.back() != state.next())
      seen.push_back(state.next());
  }
  const std::vector<std::optional<stage>> expected_stages{
    std::nullopt,      stage::classify, stage::resolve, stage::render,
    stage::synthesize, stage::trial,    stage::publish, std::nullopt};
  EXPECT_EQ(seen, expected_stages);
  EXPECT_EQ(state.ends(), outcome::published);
  EXPECT_EQ(state.seq, records.size());
  EXPECT_EQ(state.last, records.back().at);
  EXPECT_EQ(state.policy, records.back().policy);
  EXPECT_EQ(state.rule(), "");
  EXPECT_EQ(state.explanation(), "");
}

TEST(pull_request_state, EndsWithASymbolicRejection) {
  const auto state = after(samples::scraped(), samples::symbolic_rejected());
  EXPECT_EQ(state.ends(), outcome::rejected);
  EXPECT_FALSE(state.next());
  EXPECT_EQ(state.rule(), "files.no_core");
  EXPECT_EQ(state.explanation(), samples::symbolic_rejected().explanation);
}

TEST(pull_request_state, EndsWhenItIsNoPerformanceWork) {
  auto verdict = samples::classified();
  verdict.performance = false;
  const auto state
    = after(samples::scraped(), samples::symbolic_passed(), verdict);
  EXPECT_EQ(state.ends(), outcome::rejected);
  EXPECT_EQ(state.rule(), "judge");
  EXPECT_FALSE(state.next());
}

TEST(pull_request_state, EndsWhenTheSpeedupIsNotAccepted) {
  auto verdict = samples::speedup_measured();
  verdict.accepted = false;
  verdict.failed = false;
  verdict.rule = "too_small";
  const auto state
    = after(samples::scraped(), samples::symbolic_passed(),
            samples::classified(), samples::env_resolved(),
            samples::problem_rendered(), samples::image_built(), verdict);
  EXPECT_EQ(state.ends(), outcome::rejected);
  EXPECT_EQ(state.rule(), "too_small");
}

TEST(pull_request_state, TellsADropByFailureFromOneByVerdict) {
  auto drop = samples::dropped();
  EXPECT_EQ(after(samples::scraped(), drop).ends(), outcome::failed);
  drop.failed = false;
  const auto state = after(samples::scraped(), drop);
  EXPECT_EQ(state.ends(), outcome::rejected);
  EXPECT_EQ(state.rule(), "build.failed");
}

TEST(pull_request_state, CountsFailuresByStageAndStaysOpen) {
  auto first = samples::attempt_failed();
  first.attempt = 1;
  auto unknown = samples::attempt_failed();
  unknown.stage = "no_such_stage";
  const auto state
    = after(samples::scraped(), samples::symbolic_passed(), first,
            samples::attempt_failed(), unknown, samples::deferred());
  ASSERT_EQ(state.failures.size(), 1U);
  EXPECT_EQ(state.failures.at(stage::resolve),
            (std::vector{first, samples::attempt_failed()}));
  EXPECT_EQ(state.deferral, samples::deferred());
  EXPECT_EQ(state.ends(), outcome::open);
  EXPECT_EQ(state.next(), stage::classify);
}

TEST(pull_request_state, LetsASecondVerdictSupersedeTheFirst) {
  auto no = samples::classified();
  no.performance = false;
  const auto state = after(samples::scraped(), samples::symbolic_passed(), no,
                           samples::classified());
  EXPECT_EQ(state.ends(), outcome::open);
  EXPECT_EQ(state.next(), stage::resolve);
}

TEST(pull_request_state, KeepsThePolicyOfTheNewestVerdict) {
  pull_request_state state;
  auto verdict = samples::record_of(samples::symbolic_passed(), 2, 2);
  verdict.policy = sha256(as_bytes("policy"));
  ASSERT_FALSE(fold(state, verdict));
  ASSERT_FALSE(fold(state, samples::record_of(samples::answered(), 3, 3)));
  EXPECT_EQ(state.policy, verdict.policy);
}

TEST(pull_request_state, FoldStopsAtADamagedRecord) {
  auto records = as_records(samples::history());
  records[3].payload.assign(2, 0);
  const auto state = fold(records);
  ASSERT_FALSE(state);
  EXPECT_EQ(code_of(state.error()), ec::corrupt);
}

TEST(pull_request_state, FoldOfNothingIsOpen) {
  const auto state = fold(std::vector<record>{});
  ASSERT_TRUE(state);
  EXPECT_EQ(state->ends(), outcome::open);
}

TEST(pull_request_state, FailsWhereTheTrialCouldNotLook) {
  pull_request_state state;
  state.apply(samples::scraped());
  state.apply(samples::symbolic_passed());
  state.apply(samples::image_built());
  auto evidence = samples::trialled();
  evidence.instrument = "Python 3.11.2";
  state.apply(evidence);
  auto verdict = samples::speedup_measured();
  verdict.accepted = false;
  verdict.failed = true;
  verdict.rule = "suite.unseen";
  state.apply(verdict);
  EXPECT_EQ(state.ends(), outcome::failed);
  EXPECT_EQ(state.rule(), "suite.unseen");
  EXPECT_FALSE(state.may_look_again(""));
  EXPECT_FALSE(state.may_look_again("Python 3.11.2"));
  EXPECT_TRUE(state.may_look_again("Python 3.12.1"));
  state.apply(reopened{"harbor_healthcheck", "another interpreter"});
  EXPECT_EQ(state.ends(), outcome::open);
  EXPECT_FALSE(state.image) << "the environment is made anew";
  // A verdict stays one, whatever the instrument.
  verdict.failed = false;
  state.apply(evidence);
  state.apply(verdict);
  EXPECT_EQ(state.ends(), outcome::rejected);
  EXPECT_FALSE(state.may_look_again("Python 3.12.1"));
}

TEST(pull_request_state, IsNeverFoldedFurtherFromWhatCannotBe) {
  const auto at = samples::record_of(samples::scraped(), 10, 1);
  pull_request_state both;
  both.passed = samples::symbolic_passed();
  both.symbolic = samples::symbolic_rejected();
  EXPECT_DEATH((void)fold(both, at), "must hold and does not: .*at = 10");
  pull_request_state lost;
  lost.drop = samples::dropped();
  EXPECT_DEATH((void)fold(lost, at), "drops.empty.*= 10, 0");
}

} // namespace fc::events
