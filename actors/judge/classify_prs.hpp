#pragma once

#include "actors/core/stage_port.hpp"
#include "events/policy/policy.hpp"

namespace fc::actors {

/// Stage 3 without a model: the policy's rules answer, and the answer says so.
class classify_prs : public stage_performer {
public:
  classify_prs(std::shared_ptr<const events::log::log_reader> log,
               std::shared_ptr<const events::policy::policy> policy);

  stage_result perform(const work& job) override;

private:
  std::shared_ptr<const events::log::log_reader> log_;
  std::shared_ptr<const events::policy::policy> policy_;
};

} // namespace fc::actors
