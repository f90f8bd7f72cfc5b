#include "actors/core/recorded_evidence.hpp"
#include "events/catalog.hpp"
#include "tests/support/samples.hpp"

#include <gtest/gtest.h>

namespace fc::actors {
namespace {

using events::ec;
using events::stage;

/// Brings a cost nobody else brings.
struct asked_performer : stage_performer {
  stage_result perform(const work&) override {
    stage_result x;
    x.cost.calls = 77;
    return x;
  }
};

class evidence_of_a_run : public testing::Test {
protected:
  void record(std::vector<events::new_event> batch,
              const std::vector<events::log::blob>& blobs = {}) {
    const auto results = log->append(
      {{stream, *log->stream_version(stream), std::move(batch)}}, blobs, {});
    ASSERT_TRUE(results && !results->front().failure);
  }

  stage_result perform(stage what, std::uint32_t attempt = 1) {
    recorded_evidence performer{log, std::make_shared<asked_performer>()};
    work job;
    job.stream = stream;
    job.what = what;
    job.attempt = attempt;
    return performer.perform(job);
  }

  static bool was_performed(const stage_result& x) {
    return x.cost.calls == 77;
  }

  const events::stream_name stream = events::stream_of(samples::pull_request());
  std::shared_ptr<events::log::event_log> log = events::log::make_memory_log();
};

TEST_F(evidence_of_a_run, PerformsWhatIsNotThere) {
  for (std::size_t i = 0; i < events::stage_total; ++i)
    EXPECT_TRUE(was_performed(perform(static_cast<stage>(i)))) << i;
}

TEST_F(evidence_of_a_run, GivesEvidenceWithItsBlobsAndWithoutVerdicts) {
  record(samples::history(), samples::blobs());
  const auto result = perform(stage::render);
  EXPECT_FALSE(was_performed(result));
  ASSERT_FALSE(result.failure) << events::describe(result.failure);
  ASSERT_EQ(result.evidence.size(), 1u);
  EXPECT_EQ(result.evidence[0].tag, events::problem_rendered::tag);
  EXPECT_EQ(result.evidence[0].payload, encode(samples::problem_rendered()));
  EXPECT_FALSE(result.evidence[0].policy);
  ASSERT_EQ(result.blobs.size(), 1u);
  EXPECT_EQ(result.blobs[0].id, samples::problem_rendered().statement.id);
}

TEST_F(evidence_of_a_run, KnowsTheEvidenceOfEveryStageButPublication) {
  record(samples::history(), samples::blobs());
  for (const auto at :
       {stage::classify, stage::render, stage::synthesize, stage::trial})
    EXPECT_EQ(perform(at).evidence.size(), 1u) << events::to_string(at);
  EXPECT_TRUE(was_performed(perform(stage::publish)));
}

TEST_F(evidence_of_a_run, SaysAgainThatAStepWasNotTried) {
  // The other log may have met the known failure in another order.
  record({events::make_event(samples::known_failure_avoided())});
  const auto result = perform(stage::synthesize);
  ASSERT_EQ(result.evidence.size(), 1u);
  EXPECT_EQ(result.evidence[0].tag, events::known_failure_avoided::tag);
  EXPECT_TRUE(was_performed(perform(stage::trial)));
}

TEST_F(evidence_of_a_run, GivesAnOwnIdToWhatItCopies) {
  record(samples::history(), samples::blobs());
  const auto first = perform(stage::classify).evidence.at(0).id;
  const auto second = perform(stage::classify).evidence.at(0).id;
  EXPECT_NE(first, second);
}

TEST_F(evidence_of_a_run, MeetsRecordedFailuresInTheirOrder) {
  auto first = samples::attempt_failed();
  first.stage = events::to_string(stage::classify);
  first.attempt = 1;
  auto second = first;
  second.attempt = 2;
  second.message = "second";
  record({events::make_event(first), events::make_event(second),
          events::make_event(samples::answered())},
         samples::blobs());
  const auto one = perform(stage::classify, 1);
  EXPECT_TRUE(one.failure);
  ASSERT_TRUE(one.recorded_failure);
  EXPECT_EQ(*one.recorded_failure, first);
  EXPECT_EQ(one.blobs.size(), 1u);
  EXPECT_EQ(perform(stage::classify, 2).recorded_failure->message, "second");
  const auto three = perform(stage::classify, 3);
  EXPECT_FALSE(three.failure);
  EXPECT_EQ(three.evidence.size(), 1u);
}

TEST_F(evidence_of_a_run, IgnoresFailuresOfOtherStages) {
  record({events::make_event(samples::attempt_failed()),
          events::make_event(samples::answered())},
         samples::blobs());
  EXPECT_EQ(perform(stage::classify).evidence.size(), 1u);
}

TEST_F(evidence_of_a_run, SaysWhichBlobIsAbsent) {
  record({events::make_event(samples::problem_rendered())});
  const auto result = perform(stage::render);
  EXPECT_EQ(events::code_of(result.failure), ec::not_found);
  EXPECT_TRUE(result.evidence.empty());
}

TEST_F(evidence_of_a_run, DoesNotRepeatAFailureWhoseLogIsAbsent) {
  auto x = samples::attempt_failed();
  x.attempt = 1;
  record({events::make_event(x)});
  const auto result = perform(stage::resolve);
  EXPECT_EQ(events::code_of(result.failure), ec::not_found);
  EXPECT_FALSE(result.recorded_failure);
}

TEST_F(evidence_of_a_run, BringsWhatWasPaidForOnTheWayToAnAnswer) {
  record({events::make_event(samples::model_answered()),
          events::make_event(samples::answered())},
         samples::blobs());
  const auto result = perform(stage::classify);
  ASSERT_FALSE(result.failure) << events::describe(result.failure);
  ASSERT_EQ(result.kept.size(), 1u);
  EXPECT_EQ(result.kept[0].tag, events::model_answered::tag);
  ASSERT_EQ(result.evidence.size(), 1u);
  EXPECT_EQ(result.evidence[0].tag, events::answered::tag);
  EXPECT_EQ(result.cost.calls, 0u);
}

TEST_F(evidence_of_a_run, NeedsNoBlobForAFailureWithoutLog) {
  auto x = samples::attempt_failed();
  x.log = {};
  record({events::make_event(x)});
  EXPECT_TRUE(perform(stage::resolve).recorded_failure);
}

} // namespace
} // namespace fc::actors
