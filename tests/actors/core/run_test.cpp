#include "events/catalog.hpp"
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
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr auto run_stream = "run/run-1";

/// Sends the run what a pull request would.
void note(core_run& core, pr_event what, stage at, outcome end = outcome::open,
          const std::string& stream = "pr/a/b#1") {
  caf::anon_send(core.run_handle, pr_note{stream, what, at, end, "why"});
  core.settle();
}

TEST(a_run, EndsWhenDiscoveryAndEveryPullRequestHaveEnded) {
  core_run core;
  core.add_worker();
  const auto stream = core.store(1);
  core.begin(stream);
  core.settle();
  EXPECT_THAT(core.reports->results, IsEmpty()) << "discovery goes on";
  core.end_discovery();
  core.settle();
  ASSERT_EQ(core.reports->results.size(), 1u);
  EXPECT_EQ(core.reports->results[0].progress.discovered, 1u);
}

TEST(a_run, EndsAtOnceWhenThereIsNothingToDo) {
  core_run core;
  core.end_discovery();
  core.settle();
  EXPECT_EQ(core.reports->results.size(), 1u);
}

TEST(a_run, WritesWhatItCameTo) {
  core_run core;
  core.add_worker();
  core.start();
  core.settle();
  const auto records = core.log->read_stream(run_stream);
  ASSERT_EQ(records->size(), 1u);
  const auto x = events::event_in<events::run_finished>(records->back());
  ASSERT_TRUE(x);
  EXPECT_EQ(x->published, 1u);
  EXPECT_EQ(x->failed, 0u);
  ASSERT_EQ(x->stages.size(), events::stage_total);
  for (const auto& each : x->stages) {
    EXPECT_EQ(each.done, 1u) << each.stage;
    EXPECT_EQ(each.rejected + each.failed, 0u) << each.stage;
  }
}

TEST(a_run, CountsWhereItsPullRequestsAre) {
  core_run core;
  caf::anon_send(core.run_handle, begin_atom::value, "pr/a/b#1");
  note(core, pr_event::queued, stage::classify);
  core.advance(300ms);
  EXPECT_EQ(core.reports->shown.back().stages[0].queued, 1u);
  EXPECT_EQ(core.reports->shown.back().open, 1u);
  note(core, pr_event::started, stage::classify);
  core.advance(300ms);
  EXPECT_EQ(core.reports->shown.back().stages[0].queued, 0u);
  EXPECT_EQ(core.reports->shown.back().stages[0].running, 1u);
  EXPECT_THAT(core.reports->shown.back().running,
              ElementsAre("a/b#1 classify_prs"));
  note(core, pr_event::retried, stage::classify);
  note(core, pr_event::queued, stage::classify);
  note(core, pr_event::started, stage::classify);
  note(core, pr_event::finished, stage::classify);
  note(core, pr_event::queued, stage::resolve);
  core.advance(300ms);
  const auto& now = core.reports->shown.back();
  EXPECT_EQ(now.stages[0].done, 1u);
  EXPECT_EQ(now.stages[0].running, 0u);
  EXPECT_EQ(now.stages[1].queued, 1u);
  EXPECT_THAT(now.running, IsEmpty());
}

TEST(a_run, SaysHowAPullRequestEnded) {
  core_run core;
  caf::anon_send(core.run_handle, begin_atom::value, "pr/a/b#1");
  note(core, pr_event::queued, stage::trial);
  note(core, pr_event::finished, stage::trial);
  note(core, pr_event::ended, stage::publish, outcome::rejected);
  EXPECT_THAT(core.reports->lines, ElementsAre("a/b#1 rejected: why"));
  core.end_discovery();
  core.settle();
  const auto& at = core.reports->results.at(0).progress.stages[4];
  EXPECT_EQ(at.rejected, 1u);
  EXPECT_EQ(at.done, 0u);
}

TEST(a_run, CountsForWhichCausePullRequestsAreLeftOpen) {
  core_run core;
  for (const auto* stream : {"pr/a/b#1", "pr/a/b#2"}) {
    caf::anon_send(core.run_handle, begin_atom::value, std::string{stream});
    note(core, pr_event::ended, stage::trial, outcome::open, stream);
  }
  core.end_discovery();
  core.settle();
  const auto& result = core.reports->results.at(0);
  EXPECT_EQ(result.deferred, 2u);
  EXPECT_EQ(result.open_for.at("why"), 2u);
}

