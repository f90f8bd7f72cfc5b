#pragma once

#include "actors/build/stage_context.hpp"
#include "actors/discover/scrape_batch.hpp"
#include "tools/fc-data/interrupt.hpp"
#include "tools/fc-data/judge.hpp"
#include "tools/fc-data/repositories/jobs.hpp"

#include <memory>
#include <string>
#include <vector>

namespace fc::tools {

/// Everything that is opened before anything is written.
struct preparation {
  std::shared_ptr<const events::policy::policy> policy;
  repository_set repositories;
  std::vector<actors::scrape_job> jobs;
  actors::stage_context_ptr context;
  /// Another log, for evidence; none where the user named none.
  std::shared_ptr<const events::log::log_reader> recorded;
  std::vector<actors::model_facts> models; ///< As they were checked.
};

/// Opens what a run needs; nothing is written.
events::expected<preparation>
prepare(const options& settings, interrupt& signals);

/// What this run measures with, empty where it measures nothing: recorded
/// evidence is what it is.
std::string instrument_of(const preparation& ready);

/// What a restart must have in common with the run it continues.
std::string configuration_of(const options& settings, const preparation& ready);

} // namespace fc::tools
