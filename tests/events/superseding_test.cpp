#include "events/pull_request_state.hpp"
#include "tests/support/samples.hpp"

#include <gtest/gtest.h>

/// A second verdict on a gate, under another policy, supersedes the first.
namespace fc::events {

namespace {

template <event... Ts>
void put(pull_request_state& to, const Ts&... xs) {
  (to.apply(xs), ...);
}

/// As far as a trial that was accepted, and published or not.
pull_request_state accepted() {
  auto yes = samples::speedup_measured();
  yes.accepted = true;
  pull_request_state state;
  put(state, samples::scraped(), samples::symbolic_passed(),
      samples::answered(), samples::classified(), samples::resolved(),
      samples::env_resolved(), samples::problem_rendered(),
      samples::synthesized(), samples::image_built(), samples::trialled(), yes);
  return state;
}

dropped drop_at(stage at, bool failed = false) {
  return {std::string{to_string(at)}, "some rule", "some words", failed};
}

speedup_measured too_slow() {
  auto x = samples::speedup_measured();
  x.accepted = false;
  x.failed = false;
  x.rule = "no_speedup";
  return x;
}

} // namespace

TEST(superseding, APassReopensWhatTheRulesRejected) {
  pull_request_state state;
  put(state, samples::scraped(), samples::symbolic_rejected());
  EXPECT_EQ(state.ends(), outcome::rejected);
  put(state, samples::symbolic_passed());
  EXPECT_EQ(state.next(), stage::classify);
  EXPECT_EQ(state.rule(), "");
}

TEST(superseding, ARejectionWaitsBeforeWhatIsBehindIt) {
  auto state = accepted();
  EXPECT_EQ(state.next(), stage::publish);
  put(state, samples::symbolic_rejected());
  EXPECT_EQ(state.ends(), outcome::rejected);
  EXPECT_EQ(state.rule(), samples::symbolic_rejected().rule);
  EXPECT_FALSE(state.next());
  // Passed again, all evidence behind it counts as before.
  put(state, samples::symbolic_passed());
  EXPECT_EQ(state.next(), stage::publish);
}

TEST(superseding, AnEarlierGateSpeaksFirst) {
  auto state = accepted();
  put(state, too_slow());
  EXPECT_EQ(state.rule(), "no_speedup");
  auto no = samples::classified();
  no.performance = false;
  put(state, no);
  EXPECT_EQ(state.rule(), "judge");
  put(state, samples::symbolic_rejected());
  EXPECT_EQ(state.ended_by()->stage, "scrape_commits");
  put(state, samples::symbolic_passed(), samples::classified());
  EXPECT_EQ(state.rule(), "no_speedup");
}

TEST(superseding, AVerdictReplacesTheDropOfItsOwnStageOnly) {
  pull_request_state state;
  put(state, samples::scraped(), samples::symbolic_passed(),
      samples::classified(), samples::env_resolved(),
      samples::problem_rendered(), drop_at(stage::synthesize));
  EXPECT_EQ(state.ends(), outcome::rejected);
  put(state, samples::symbolic_passed(), samples::env_resolved());
  EXPECT_EQ(state.ends(), outcome::rejected) << "nothing new of the build";
  put(state, samples::image_built());
  EXPECT_EQ(state.next(), stage::trial);
  EXPECT_FALSE(state.drop);
}

TEST(superseding, ADropReplacesTheVerdictOfItsStage) {
  auto state = accepted();
  put(state, drop_at(stage::synthesize));
  EXPECT_FALSE(state.image);
  EXPECT_EQ(state.ended_by()->stage, "synthesize_images");
  put(state, reopened{"synthesize_images", "again"});
  EXPECT_EQ(state.next(), stage::synthesize);
}

TEST(superseding, WorkThatCouldNotBeDoneIsReopenedOrDone) {
  for (const auto at : {stage::classify, stage::resolve, stage::render,
                        stage::synthesize, stage::trial}) {
    pull_request_state state;
    put(state, samples::scraped(), samples::symbolic_passed(),
        drop_at(at, true));
    EXPECT_EQ(state.ends(), outcome::failed);
    put(state, reopened{std::string{to_string(at)}, "another attempt"});
    EXPECT_EQ(state.next(), stage::classify) << to_string(at);
  }
}

TEST(superseding, DropsOfSeveralStagesAreKeptApart) {
  pull_request_state state;
  put(state, samples::scraped(), samples::symbolic_passed(),
      drop_at(stage::publish), drop_at(stage::trial, true));
  EXPECT_EQ(state.ended_by()->stage, "harbor_healthcheck");
  EXPECT_EQ(state.ends(), outcome::failed);
  put(state, reopened{"harbor_healthcheck", ""});
  EXPECT_EQ(state.ended_by()->stage, "publish");
  put(state, reopened{"publish", ""});
  EXPECT_EQ(state.ends(), outcome::open);
}

TEST(superseding, AWithdrawnTaskIsRejectedAtPublication) {
  auto state = accepted();
  state.seq = 12;
  put(state, samples::published());
  EXPECT_EQ(state.published_seq, 13U);
  put(state, samples::withdrawn());
  EXPECT_EQ(state.ends(), outcome::rejected);
  EXPECT_EQ(state.ended_by()->stage, "publish");
  EXPECT_EQ(state.rule(), samples::withdrawn().rule);
  EXPECT_EQ(state.explanation(), samples::withdrawn().explanation);
  EXPECT_FALSE(state.next());
  auto again = state;
  put(again, samples::published());
  EXPECT_EQ(again.ends(), outcome::published);
  EXPECT_FALSE(again.withdrawal);
  put(state, reopened{"publish", "qualifies"});
  EXPECT_EQ(state.next(), stage::publish);
}

TEST(superseding, PublishedStaysSoUntilItIsWithdrawn) {
  auto state = accepted();
  put(state, samples::published(), too_slow());
  EXPECT_EQ(state.ends(), outcome::published);
}

TEST(superseding, ABuildThatWasDoneAfterAllIsNoKnownFailure) {
  pull_request_state state;
  put(state, samples::scraped(), samples::symbolic_passed(),
      samples::known_failure_avoided());
  EXPECT_TRUE(state.known_failure);
  put(state, samples::synthesized());
  EXPECT_FALSE(state.known_failure);
}

} // namespace fc::events
