#include "tests/actors/core/core_run.hpp"

#include "actors/core/log_writer.hpp"
#include "actors/pipeline.hpp"
#include "events/catalog.hpp"

#include "caf/actor_cast.hpp"

#include <gtest/gtest.h>

namespace fc::actors::by_hand {

namespace {

using events::stage;
using std::chrono::seconds;

constexpr auto run_id = "run-1";

worker_actor::behavior_type
idle_hands(worker_actor::pointer, std::vector<work_ptr>* taken) {
  return {
    [taken](const work_ptr& job) { taken->push_back(job); },
    [](begin_atom) {},
  };
}

std::vector<std::uint8_t> all_stages() {
  return {0, 1, 2, 3, 4, 5};
}

} // namespace

test_configuration::test_configuration() {
  configure(*this);
  set("scheduler.policy", caf::atom("testing"));
}

// -- watched_log --------------------------------------------------------------

namespace {

std::unique_ptr<events::log::event_log> log_in_memory() {
  return events::log::make_memory_log(
    [] { return events::timestamp{seconds{1'700'000'000}}; });
}

} // namespace

watched_log::watched_log() : log_(log_in_memory()) {}

void watched_log::reopen() {
  auto opened = log_in_memory();
  EXPECT_TRUE(opened->append({}, blobs_, {}));
  const auto err = log_->scan(1, [&](const events::record& at) {
    return opened
      ->append(
        {{at.stream,
          at.seq - 1,
          {{at.id, at.tag, at.version, at.policy, at.causation, at.payload}}}},
        {}, {at.run, at.node})
      .engaged();
  });
  EXPECT_FALSE(err);
  EXPECT_EQ(opened->last(), log_->last());
  log_ = std::move(opened);
  refuses = false;
}

events::expected<events::log::append_plan_ptr>
watched_log::plan(const events::log::append_batch& batch,
                  const events::log::origin& by) {
  return log_->plan(batch, by);
}

events::error
watched_log::commit(std::span<const events::log::append_plan_ptr> plans) {
  if (refuses)
    return events::make_error(events::ec::storage_failure, "the disk is full");
  batches.push_back(0);
  for (const auto& each : plans) {
    batches.back() += each->results.size();
    for (const auto* blob : each->blobs)
      blobs_.push_back(*blob);
  }
  return log_->commit(plans);
}

events::position watched_log::last() const {
  return log_->last();
}

events::error
watched_log::scan(events::position from,
                  const events::log::record_visitor& visit) const {
  return log_->scan(from, visit);
}

events::expected<std::vector<events::record>>
watched_log::read_stream(std::string_view stream) const {
  return log_->read_stream(stream);
}

events::expected<events::sequence>
watched_log::stream_version(std::string_view stream) const {
  return log_->stream_version(stream);
}

events::expected<std::vector<events::stream_name>>
watched_log::streams(std::string_view prefix, std::string_view after,
                     std::size_t limit) const {
  if (unreadable)
    return events::make_error(events::ec::corrupt, "the index is damaged");
  return log_->streams(prefix, after, limit);
}

events::expected<events::bytes>
watched_log::blob_of(const events::digest& id) const {
  return log_->blob_of(id);
}

// -- stages and reports -------------------------------------------------------

stage_result failure(int number) {
  return failed(events::make_error(
    events::ec::unavailable,
    "no answer" + std::string(static_cast<std::size_t>(number), '!')));
}

stage_result scripted_stages::perform(const work& job) {
  performed.push_back(job);
  auto& ahead = script[job.what];
  if (ahead.empty())
    return good(job.what);
  const auto next = ahead.front();
  ahead.pop_front();
  return next();
}

void kept_reports::show(const run_progress& at) {
  shown.push_back(at);
}

void kept_reports::say(const std::string& line) {
  lines.push_back(line);
}

void kept_reports::finished(const run_result& result) {
  results.push_back(result);
}

// -- core_run -----------------------------------------------------------------

std::shared_ptr<const events::policy::policy> core_run::shipped() {
  static const auto policy = [] {
    auto parsed = events::policy::parse_policy(events::policy::shipped_policy(),
                                               "default.toml");
    if (!parsed)
      throw std::runtime_error{events::describe(parsed.error())};
    return std::make_shared<const events::policy::policy>(std::move(*parsed));
  }();
  return policy;
}

core_run::core_run(std::size_t max_awake)
  : core_run(std::make_shared<watched_log>(), max_awake) {}

core_run::core_run(std::shared_ptr<watched_log> over, std::size_t max_awake,
                   std::string instrument)
  : log(std::move(over)),
    scheduler(
      dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler())) {
  options.lease_s.fill(100);
  const auto stream = events::run_stream(run_id);
  appends.writer
    = system.spawn(log_writer, log, events::log::origin{run_id, {}},
                   system.spawn(log_committer, log));
  appends.limiter = std::make_shared<append_limiter>();
  run_handle
    = system.spawn(run, stream, appends, log, reports, std::uint32_t{1});
  dispatch = system.spawn(dispatcher, run_handle, options);
  pull_requests = system.spawn(region,
                               pull_request_context{log,
                                                    shipped(),
                                                    appends,
                                                    dispatch,
                                                    {},
                                                    run_handle,
                                                    [] { return 0.5; },
                                                    std::move(instrument)},
                               max_awake);
  caf::anon_send(dispatch, begin_atom::value, pull_requests);
  for (const auto& each : {caf::actor_cast<caf::actor>(appends.writer),
                           caf::actor_cast<caf::actor>(run_handle),
                           caf::actor_cast<caf::actor>(dispatch),
                           caf::actor_cast<caf::actor>(pull_requests)})
    all_.push_back(each);
  settle();
}

core_run::~core_run() {
  for (const auto& each : all_)
    caf::anon_send_exit(each, caf::exit_reason::user_shutdown);
  settle();
}

void core_run::add_worker() {
  add_worker(stages);
}

void core_run::add_worker(std::shared_ptr<stage_performer> performer) {
  performers all;
  for (std::size_t i = 0; i < events::stage_total; ++i)
    all.emplace(static_cast<stage>(i), performer);
  all_.push_back(caf::actor_cast<caf::actor>(
    system.spawn(worker, dispatch, std::move(all))));
}

void core_run::add_idle_hands(std::size_t credits) {
  if (!hands) {
    hands = system.spawn(idle_hands, &taken);
    all_.push_back(caf::actor_cast<caf::actor>(hands));
  }
  for (; credits > 0; --credits)
    caf::anon_send(dispatch, credit_atom::value, hands, all_stages());
}

void core_run::answer(const work_ptr& job, stage_result result) {
  caf::anon_send(dispatch, done_atom::value, job,
                 result_ptr{std::make_shared<stage_result>(std::move(result))});
}

events::stream_name core_run::store(std::uint32_t number) {
  events::scraped facts;
  facts.repo = *events::repo_name::parse("owner/name");
  facts.number = number;
  facts.title = "PERF: faster";
  facts.merged_at = events::timestamp{seconds{1'700'000'000}};
  const auto stream = events::stream_of({facts.repo, number});
  const auto results = log->append(
    {{stream,
      0,
      {events::make_event(facts),
       events::make_verdict(events::symbolic_passed{"perf"}, shipped()->id)}}},
    {}, {run_id, {}});
  EXPECT_TRUE(results && !results->front().failure);
  return stream;
}

void core_run::begin(const events::stream_name& stream) {
  caf::anon_send(pull_requests, resume_atom::value, stream);
}

events::stream_name core_run::start(std::uint32_t number) {
  const auto stream = store(number);
  begin(stream);
  end_discovery();
  return stream;
}

void core_run::end_discovery() {
  window_report found;
  found.repo = "owner/name";
  found.counted = found.stored = found.passed = 1;
  caf::anon_send(run_handle, found);
  feed();
}

void core_run::feed() {
  auto all = std::make_shared<backlog>();
  all->repo = *events::repo_name::parse("owner/name");
  all->end = events::timestamp::max();
  caf::anon_send(pull_requests, feed_atom::value, backlog_ptr{std::move(all)});
}

void core_run::settle() {
  scheduler.run();
}

void core_run::advance(std::chrono::milliseconds by) {
  settle();
  scheduler.advance_time(by);
  settle();
}

std::vector<std::string>
core_run::trail(const events::stream_name& stream) const {
  std::vector<std::string> names;
  const auto records = log->read_stream(stream);
  EXPECT_TRUE(records);
  for (const auto& at : *records)
    if (at.tag != events::spent::tag)
      names.emplace_back(events::name_of(at.tag));
  return names;
}

std::vector<record_essence> core_run::everything() const {
  std::vector<record_essence> all;
  const auto err = log->scan(1, [&](const events::record& at) {
    all.push_back(
      {at.stream, at.seq, std::string{events::name_of(at.tag)}, at.policy,
       at.causation,
       at.tag == events::spent::tag ? events::bytes{} : at.payload});
    return true;
  });
  EXPECT_FALSE(err) << events::describe(err);
  return all;
}

events::pull_request_state
core_run::state(const events::stream_name& stream) const {
  const auto records = log->read_stream(stream);
  EXPECT_TRUE(records);
  auto folded = events::fold(*records);
  EXPECT_TRUE(folded);
  return *folded;
}

} // namespace fc::actors::by_hand
