#include "events/catalog.hpp"
#include "events/failures/fingerprint.hpp"
#include "tests/actors/core/core_run.hpp"

#include <gmock/gmock.h>

#include <stdexcept>

namespace fc::actors {
namespace {

using namespace std::chrono_literals;
using by_hand::core_run;
using by_hand::failure;
using by_hand::good;
using events::ec;
using events::outcome;
using events::stage;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

const std::vector<std::string> whole_way{
  "Scraped",    "SymbolicPassed", "Answered",        "Classified",
  "Resolved",   "EnvResolved",    "ProblemRendered", "Synthesized",
  "ImageBuilt", "Trialled",       "SpeedupMeasured", "Published"};

std::size_t
count(const std::vector<std::string>& names, const std::string& name) {
  return static_cast<std::size_t>(std::ranges::count(names, name));
}

TEST(a_pull_request, GoesFromScrapedToPublished) {
  core_run core;
  core.add_worker();
  const auto stream = core.start();
  core.settle();
  EXPECT_EQ(core.trail(stream), whole_way);
  ASSERT_EQ(core.reports->results.size(), 1u);
  const auto& result = core.reports->results[0];
  EXPECT_FALSE(result.failure) << events::describe(result.failure);
  EXPECT_EQ(result.progress.published, 1u);
  EXPECT_EQ(result.failed, 0u);
  EXPECT_THAT(core.reports->lines, ElementsAre("owner/name#1 published"));
}

TEST(a_pull_request, CarriesPolicyOnVerdictsAndCauseOnEverything) {
  core_run core;
  core.add_worker();
  const auto stream = core.start();
  core.settle();
  events::position before = 0;
  const auto records = core.log->read_stream(stream);
  for (const auto& at : *records) {
    const auto name = events::name_of(at.tag);
    const bool verdict = name == "SymbolicPassed" || name == "Classified"
                         || name == "EnvResolved" || name == "ImageBuilt"
                         || name == "SpeedupMeasured" || name == "Published";
    EXPECT_EQ(static_cast<bool>(at.policy), verdict) << name;
    if (at.seq > 2) {
      EXPECT_GT(at.causation, 0u) << name;
      EXPECT_LT(at.causation, at.at) << name;
      EXPECT_GE(at.causation, before) << name;
      before = at.causation;
    }
  }
}

TEST(a_pull_request, RecordsWhatEachStepCost) {
  core_run core;
  core.add_worker();
  const auto stream = core.start();
  core.settle();
  std::vector<std::string> stages;
  const auto records = core.log->read_stream(stream);
  for (const auto& at : *records)
    if (at.tag == events::spent::tag)
      stages.push_back(events::event_in<events::spent>(at)->stage);
  EXPECT_THAT(stages, ElementsAre("classify_prs", "resolve_packages",
                                  "render_problems", "synthesize_images",
                                  "harbor_healthcheck", "publish"));
}

/// What a trial with another instrument says that could see nothing.
stage_result unseen() {
  events::trialled x;
  x.instrument = "harness b";
  x.modules = 1;
  x.import_errors = {"bench: ImportError: no module named absent"};
  stage_result result;
  result.evidence.push_back(events::make_event(x));
  return result;
}

TEST(a_pull_request, IsLookedAtOnceMoreInARunWhoseInstrumentChangesUnderWay) {
  core_run run{std::make_shared<by_hand::watched_log>(), 1000, "harness a"};
  for (int i = 0; i < 5; ++i)
    run.stages->script[stage::trial].emplace_back(unseen);
  run.add_worker();
  const auto stream = run.start();
  run.settle();
  const auto trail = run.trail(stream);
  EXPECT_EQ(count(trail, "Reopened"), 1U);
  EXPECT_EQ(count(trail, "Trialled"), 2U);
  EXPECT_EQ(run.state(stream).ends(), events::outcome::failed);
}

TEST(a_pull_request, EndsWhereAVerdictSaysNo) {
  core_run core;
  core.add_worker();
  core.stages->script[stage::classify].push_back([] {
    stage_result x;
    events::answered no;
    no.judge = "rules";
    no.reason = "documentation";
    x.evidence.push_back(events::make_event(no));
    return x;
  });
  const auto stream = core.start();
  core.settle();
  EXPECT_THAT(core.trail(stream), ElementsAre("Scraped", "SymbolicPassed",
                                              "Answered", "Classified"));
  EXPECT_EQ(core.state(stream).ends(), outcome::rejected);
  ASSERT_EQ(core.reports->results.size(), 1u);
  EXPECT_EQ(core.reports->results[0].progress.stages[0].rejected, 1u);
  EXPECT_EQ(core.reports->results[0].progress.stages[0].done, 0u);
}

TEST(a_pull_request, IsTriedAgainAfterTheBackoffAndNotBefore) {
  core_run core;
  core.add_worker();
  core.stages->script[stage::resolve].push_back([] { return failure(); });
  const auto stream = core.start();
  core.settle();
  EXPECT_EQ(core.trail(stream).back(), "AttemptFailed");
  const auto tries = core.stages->performed.size();
  // The shipped policy waits 2 s, with this jitter three quarters of it.
  core.advance(1400ms);
  EXPECT_EQ(core.stages->performed.size(), tries);
  core.advance(400ms);
  EXPECT_EQ(core.trail(stream).back(), "Published");
  ASSERT_GT(core.stages->performed.size(), tries);
  EXPECT_EQ(core.stages->performed[tries].what, stage::resolve);
  EXPECT_EQ(core.stages->performed[tries].attempt, 2u);
}

TEST(a_pull_request, DescribesAFailedAttempt) {
  core_run core;
  core.add_worker();
  auto blob = events::log::make_blob("a long log");
  core.stages->script[stage::resolve].push_back([blob] {
    auto x = failed(
      events::make_error(ec::unavailable, "cannot reach /tmp/x12/index"));
    x.failure_log = {blob.id, blob.data.size()};
    x.blobs.push_back(blob);
    return x;
  });
  const auto stream = core.start();
  core.settle();
  const auto known = core.state(stream).failures.at(stage::resolve);
  ASSERT_EQ(known.size(), 1u);
  EXPECT_EQ(known[0].stage, "resolve_packages");
  EXPECT_EQ(known[0].attempt, 1u);
  EXPECT_EQ(known[0].cause, "unavailable");
  EXPECT_THAT(known[0].message, HasSubstr("/tmp/x12/index"));
  EXPECT_EQ(known[0].fingerprint, events::fingerprint_of(known[0].message));
  EXPECT_TRUE(core.log->blob_of(known[0].log.id));
}

TEST(a_pull_request, IsDroppedAsFailedWhenAttemptsAreExhausted) {
  core_run core;
  core.add_worker();
  for (int i = 0; i < 9; ++i)
    core.stages->script[stage::resolve].push_back([i] { return failure(i); });
  const auto stream = core.start();
  for (int i = 0; i < 9; ++i)
    core.advance(60s);
  const auto names = core.trail(stream);
  EXPECT_EQ(count(names, "AttemptFailed"),
            core_run::shipped()->retry.default_attempts);
  EXPECT_EQ(names.back(), "Dropped");
  const auto state = core.state(stream);
  EXPECT_EQ(state.ends(), outcome::failed);
  EXPECT_TRUE(state.drop->failed);
  EXPECT_EQ(state.drop->stage, "resolve_packages");
  ASSERT_EQ(core.reports->results.size(), 1u);
  EXPECT_EQ(core.reports->results[0].failed, 1u);
  EXPECT_EQ(core.reports->results[0].progress.stages[1].failed, 1u);
}

TEST(a_pull_request, IsDroppedEarlierWhenTheSameFailureComesBack) {
  core_run core;
  core.add_worker();
  for (int i = 0; i < 9; ++i)
    core.stages->script[stage::resolve].push_back([] { return failure(); });
  const auto stream = core.start();
  for (int i = 0; i < 9; ++i)
    core.advance(60s);
  EXPECT_EQ(count(core.trail(stream), "AttemptFailed"),
            core_run::shipped()->retry.same_fingerprint);
  EXPECT_EQ(core.trail(stream).back(), "Dropped");
}

TEST(a_pull_request, TakesAnExceptionAsAFailedAttempt) {
  core_run core;
  core.add_worker();
  core.stages->script[stage::classify].push_back(
    []() -> stage_result { throw std::runtime_error{"out of paper"}; });
  const auto stream = core.start();
  core.settle();
  const auto known = core.state(stream).failures.at(stage::classify);
  ASSERT_EQ(known.size(), 1u);
  EXPECT_EQ(known[0].cause, "internal");
  EXPECT_THAT(known[0].message, HasSubstr("out of paper"));
  core.advance(3s);
  EXPECT_EQ(core.trail(stream).back(), "Published");
}

TEST(a_pull_request, LosesALeaseThatRanOut) {
  core_run core;
  core.add_idle_hands();
  const auto stream = core.start();
  core.settle();
  ASSERT_EQ(core.taken.size(), 1u);
  EXPECT_EQ(core.taken[0]->what, stage::classify);
  core.advance(99s);
  EXPECT_FALSE(core.taken[0]->stop->load());
  core.advance(2s);
  EXPECT_TRUE(core.taken[0]->stop->load());
  EXPECT_EQ(core.trail(stream).back(), "AttemptFailed");
  EXPECT_EQ(core.state(stream).failures.at(stage::classify)[0].cause,
            "timeout");
}

TEST(a_pull_request, StoresOnceWhatIsAnsweredTwice) {
  core_run core;
  core.add_idle_hands(2);
  const auto stream = core.start();
  core.settle();
  core.advance(101s); // The lease ends,
  core.advance(6s);   // the backoff too,
  ASSERT_EQ(core.taken.size(), 2u);
  core.answer(core.taken[0], good(stage::classify)); // now the first answers.
  core.settle();
  EXPECT_EQ(count(core.trail(stream), "Answered"), 0u);
  core.answer(core.taken[1], good(stage::classify));
  core.answer(core.taken[1], good(stage::classify));
  core.answer(core.taken[0], good(stage::classify));
  core.settle();
  EXPECT_EQ(count(core.trail(stream), "Answered"), 1u);
  EXPECT_EQ(count(core.trail(stream), "Classified"), 1u);
}

TEST(a_pull_request, ReadsItsStreamAnewWhenItMoved) {
  core_run core;
  core.add_idle_hands();
  const auto stream = core.start();
  core.settle();
  ASSERT_EQ(core.taken.size(), 1u);
  const auto seen = core.taken[0]->state->seq;
  const auto moved = core.log->append(
    {{stream, seen, {events::make_event(events::deferred{})}}}, {}, {});
  ASSERT_TRUE(moved && !moved->front().failure);
  core.answer(core.taken[0], good(stage::classify));
  core.settle();
  EXPECT_THAT(core.trail(stream), Not(Contains("Answered")));
  core.add_idle_hands();
  core.settle();
  ASSERT_EQ(core.taken.size(), 2u);
  EXPECT_EQ(core.taken[1]->what, stage::classify);
  EXPECT_EQ(core.taken[1]->state->seq, seen + 1);
  core.answer(core.taken[1], good(stage::classify));
  core.settle();
  EXPECT_EQ(count(core.trail(stream), "Answered"), 1u);
  EXPECT_THAT(core.reports->results, IsEmpty()) << "the run goes on";
}

TEST(a_pull_request, StoresOneResultWhenItWasResumedTwice) {
  core_run core;
  core.add_worker();
  const auto stream = core.store(1);
  core.begin(stream);
  core.begin(stream);
  core.end_discovery();
  core.settle();
  EXPECT_EQ(core.trail(stream), whole_way);
  EXPECT_EQ(core.reports->results.size(), 1u);
}

TEST(a_pull_request, HaltsTheRunWhenTheLogRefuses) {
  core_run core;
  core.add_worker();
  core.store(1);
  const auto stream = core.store(2);
  core.log->refuses = true;
  core.begin("pr/owner/name#1");
  core.begin(stream);
  core.end_discovery();
  core.settle();
  core.advance(1s);
  EXPECT_THAT(core.trail(stream), ElementsAre("Scraped", "SymbolicPassed"));
  ASSERT_EQ(core.reports->results.size(), 1u) << "it ends once";
  EXPECT_EQ(events::code_of(core.reports->results[0].failure),
            ec::storage_failure);
}

TEST(a_pull_request, HaltsTheRunInsteadOfAskingForeverForWhatIsRefused) {
  core_run core;
  core.add_worker();
  core.stages->script[stage::classify].push_back([] {
    stage_result x;
    events::answered huge;
    huge.reason.assign(std::size_t{100} << 20, 'x');
    x.evidence.push_back(events::make_event(huge));
    return x;
  });
  const auto stream = core.start();
  core.settle();
  EXPECT_THAT(core.trail(stream), ElementsAre("Scraped", "SymbolicPassed"));
  ASSERT_EQ(core.reports->results.size(), 1u);
  EXPECT_EQ(events::code_of(core.reports->results[0].failure),
            ec::invalid_argument);
  EXPECT_EQ(core.stages->performed.size(), 1u);
}

TEST(a_pull_request, HaltsTheRunOverEvidenceThatCannotBeRead) {
  core_run core;
  core.add_worker();
  core.stages->script[stage::classify].push_back([] {
    auto x = good(stage::classify);
    x.evidence[0].payload = {1, 2, 3};
    return x;
  });
  const auto stream = core.start();
  core.settle();
  EXPECT_THAT(core.trail(stream), ElementsAre("Scraped", "SymbolicPassed"));
  ASSERT_EQ(core.reports->results.size(), 1u);
  EXPECT_TRUE(core.reports->results[0].failure);
}

TEST(a_pull_request, GoesOnWhereALogLeftOff) {
  core_run core;
  const auto stream = core.store(1);
  {
    auto classified = good(stage::classify).evidence;
    classified.push_back(events::make_verdict(
      events::classified{true, "", "", "", "rules"}, core_run::shipped()->id));
    ASSERT_TRUE(core.log->append({{stream, 2, classified}}, {}, {}));
  }
  core.add_worker();
  core.begin(stream);
  core.end_discovery();
  core.settle();
  EXPECT_EQ(core.stages->performed.front().what, stage::resolve);
  EXPECT_EQ(core.trail(stream), whole_way);
}

TEST(a_pull_request, GivesTheSameEventsForTheSameEvidence) {
  const auto once = [] {
    core_run core;
    core.add_worker();
    core.stages->script[stage::trial].push_back([] { return failure(); });
    core.store(1);
    core.store(2);
    core.begin("pr/owner/name#1");
    core.begin("pr/owner/name#2");
    core.end_discovery();
    for (int i = 0; i < 5; ++i)
      core.advance(10s);
    return core.everything();
  };
  const auto first = once();
  EXPECT_GT(first.size(), 2 * whole_way.size());
  EXPECT_TRUE(first == once());
}

} // namespace
} // namespace fc::actors
