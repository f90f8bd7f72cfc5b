#include "actors/core/dispatcher.hpp"
#include "actors/core/log_writer.hpp"
#include "actors/core/region.hpp"
#include "actors/core/run.hpp"
#include "actors/core/worker.hpp"
#include "actors/pipeline.hpp"
#include "tests/actors/core/good_evidence.hpp"
#include "tests/bench/list_schedule.hpp"
#include "tests/bench/work_folder.hpp"

#include "caf/actor_cast.hpp"
#include "caf/actor_system.hpp"
#include "caf/actor_system_config.hpp"
#include "caf/send.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <future>
#include <thread>

/// The actors with the log on disk and without the world: how many pull
/// requests they take through all stages when every stage answers at once, how
/// fast they wake them, and what they lose against the best list schedule when
/// steps take their time.
namespace {

using namespace fc;
using namespace fc::actors;
using events::stage;
using clock_type = std::chrono::steady_clock;

[[noreturn]] void stop(const std::string& why) {
  std::fprintf(stderr, "pipeline_bench: %s\n", why.c_str());
  std::exit(1);
}

double seconds_since(clock_type::time_point start) {
  return std::chrono::duration<double>(clock_type::now() - start).count();
}

std::shared_ptr<const events::policy::policy> shipped() {
  auto parsed = events::policy::parse_policy(events::policy::shipped_policy(),
                                             "default.toml");
  if (!parsed)
    stop(events::describe(parsed.error()));
  return std::make_shared<const events::policy::policy>(std::move(*parsed));
}

struct awaited_end : run_reporter {
  void show(const run_progress&) override {}
  void say(const std::string&) override {}
  void finished(const run_result& result) override {
    if (result.failure || result.failed > 0)
      stop("the run failed: " + events::describe(result.failure));
    done.set_value();
  }
  std::promise<void> done;
};

/// Good evidence after as long as the plan says.
struct timed_stages : stage_performer {
  explicit timed_stages(const bench::step_plan* steps) : plan(steps) {}

