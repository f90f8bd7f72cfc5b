#include "actors/core/known_failures.hpp"
#include "actors/core/recorded_evidence.hpp"
#include "events/catalog.hpp"
#include "events/failures/fingerprint.hpp"
#include "events/log/event_log.hpp"
#include "tests/actors/core/core_run.hpp"

#include <gmock/gmock.h>

namespace fc::actors {
namespace {

using namespace std::chrono_literals;
using by_hand::core_run;
using by_hand::good;
using events::ec;
using events::outcome;
using events::stage;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

stage_result refusal(const std::string& text = "no such interpreter 3.1") {
  return failed(events::make_error(ec::refused, text));
}

/// Evidence of a build of base that fails.
stage_result broken_build(const std::string& error
                          = "No matching distribution found for frobnicate") {
  auto result = good(stage::synthesize);
  events::synthesized x;
  x.sides = {{"base", {}, false, 1, {}, error, {}},
             {"head", {}, false, 1, {}, error, {}}};
  result.evidence.front() = events::make_event(x);
  return result;
}

void lack(core_run& core, int times) {
  for (int i = 0; i < times; ++i)
    core.stages->script[stage::synthesize].push_back(
      [] { return broken_build(); });
}

void refuse(core_run& core, stage at, int times) {
  for (int i = 0; i < times; ++i)
    core.stages->script[at].push_back([] { return refusal(); });
}

void add_guarded_worker(core_run& core) {
  core.add_worker(
    std::make_shared<known_failure_guard>(core.log, 2, core.stages));
}

std::size_t tries(const core_run& core, stage at) {
  return static_cast<std::size_t>(std::ranges::count(
    core.stages->performed, at, [](const work& x) { return x.what; }));
}

/// Begins a pull request and lets it come to its end, retries included.
events::stream_name go(core_run& core, std::uint32_t number) {
  const auto stream = core.store(number);
  core.begin(stream);
  for (int i = 0; i < 5; ++i)
    core.advance(60s);
  return stream;
}

std::vector<events::known_failure_met> met(const core_run& core) {
  std::vector<events::known_failure_met> all;
  const auto records = core.log->read_stream("repo/owner/name");
  for (const auto& at : *records)
    if (at.tag == events::known_failure_met::tag)
      all.push_back(*events::event_in<events::known_failure_met>(at));
  return all;
}

TEST(a_known_failure, IsNotTriedMoreThanTwiceInARepository) {
  core_run core;
  add_guarded_worker(core);
  lack(core, 9);
  for (const std::uint32_t number : {1U, 2U}) {
    const auto state = core.state(go(core, number));
    EXPECT_EQ(state.rule(), "build.base");
    EXPECT_EQ(state.ends(), outcome::failed);
  }
  EXPECT_EQ(tries(core, stage::synthesize), 2u);
  for (const std::uint32_t number : {3U, 4U}) {
    const auto stream = go(core, number);
    const auto names = core.trail(stream);
    EXPECT_EQ(names.back(), "Dropped");
    EXPECT_THAT(names, Contains("DeadEndKnown"));
    const auto state = core.state(stream);
    // Not a verdict on the pull request.
    EXPECT_EQ(state.ends(), outcome::failed);
    EXPECT_EQ(state.rule(), "known dead end");
    EXPECT_THAT(state.explanation(),
                HasSubstr("owner/name#1 and owner/name#2; it was: not_found: "
                          "the package frobnicate is missing"));
  }
  EXPECT_EQ(tries(core, stage::synthesize), 2u);
  EXPECT_THAT(met(core), SizeIs(2));
  EXPECT_THAT(events::log::verify(*core.log).problems, IsEmpty());
}

TEST(a_known_failure, IsNoBuildThatFailsByItself) {
  core_run core;
  add_guarded_worker(core);
  for (int i = 0; i < 3; ++i)
    core.stages->script[stage::synthesize].push_back(
      [] { return broken_build("SyntaxError: invalid syntax"); });
  for (const std::uint32_t number : {1U, 2U, 3U})
    EXPECT_EQ(core.state(go(core, number)).rule(), "build.base");
  EXPECT_EQ(tries(core, stage::synthesize), 3u);
  EXPECT_THAT(met(core), IsEmpty());
}

TEST(a_known_failure, DoesNotBindWhoNeedsSomethingElse) {
  core_run core;
  add_guarded_worker(core);
  lack(core, 2);
  go(core, 1);
  go(core, 2);
  core.stages->script[stage::resolve].push_back([] {
    auto other = good(stage::resolve);
    events::resolved x;
    x.python_version = "3.11.2";
    x.suite_config = "asv.conf.json";
    x.suite_dir = "benchmarks";
    x.package_root = ".";
    x.requirements = {"numpy"};
    other.evidence.front() = events::make_event(x);
    return other;
  });
  EXPECT_EQ(core.trail(go(core, 3)).back(), "Published");
}

// A full disk is an invalid_argument of whoever meets it: not the others'.
TEST(a_known_failure, IsNoneOfAFullDisk) {
  core_run core;
  add_guarded_worker(core);
  for (int i = 0; i < 4; ++i)
    core.stages->script[stage::synthesize].push_back([] {
      return failed(events::make_error(ec::invalid_argument,
                                       "cannot export: No space left"));
    });
  go(core, 1);
  go(core, 2);
  EXPECT_EQ(core.trail(go(core, 3)).back(), "Published");
  EXPECT_THAT(met(core), IsEmpty());
}

// Whether a replay meets the known failure first depends on the order of work.
TEST(a_known_failure, BindsNobodyWhoseEvidenceIsRecorded) {
  core_run recorded;
  recorded.add_worker();
  go(recorded, 3);
  core_run core;
  lack(core, 2);
  core.add_worker(std::make_shared<recorded_evidence>(
    recorded.log,
    std::make_shared<known_failure_guard>(core.log, 2, core.stages)));
  go(core, 1);
  go(core, 2);
  EXPECT_THAT(met(core), SizeIs(2));
  EXPECT_EQ(core.trail(go(core, 3)).back(), "Published");
}

// All were queued before the first of them failed, and all were built.
TEST(a_known_failure, IsNotTriedByWhoWasQueuedBeforeItWasKnown) {
  core_run core;
  lack(core, 9);
  for (std::uint32_t number = 1; number <= 5; ++number)
    core.begin(core.store(number));
  core.settle();
  add_guarded_worker(core);
  core.settle();
  EXPECT_EQ(tries(core, stage::synthesize), 2u);
  EXPECT_THAT(met(core), SizeIs(2));
}

TEST(a_known_failure, OfItsOwnIsTriedByEachPullRequestOnce) {
  core_run core;
  add_guarded_worker(core);
  refuse(core, stage::trial, 9);
  go(core, 1);
  EXPECT_EQ(tries(core, stage::trial), 2u);
  const auto second = go(core, 2);
  // Nothing says beforehand that its trial fails, but it is not repeated.
  EXPECT_EQ(tries(core, stage::trial), 3u);
  const auto state = core.state(second);
  ASSERT_THAT(state.failures.at(stage::trial), SizeIs(1));
  EXPECT_THAT(state.failures.at(stage::trial)[0].known, SizeIs(2));
  EXPECT_EQ(state.rule(), "attempts exhausted");
}

TEST(a_known_failure, IsNoneWhereARepeatMayHelp) {
  core_run core;
  add_guarded_worker(core);
  for (int i = 0; i < 2; ++i)
    core.stages->script[stage::synthesize].push_back(
      [] { return by_hand::failure(); });
  EXPECT_EQ(core.state(go(core, 1)).ends(), outcome::failed);
  EXPECT_EQ(core.trail(go(core, 2)).back(), "Published");
  EXPECT_THAT(met(core), IsEmpty());
}

TEST(a_known_failure, IsAnotherOneWhereSomethingElseIsMissing) {
  core_run core;
  add_guarded_worker(core);
  for (const auto* text : {"fatal error: a.h: no", "cannot find -lb"})
    core.stages->script[stage::synthesize].push_back(
      [text] { return broken_build(text); });
  go(core, 1);
  go(core, 2);
  EXPECT_EQ(core.trail(go(core, 3)).back(), "Published");
  EXPECT_THAT(met(core), SizeIs(2));
}

TEST(a_known_failure, IsKnownToTheNextRun) {
  core_run before;
  add_guarded_worker(before);
  lack(before, 2);
  go(before, 1);
  go(before, 2);
  core_run core{before.log};
  add_guarded_worker(core);
  EXPECT_EQ(core.state(go(core, 3)).rule(), "known dead end");
  EXPECT_EQ(tries(core, stage::synthesize), 0u);
}

TEST(a_known_failure, IsToldAfterAKillBetweenFailingAndTelling) {
  core_run before;
  add_guarded_worker(before);
  refuse(before, stage::trial, 1);
  const auto first = go(before, 1);
  // The same log without what followed, and what the repository was told.
  auto log = std::make_shared<by_hand::watched_log>();
  const auto records = before.log->read_stream(first);
  std::vector<events::new_event> kept;
  for (const auto& at : *records) {
    kept.push_back({at.id, at.tag, at.version, at.policy, 0, at.payload});
    if (at.tag == events::attempt_failed::tag)
      break;
  }
  const auto copied = log->append({{first, 0, kept}}, {}, {"run", {}});
  ASSERT_TRUE(copied && !copied->front().failure);
  core_run core{log};
  add_guarded_worker(core);
  core.begin(first);
  core.settle();
  EXPECT_THAT(met(core), SizeIs(1));
}

TEST(a_known_failure, IsToldTwiceAtMostThoughManyMeetItAtOnce) {
  core_run core;
  core.add_idle_hands(100);
  std::vector<events::stream_name> streams;
  for (std::uint32_t number = 1; number <= 6; ++number) {
    streams.push_back(core.store(number));
    core.begin(streams.back());
  }
  // All are at the build before the first of them fails.
  for (std::size_t next = 0; next < 200; ++next) {
    core.settle();
    const auto build = [](const work_ptr& x) {
      return x->what == stage::synthesize;
    };
    const auto other = std::ranges::find_if_not(core.taken, build);
    if (other == core.taken.end())
      break;
    const auto job = *other;
    core.taken.erase(other);
    core.answer(job, good(job->what));
  }
  const auto all = std::exchange(core.taken, {});
  ASSERT_GE(all.size(), 2u);
  for (const auto& job : all)
    core.answer(job, broken_build());
  core.advance(60s);
  EXPECT_THAT(met(core), SizeIs(2));
  EXPECT_THAT(events::log::verify(*core.log).problems, IsEmpty());
}

// The next step begins before the log holds what came of the one before.
TEST(a_known_failure, IsKnownToTheGuardBeforeTheLogHasIt) {
  core_run core;
  lack(core, 9);
  core.add_idle_hands(100);
  for (std::uint32_t number = 1; number <= 4; ++number)
    core.begin(core.store(number));
  for (int step = 0; step < 4 * 3; ++step) {
    core.settle();
    const auto before_build
      = std::ranges::find_if(core.taken, [](const work_ptr& x) {
          return x->what != stage::synthesize;
        });
    if (before_build == core.taken.end())
      break;
    const auto job = *before_build;
    core.taken.erase(before_build);
    core.answer(job, good(job->what));
  }
  core.settle();
  ASSERT_GE(core.taken.size(), 3u);
  known_failure_guard guard{core.log, 2, core.stages};
  guard.perform(*core.taken[0]);
  guard.perform(*core.taken[1]);
  const auto third = guard.perform(*core.taken[2]);
  EXPECT_EQ(tries(core, stage::synthesize), 2u);
  ASSERT_THAT(third.evidence, SizeIs(1));
  const auto known
    = decode(third.evidence[0].payload, third.evidence[0].version,
             std::type_identity<events::known_failure_avoided>{});
  ASSERT_TRUE(known);
  ASSERT_THAT(known->failures, SizeIs(2));
  EXPECT_EQ(known->failures[0].stream, core.taken[0]->stream);
  EXPECT_EQ(known->failures[0].seq, core.taken[0]->state->seq + 1);
}

TEST(recorded_known_failures, AreLikeOnlyOfOthers) {
  core_run core;
  add_guarded_worker(core);
  refuse(core, stage::trial, 9);
  const auto first = go(core, 1);
  const auto all = known_failures::read(
    *core.log, *events::repo_name::parse("owner/name"), 2);
  ASSERT_TRUE(all);
  const auto failure = core.state(first).failures.at(stage::trial).front();
  EXPECT_THAT(all->like(failure, first), IsEmpty());
  EXPECT_THAT(all->like(failure, "pr/owner/name#2"), SizeIs(2));
  auto elsewhere = failure;
  elsewhere.stage = "publish";
  EXPECT_THAT(all->like(elsewhere, "pr/owner/name#2"), IsEmpty());
  EXPECT_FALSE(all->at(stage::trial, {}));
}

} // namespace
} // namespace fc::actors
