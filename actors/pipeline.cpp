#include "actors/pipeline.hpp"

#include "actors/core/log_writer.hpp"
#include "actors/core/region.hpp"

#include "caf/actor_cast.hpp"
#include "caf/actor_system_config.hpp"
#include "caf/scoped_actor.hpp"
#include "caf/send.hpp"

#include <random>

namespace fc::actors {

namespace {

/// Uniform in [0, 1).
double jitter() {
  thread_local std::mt19937_64 engine{std::random_device{}()};
  return std::uniform_real_distribution<double>{0, 1}(engine);
}

} // namespace

void configure(caf::actor_system_config& config) {
  config.add_message_types<caf::id_block::fc_core>();
  // Measured: cheaper when idle, and blocking requests are answered faster.
  config.set("scheduler.policy", caf::atom("sharing"));
  config.set("scheduler.max-threads", std::size_t{2});
}

pipeline::pipeline(caf::actor_system& system, pipeline_parts parts)
  : system_(system), stop_(std::make_shared<std::atomic<bool>>(false)) {
  const auto stream = events::run_stream(parts.run);
  auto committer = system.spawn<caf::detached>(log_committer, parts.log);
  auto writer = system.spawn<caf::detached>(
    log_writer, parts.log, events::log::origin{parts.run, {}}, committer);
  const log_port appends{writer, std::make_shared<append_limiter>()};
  run_ = system.spawn(run, stream, appends, parts.log, parts.reporter,
                      static_cast<std::uint32_t>(parts.windows.size()));
  auto dispatch = system.spawn(dispatcher, run_, parts.dispatch);
  pull_request_context context{
    parts.log, parts.policy, appends,          dispatch,    {},
    run_,      jitter,       parts.instrument, parts.motion};
  auto pull_requests = system.spawn(region, context, parts.max_awake);
  caf::anon_send(dispatch, begin_atom::value, pull_requests);
  for (auto& stages : parts.workers)
    all_.push_back(caf::actor_cast<caf::actor>(
      system.spawn<caf::detached>(worker, dispatch, std::move(stages))));
  for (auto& job : parts.windows) {
    job.stop = stop_;
    all_.push_back(caf::actor_cast<caf::actor>(
      system.spawn<caf::detached>(scrape_commits, std::move(job), parts.log,
                                  parts.policy, appends, pull_requests, run_)));
  }
  all_.push_back(caf::actor_cast<caf::actor>(dispatch));
  all_.push_back(caf::actor_cast<caf::actor>(pull_requests));
  all_.push_back(caf::actor_cast<caf::actor>(run_));
  all_.push_back(caf::actor_cast<caf::actor>(writer));
}

pipeline::~pipeline() {
  stop_->store(true);
  run_ = nullptr;
  for (auto& each : all_)
    caf::anon_send_exit(each, caf::exit_reason::user_shutdown);
  all_.clear();
}

void pipeline::halt(const events::error& why) {
  caf::anon_send(run_, halt_atom::value, why);
}

} // namespace fc::actors
