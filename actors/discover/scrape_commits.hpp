#pragma once

#include "actors/core/messages.hpp"
#include "actors/discover/window_source.hpp"
#include "events/policy/policy.hpp"

#include "caf/typed_event_based_actor.hpp"

#include <filesystem>
#include <memory>
#include <string>

namespace fc::actors {

/// One repository to be discovered.
struct scrape_job {
  std::filesystem::path path; ///< Of the local repository, or clone to be.
  std::shared_ptr<window_source> source;
  window_request window;
  services::stop_flag stop; ///< Set by the pipeline.
};

using scrape_actor = caf::typed_actor<
  // Own first message: reads the window, then ends.
  caf::reacts_to<begin_atom>>;

/// Stages 1 and 2 for one repository: is there a suite, which pull requests
/// were merged, and which of them the symbolic rules let pass. Those go to the
/// region; everything is stored first. At its end the whole window does: what
/// of it is open is woken from the log.
struct scrape_commits_actor_state {
  static inline constexpr const char* name = "scrape-commits";

  void scrape();

  scrape_actor::pointer self = nullptr;
  scrape_job job;
  std::shared_ptr<const events::log::log_reader> log;
  std::shared_ptr<const events::policy::policy> policy;
  log_port appends;
  region_actor region;
  run_actor run;
};

/// Spawn detached: it blocks on git and waits for its appends, which bounds how
/// far it may run ahead of the log.
scrape_actor::behavior_type
scrape_commits(scrape_actor::stateful_pointer<scrape_commits_actor_state> self,
               scrape_job job,
               std::shared_ptr<const events::log::log_reader> log,
               std::shared_ptr<const events::policy::policy> policy,
               log_port appends, region_actor region, run_actor run);

} // namespace fc::actors