TEST(a_run, CountsNothingAsDoneForWhatHadEndedBefore) {
  core_run core;
  for (const auto end :
       {outcome::rejected, outcome::failed, outcome::published}) {
    caf::anon_send(core.run_handle, begin_atom::value, "pr/a/b#1");
    note(core, pr_event::ended, stage::publish, end);
  }
  core.end_discovery();
  core.settle();
  const auto& result = core.reports->results.at(0);
  EXPECT_EQ(result.progress.stages[0].done, 0u);
  EXPECT_EQ(result.progress.stages[0].rejected, 1u);
  EXPECT_EQ(result.progress.stages[0].failed, 1u);
  EXPECT_EQ(result.progress.published, 1u);
  EXPECT_EQ(result.failed, 1u);
}

TEST(a_run, IgnoresNotesOfStrangers) {
  core_run core;
  note(core, pr_event::queued, stage::classify, outcome::open, "pr/x/y#9");
  note(core, pr_event::ended, stage::classify, outcome::failed, "pr/x/y#9");
  EXPECT_THAT(core.reports->lines, IsEmpty());
  core.end_discovery();
  core.settle();
  EXPECT_EQ(core.reports->results.at(0).failed, 0u);
}

TEST(a_run, CountsIncompletePullRequestsAsFailed) {
  core_run core;
  window_report found;
  found.incomplete = {"a/b#7: objects are missing"};
  caf::anon_send(core.run_handle, found);
  core.feed();
  core.settle();
  ASSERT_EQ(core.reports->results.size(), 1u);
  EXPECT_EQ(core.reports->results[0].failed, 1u);
  EXPECT_EQ(core.reports->results[0].windows.size(), 1u);
}

TEST(a_run, ThatCouldNotDiscoverFinishesItsWorkButIsNotFinished) {
  core_run core;
  core.add_worker();
  const auto stream = core.store(1);
  core.begin(stream);
  window_report found;
  found.failure = events::make_error(ec::corrupt, "bad object");
  caf::anon_send(core.run_handle, found);
  core.feed();
  core.settle();
  EXPECT_EQ(core.trail(stream).back(), "Published");
  ASSERT_EQ(core.reports->results.size(), 1u);
  EXPECT_EQ(events::code_of(core.reports->results[0].failure), ec::corrupt);
  EXPECT_EQ(*core.log->stream_version(run_stream), 0u)
    << "the same command again goes on with it";
}

TEST(a_run, IsHaltedOnceAndThenSilent) {
  core_run core;
  caf::anon_send(core.run_handle, begin_atom::value, "pr/a/b#1");
  for (const auto* why : {"first", "second"})
    caf::anon_send(core.run_handle, halt_atom::value,
                   events::make_error(ec::cancelled, why));
  core.settle();
  ASSERT_EQ(core.reports->results.size(), 1u);
  EXPECT_THAT(events::describe(core.reports->results[0].failure),
              HasSubstr("first"));
  const auto shown = core.reports->shown.size();
  core.advance(1s);
  note(core, pr_event::ended, stage::publish, outcome::rejected);
  core.end_discovery();
  core.settle();
  EXPECT_EQ(core.reports->results.size(), 1u) << "the last call is the last";
  EXPECT_EQ(core.reports->shown.size(), shown);
  EXPECT_THAT(core.reports->lines, IsEmpty());
}

TEST(a_run, SaysWhenItsOwnEndCannotBeWritten) {
  core_run core;
  core.log->refuses = true;
  core.end_discovery();
  core.settle();
  ASSERT_EQ(core.reports->results.size(), 1u);
  EXPECT_EQ(events::code_of(core.reports->results[0].failure),
            ec::storage_failure);
}

TEST(a_region, WakesOnlySoManyAtATime) {
  core_run core{2};
  core.add_idle_hands(9);
  for (std::uint32_t i = 1; i <= 3; ++i)
    core.begin(core.store(i));
  core.feed();
  core.settle();
  ASSERT_EQ(core.taken.size(), 2u);
  stage_result no;
  no.evidence.push_back(events::make_event(events::answered{}));
  core.answer(core.taken[0], no);
  core.settle();
  ASSERT_EQ(core.taken.size(), 3u);
  EXPECT_EQ(core.taken[2]->stream, "pr/owner/name#3");
}

TEST(a_region, BringsManyThroughWithOneAwake) {
  core_run core{1};
  core.add_worker();
  for (std::uint32_t i = 1; i <= 20; ++i)
    core.begin(core.store(i));
  core.end_discovery();
  core.settle();
  ASSERT_EQ(core.reports->results.size(), 1u);
  EXPECT_EQ(core.reports->results[0].progress.published, 20u);
}

TEST(a_region, FindsInTheLogWhatItHadNoRoomFor) {
  // More than one page of names, and more than it looks at in one turn.
  constexpr std::uint32_t many = 300;
  core_run core{3};
  core.add_worker();
  for (std::uint32_t i = 1; i <= many; ++i)
    core.store(i);
  core.end_discovery();
  core.settle();
  ASSERT_EQ(core.reports->results.size(), 1u);
  EXPECT_FALSE(core.reports->results[0].failure);
  EXPECT_EQ(core.reports->results[0].progress.published, many);
}