  stage_result perform(const work& job) override {
    if (plan != nullptr) {
      const auto number
        = std::stoul(job.stream.substr(job.stream.find('#') + 1));
      std::this_thread::sleep_for(std::chrono::duration<double>(
        (*plan)[number - 1][static_cast<std::size_t>(job.what)]));
    }
    return by_hand::good(job.what);
  }
  const bench::step_plan* plan;
};

/// Pull requests that passed the symbolic rules, stored.
std::vector<events::stream_name>
store(events::log::event_log& log, std::uint32_t count,
      const events::policy::policy& policy) {
  std::vector<events::stream_name> streams;
  std::vector<events::log::append_request> batch;
  for (std::uint32_t n = 1; n <= count; ++n) {
    events::scraped facts;
    facts.repo = *events::repo_name::parse("owner/name");
    facts.number = n;
    facts.title = "PERF: faster";
    facts.merged_at = events::timestamp{std::chrono::seconds{1'700'000'000}};
    streams.push_back(events::stream_of({facts.repo, n}));
    batch.push_back(
      {streams.back(),
       0,
       {events::make_event(facts),
        events::make_verdict(events::symbolic_passed{"perf"}, policy.id)}});
  }
  auto results = log.append(batch, {}, {"run", {}});
  if (!results)
    stop(events::describe(results.error()));
  return streams;
}

/// All actors of a run but discovery.
class bench_run {
public:
  bench_run(std::shared_ptr<events::log::event_log> log,
            std::shared_ptr<const events::policy::policy> policy,
            std::size_t workers, const bench::step_plan* plan)
    : reporter_(std::make_shared<awaited_end>()) {
    auto writer = system_.spawn<caf::detached>(
      log_writer, log, events::log::origin{"run", {}},
      system_.spawn<caf::detached>(log_committer, log));
    const log_port appends{writer, std::make_shared<append_limiter>()};
    run_ = system_.spawn(run, events::run_stream("run"), appends, log,
                         reporter_, std::uint32_t{1});
    dispatcher_options options;
    options.lease_s.fill(1000);
    options.build_ahead = 1'000'000;
    auto dispatch = system_.spawn(dispatcher, run_, options);
    region_ = system_.spawn(region,
                            pull_request_context{log,
                                                 policy,
                                                 appends,
                                                 dispatch,
                                                 {},
                                                 run_,
                                                 [] {
                                                   return 0.5;
                                                 }},
                            std::size_t{1000});
    caf::anon_send(dispatch, begin_atom::value, region_);
    keep(dispatch, writer);
    const auto stages = std::make_shared<timed_stages>(plan);
    for (; workers > 0; --workers) {
      performers all;
      for (std::size_t i = 0; i < events::stage_total; ++i)
        all.emplace(static_cast<stage>(i), stages);
      keep(system_.spawn<caf::detached>(worker, dispatch, std::move(all)));
    }
    keep(run_, region_);
  }

  ~bench_run() {
    for (const auto& each : all_)
      caf::anon_send_exit(each, caf::exit_reason::user_shutdown);
  }

  double take_through(const std::vector<events::stream_name>& streams) {
    auto ended = reporter_->done.get_future();
    const auto start = clock_type::now();
    for (const auto& each : streams)
      caf::anon_send(region_, resume_atom::value, each);
    window_report found;
    found.repo = "owner/name";
    caf::anon_send(run_, found);
    auto all = std::make_shared<backlog>();
    all->repo = *events::repo_name::parse("owner/name");
    all->end = events::timestamp::max();
    caf::anon_send(region_, feed_atom::value, backlog_ptr{std::move(all)});
    ended.get();
    return seconds_since(start);
  }

private:
  template <class... Handles>
  void keep(const Handles&... handles) {
    (all_.push_back(caf::actor_cast<caf::actor>(handles)), ...);
  }

  struct configuration : caf::actor_system_config {
    configuration() {
      configure(*this);
    }
  };

  configuration configuration_;
  caf::actor_system system_{configuration_};
  std::shared_ptr<awaited_end> reporter_;
  run_actor run_;
  region_actor region_;
  std::vector<caf::actor> all_;
};

std::shared_ptr<events::log::event_log> open(const std::filesystem::path& at) {
  auto log = events::log::open_rocksdb_log({at.string()});
  if (!log)
    stop(events::describe(log.error()));
  return std::move(*log);
}

void through_all_stages(const std::filesystem::path& folder,
                        std::uint32_t count) {
  const auto log = open(folder / "noop");
  const auto policy = shipped();
  const auto streams = store(*log, count, *policy);
  const auto before = log->last();
  double seconds = 0;
  {
    bench_run all{log, policy, 2, nullptr};
    seconds = all.take_through(streams);
  }
  std::printf("%u pull requests from Scraped to Published in %.2f s: %.0f a "
              "second, %.0f events a second\n",
              count, seconds, count / seconds,
              static_cast<double>(log->last() - before) / seconds);
  // What has ended is only read, folded and put to sleep again.
  bench_run again{log, policy, 2, nullptr};
  seconds = again.take_through(streams);
  const auto records = log->read_stream(streams.front());
  std::printf("waking one (%zu events read and folded): %.0f a second\n",
              records->size(), count / seconds);
}

double scheduling_loss(const std::filesystem::path& folder, std::uint32_t count,
                       std::size_t slots, unsigned seed) {
  const auto log = open(folder / ("scheduling" + std::to_string(seed)));
  const auto policy = shipped();
  const auto plan = bench::random_plan(count, seed);
  const auto streams = store(*log, count, *policy);
  bench_run all{log, policy, slots, &plan};
  const auto took = all.take_through(streams);
  const auto best = bench::best_list_schedule(plan, slots);
  const auto loss = 100 * (took / best - 1);
  std::printf(
    "%u pull requests of %zu steps of 10 ms to 1 s on %zu slots, seed "
    "%u: %.2f s, best list schedule %.2f s, loss %.1f %%\n",
    count, plan.front().size(), slots, seed, took, best, loss);
  std::fflush(stdout);
  return loss;
}

void scheduling(const std::filesystem::path& folder, std::uint32_t count,
                std::size_t slots, unsigned seeds) {
  std::vector<double> losses;
  for (unsigned seed = 1; seed <= seeds; ++seed)
    losses.push_back(scheduling_loss(folder, count, slots, seed));
  std::ranges::sort(losses);
  std::printf("loss: median %.1f %% [%.1f..%.1f]\n", losses[losses.size() / 2],
              losses.front(), losses.back());
}

} // namespace

/// pipeline_bench [pull requests] [seeds]; in the folder it is started in.
int main(int argc, char** argv) {
  const auto count = static_cast<std::uint32_t>(
    argc > 1 ? std::max(1, std::atoi(argv[1])) : 5000);
  const fc::bench::work_folder folder;
  through_all_stages(folder.path, count);
  const auto seeds
    = static_cast<unsigned>(argc > 2 ? std::max(1, std::atoi(argv[2])) : 5);
  scheduling(folder.path, 100, 8, seeds);
  return 0;
}
