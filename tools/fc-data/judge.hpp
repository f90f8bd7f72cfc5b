#pragma once

#include "actors/core/run_log.hpp"
#include "actors/core/stage_port.hpp"
#include "actors/judge/check_model.hpp"
#include "actors/judge/ledger.hpp"
#include "events/log/event_log.hpp"
#include "tools/fc-data/judge_options.hpp"

#include <memory>
#include <vector>

namespace fc::tools {

/// The judge of a run that asks a model.
struct judge_set {
  std::shared_ptr<actors::stage_performer> performer; ///< None: the rules.
  std::shared_ptr<actors::judge_ledger> ledger;
  std::uint32_t workers = 0; ///< That have their own threads.
  double lease_s = 0;        ///< What one step may take.
  std::vector<actors::model_facts> checked;
};

/// What a run asks its model through.
struct judge_context {
  std::shared_ptr<events::log::event_log> log;
  std::shared_ptr<const events::policy::policy> policy;
  std::shared_ptr<const events::log::log_reader> recorded; ///< May be null.
};

/// Everything that is needed to ask the model of the options. Empty where the
/// rules judge.
judge_set
open_judge(const judge_options& settings, const judge_context& context,
           std::vector<actors::model_facts> checked);

/// Asks each model of the options what `check_model` asks; for a preflight, and
/// before a run writes anything. None where the rules judge. A failure that a
/// fallback is there for stands in the facts, while the other can be asked.
/// @returns why a model cannot be asked, e.g. `ec::not_found`.
events::expected<std::vector<actors::model_facts>>
check_judge(const judge_options& settings, const events::policy::policy& policy,
            const actors::services::stop_flag& stop, bool ask);

/// Before the first question: counts what the run spent before it was started
/// again, and records what the check cost.
events::error begin_judge(const judge_set& judge, events::log::event_log& log,
                          const actors::run_identity& run);

} // namespace fc::tools
