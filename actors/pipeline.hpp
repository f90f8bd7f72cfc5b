#pragma once

#include "actors/core/deaths/in_motion.hpp"
#include "actors/core/dispatcher.hpp"
#include "actors/core/run.hpp"
#include "actors/core/stage_port.hpp"
#include "actors/core/worker.hpp"
#include "actors/discover/scrape_commits.hpp"
#include "events/policy/policy.hpp"

#include "caf/actor_system.hpp"

#include <memory>
#include <string>
#include <vector>

namespace fc::actors {

/// Everything a run is made of; the program fills it in.
struct pipeline_parts {
  std::shared_ptr<events::log::event_log> log;
  std::shared_ptr<const events::policy::policy> policy;
  std::string run; ///< Id.
  std::shared_ptr<run_reporter> reporter;
  /// One worker thread each, with the stages it serves.
  std::vector<performers> workers;
  /// One discovery each.
  std::vector<scrape_job> windows;
  dispatcher_options dispatch;
  std::size_t max_awake = 1000;
  std::string instrument;    ///< What the trials of this run measure with.
  in_motion_ptr motion = {}; ///< May be none: deaths are then not told apart.
};

/// A run's actors. Ends them when destroyed, and waits for what they are doing
/// to notice.
class pipeline {
public:
  pipeline(caf::actor_system& system, pipeline_parts parts);
  ~pipeline();

  pipeline(const pipeline&) = delete;
  pipeline& operator=(const pipeline&) = delete;

  /// The reporter is told at once; what is recorded stays.
  void halt(const events::error& why);

private:
  caf::actor_system& system_;
  run_actor run_;
  std::vector<caf::actor> all_; ///< In the order they are to end.
  services::stop_flag stop_;
};

/// Must be called on the configuration before the actor system starts.
void configure(caf::actor_system_config& config);

} // namespace fc::actors
