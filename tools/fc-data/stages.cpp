#include "tools/fc-data/stages.hpp"

#include "actors/build/render_problems.hpp"
#include "actors/build/resolve_packages.hpp"
#include "actors/build/synthesize_images.hpp"
#include "actors/core/known_failures.hpp"
#include "actors/core/recorded_evidence.hpp"
#include "actors/judge/classify_prs.hpp"
#include "actors/verify/harbor_healthcheck.hpp"
#include "actors/verify/publish.hpp"

namespace fc::tools {

using events::stage;

stage_set
make_stages(const std::shared_ptr<events::log::event_log>& log,
            const std::shared_ptr<const events::policy::policy>& policy,
            const actors::stage_context_ptr& context,
            const std::shared_ptr<const events::log::log_reader>& recorded,
            const std::shared_ptr<actors::stage_performer>& judge) {
  stage_set all;
  all.performers = {
    {stage::classify, std::make_shared<actors::classify_prs>(log, policy)},
    {stage::resolve, std::make_shared<actors::resolve_packages>(context)},
    {stage::render, std::make_shared<actors::render_problems>(log)},
    {stage::synthesize,
     std::make_shared<actors::known_failure_guard>(
       log, policy->retry.same_fingerprint,
       std::make_shared<actors::synthesize_images>(context))},
    {stage::trial, std::make_shared<actors::harbor_healthcheck>(context)},
    {stage::publish, std::make_shared<actors::publish>(log)},
  };
  if (judge)
    all.performers[stage::classify] = judge;
  if (!recorded)
    return all;
  for (auto& [at, performer] : all.performers)
    if (at != stage::publish && performer != judge)
      performer
        = std::make_shared<actors::recorded_evidence>(recorded, performer);
  return all;
}

} // namespace fc::tools