TEST(a_region, DoesNotWakeTwiceWhatDiscoveryAlreadySent) {
  core_run core;
  core.add_idle_hands(9);
  const auto stream = core.store(1);
  core.begin(stream);
  core.begin(stream);
  core.feed();
  core.settle();
  EXPECT_EQ(core.taken.size(), 1u);
}

TEST(a_region, WakesOnlyWhatIsOfTheWindowAndOpen) {
  core_run core;
  core.add_idle_hands(9);
  const auto first = core.store(1);
  core.store(12);
  const auto at = core.state(first).facts->merged_at;
  auto all = std::make_shared<backlog>();
  all->repo = *events::repo_name::parse("owner/name");
  const auto feed = [&](events::timestamp start, events::timestamp end) {
    auto more = std::make_shared<backlog>(*all);
    more->start = start;
    more->end = end;
    caf::anon_send(core.pull_requests, feed_atom::value, backlog_ptr{more});
    core.settle();
    return core.taken.size();
  };
  EXPECT_EQ(feed(at + 1s, events::timestamp::max()), 0u);
  EXPECT_EQ(feed(events::timestamp{}, at), 0u);
  all->numbers = {1, 7}; // Nobody has seen 7.
  EXPECT_EQ(feed({}, {}), 1u);
  EXPECT_EQ(core.taken[0]->stream, first);
  all->numbers.clear();
  EXPECT_EQ(feed(at, at + 1s), 2u);
  all->repo = *events::repo_name::parse("owner/nam");
  EXPECT_EQ(feed(at, at + 1s), 2u);
}

TEST(a_region, HaltsTheRunWhenTheLogCannotBeRead) {
  core_run core;
  core.log->unreadable = true;
  core.feed();
  core.settle();
  ASSERT_EQ(core.reports->results.size(), 1u);
  EXPECT_EQ(events::code_of(core.reports->results[0].failure), ec::corrupt);
}

TEST(a_run, IsNotAtItsEndBeforeTheBacklogIs) {
  core_run core;
  window_report found;
  caf::anon_send(core.run_handle, found);
  core.settle();
  EXPECT_THAT(core.reports->results, IsEmpty());
  core.feed();
  core.settle();
  EXPECT_EQ(core.reports->results.size(), 1u);
}

TEST(a_region, WakesAPullRequestThatSleeps) {
  core_run core{1};
  core.add_worker();
  const auto stream = core.store(1);
  core.begin(stream);
  core.settle();
  EXPECT_EQ(core.trail(stream).back(), "Published");
  core.begin(stream);
  core.end_discovery();
  core.settle();
  EXPECT_EQ(core.reports->lines.size(), 2u) << "it reports its end again";
  EXPECT_EQ(core.reports->results.size(), 1u);
}

TEST(a_dispatcher, KeepsWorkUntilSomebodyAsksForIt) {
  core_run core;
  core.start();
  core.settle();
  core.advance(10s);
  EXPECT_THAT(core.taken, IsEmpty());
  core.add_idle_hands();
  core.settle();
  ASSERT_EQ(core.taken.size(), 1u);
  EXPECT_EQ(core.taken[0]->stream, "pr/owner/name#1");
}

TEST(a_dispatcher, GivesOneStepForOneCredit) {
  core_run core;
  core.add_idle_hands(2);
  for (std::uint32_t i = 1; i <= 3; ++i)
    core.begin(core.store(i));
  core.settle();
  EXPECT_EQ(core.taken.size(), 2u);
}

TEST(a_dispatcher, StopsWhatIsOutWhenItEnds) {
  std::vector<work_ptr> taken;
  {
    core_run core;
    core.add_idle_hands();
    core.start();
    core.settle();
    taken = core.taken;
  }
  ASSERT_EQ(taken.size(), 1u);
  EXPECT_TRUE(taken[0]->stop->load());
}

TEST(a_worker, AsksForTheStagesItServesOnly) {
  core_run core;
  auto only = std::make_shared<by_hand::scripted_stages>();
  performers some{{stage::classify, only}};
  const auto handle = core.system.spawn(worker, core.dispatch, std::move(some));
  const auto stream = core.start();
  core.settle();
  EXPECT_EQ(core.trail(stream).back(), "Classified");
  EXPECT_EQ(only->performed.size(), 1u);
  caf::anon_send_exit(handle, caf::exit_reason::user_shutdown);
  core.settle();
}

} // namespace
} // namespace fc::actors
