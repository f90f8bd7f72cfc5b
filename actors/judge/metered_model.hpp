#pragma once

#include "actors/judge/ledger.hpp"
#include "actors/services/llm/model_port.hpp"
#include "actors/services/llm/settings.hpp"

#include <memory>

namespace fc::actors {

/// The most that a question can cost: its bytes as tokens, and a whole cap of
/// answer.
amount
max_cost_of(const services::model_question& x,
            const services::model_settings& settings, double input_factor);

/// Asks only what the ledger has room for, and tells it what was spent. A call
/// whose answer was lost counts with the most it can have cost.
std::shared_ptr<services::model_port>
make_metered_model(std::shared_ptr<services::model_port> inner,
                   services::model_settings settings,
                   std::shared_ptr<judge_ledger> ledger);

} // namespace fc::actors
