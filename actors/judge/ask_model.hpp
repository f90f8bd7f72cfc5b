#pragma once

#include "actors/core/stage_port.hpp"
#include "actors/judge/judge_settings.hpp"
#include "actors/judge/ledger.hpp"
#include "actors/services/llm/model_port.hpp"
#include "events/policy/policy.hpp"

#include <memory>
#include <string>
#include <vector>

namespace fc::actors {

/// What a judge that asks a model needs.
struct model_judge {
  std::shared_ptr<const events::log::log_reader> log;
  std::shared_ptr<const events::policy::policy> policy;
  /// Evidence of another log, to be used again; may be null.
  std::shared_ptr<const events::log::log_reader> recorded;
  std::shared_ptr<services::model_port> model;
  /// Whose answers count: the model's, then its fallback's.
  std::vector<std::string> models;
  std::shared_ptr<judge_ledger> ledger;
  judge_settings settings;
};

/// Stage 3 by a model. The first pass asks whether it is performance work, the
/// second, only after a yes, for category and difficulty. Every answer is
/// recorded before anything follows from it, and is not asked for again. What
/// is no answer is a failure and never a no.
class ask_model : public stage_performer {
public:
  explicit ask_model(model_judge parts);

  stage_result perform(const work& job) override;

private:
  model_judge parts_;
};

} // namespace fc::actors
