#include "events/catalog.hpp"
#include "tests/actors/core/core_run.hpp"

#include "caf/typed_event_based_actor.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <random>
#include <set>

namespace fc::actors::by_hand {

namespace {

using std::chrono::seconds;

constexpr std::uint32_t pull_requests = 6;

/// What becomes of a step in a hostile world.
enum class fate : std::uint8_t {
  good,
  failing, ///< A service is not there.
  barred,  ///< A service says no, and would again.
  lost,    ///< Its worker never answers; another takes its place.
  late,    ///< It answers after its lease.
  twice,   ///< It answers twice.
  moved,   ///< Somebody else appends to the stream meanwhile.
  refused, ///< The log refuses the next write, which ends the run.
};

/// A fault plan: the same seed gives the same faults.
class fault_plan {
public:
  explicit fault_plan(std::uint32_t seed) : dice_(seed) {}

  fate next() {
    static const std::vector<double> odds{60, 9, 3, 6, 6, 6, 6, 4};
    return static_cast<fate>(
      std::discrete_distribution<int>{odds.begin(), odds.end()}(dice_));
  }

private:
  std::mt19937 dice_;
};

/// What the hands of a run need.
struct hostile_world {
  std::shared_ptr<fault_plan> faults;
  std::shared_ptr<watched_log> log;
  dispatcher_actor dispatch;
  log_port appends;
};

/// What somebody else appends, stands in the log before the job's result.
void append_from_outside(worker_actor::pointer self, const hostile_world& world,
                         const events::stream_name& stream) {
  const auto version = world.log->stream_version(stream);
  ASSERT_TRUE(version);
  events::spent x;
  x.stage = "classify_prs";
  append_order order{{{stream, *version, {events::make_event(x)}}}, {}};
  auto permit = world.appends.limiter->acquire(std::move(order), {});
  ASSERT_TRUE(permit);
  self
    ->request(world.appends.writer, caf::infinite, append_atom::value,
              std::move(permit))
    .then(
      [](const append_reply& reply) {
        EXPECT_FALSE(reply.results.front().failure);
      },
      [](const caf::error&) { /* The disk is full by now. */ });
}

worker_actor::behavior_type
hostile_hands(worker_actor::pointer self, hostile_world world) {
  const auto ask = [self, world] {
    self->send(world.dispatch, credit_atom::value, worker_actor{self},
               std::vector<std::uint8_t>{0, 1, 2, 3, 4, 5});
  };
  const auto answer = [self, world](const work_ptr& job, seconds after) {
    self->delayed_send(
      world.dispatch, after, done_atom::value, job,
      result_ptr{std::make_shared<stage_result>(good(job->what))});
  };
  ask();
  return {
    [=](const work_ptr& job) {
      const auto what = world.faults->next();
      switch (what) {
      case fate::failing:
        self->send(world.dispatch, done_atom::value, job,
                   result_ptr{std::make_shared<stage_result>(
                     failure(static_cast<int>(job->attempt)))});
        break;
      case fate::barred:
        self->send(world.dispatch, done_atom::value, job,
                   result_ptr{std::make_shared<stage_result>(failed(
                     events::make_error(events::ec::refused, "barred")))});
        break;
      case fate::lost:
        break;
      case fate::late:
        answer(job, seconds{150});
        break;
      default:
        if (what == fate::moved && !world.log->refuses)
          append_from_outside(self, world, job->stream);
        if (what == fate::refused)
          world.log->refuses = true;
        answer(job, seconds{0});
        if (what == fate::twice)
          answer(job, seconds{1});
      }
      ask();
    },
    [](begin_atom) {},
  };
}

/// One start of the program over the log; true when the run came to its end.
bool start_once(const std::shared_ptr<watched_log>& log,
                const std::shared_ptr<fault_plan>& faults,
                const std::vector<events::stream_name>& streams) {
  core_run core{log, 3};
  const auto hands = core.system.spawn(
    hostile_hands, hostile_world{faults, log, core.dispatch, core.appends});
  for (const auto& each : streams)
    if (core.state(each).next())
      core.begin(each);
  core.end_discovery();
  for (int i = 0; i < 20'000 && core.reports->results.empty(); ++i)
    core.advance(seconds{1});
  caf::anon_send_exit(hands, caf::exit_reason::user_shutdown);
  core.settle();
  EXPECT_EQ(core.reports->results.size(), 1u) << "the run does not end";
  return !core.reports->results.empty()
         && !core.reports->results.front().failure;
}

void expect_sound(const watched_log& log,
                  const std::vector<events::stream_name>& streams) {
  const auto report = events::log::verify(log);
  EXPECT_THAT(report.problems, testing::IsEmpty());
  std::set<std::array<std::uint8_t, 16>> ids;
  const auto err = log.scan(1, [&](const events::record& at) {
    EXPECT_TRUE(ids.insert(at.id.value).second) << "twice at " << at.at;
    return true;
  });
  EXPECT_FALSE(err);
  for (const auto& stream : streams) {
    const auto records = log.read_stream(stream);
    ASSERT_TRUE(records);
    const auto state = events::fold(*records);
    ASSERT_TRUE(state) << events::describe(state.error());
    EXPECT_FALSE(state->next()) << stream << " is still open";
    EXPECT_THAT(state->ends(), testing::AnyOf(events::outcome::published,
                                              events::outcome::failed));
    std::map<std::uint16_t, int> verdicts;
    for (const auto& at : *records) {
      if (at.policy) {
        EXPECT_EQ(++verdicts[at.tag], 1)
          << stream << " " << events::name_of(at.tag);
      }
    }
  }
}

/// @returns how often the program was started.
int survive(std::uint32_t seed) {
  const auto log = std::make_shared<watched_log>();
  const auto faults = std::make_shared<fault_plan>(seed);
  std::vector<events::stream_name> streams;
  {
    core_run first{log};
    for (std::uint32_t n = 1; n <= pull_requests; ++n)
      streams.push_back(first.store(n));
  }
  int starts = 1;
  while (!start_once(log, faults, streams) && starts < 200) {
    log->reopen(); // Room was made; the program is started again.
    ++starts;
  }
  EXPECT_LT(starts, 200);
  expect_sound(*log, streams);
  return starts;
}

} // namespace

/// FC_SEED repeats one seed.
TEST(a_hostile_world, LosesNothingAndRepeatsNothing) {
  if (const char* seed = std::getenv("FC_SEED")) {
    survive(static_cast<std::uint32_t>(std::atoll(seed)));
    return;
  }
  int starts = 0;
  for (std::uint32_t seed = 1; seed <= 150 && !HasFailure(); ++seed) {
    SCOPED_TRACE("FC_SEED=" + std::to_string(seed) + " repeats this");
    starts += survive(seed);
  }
  EXPECT_GT(starts, 300) << "writes were hardly ever refused";
}

} // namespace fc::actors::by_hand
