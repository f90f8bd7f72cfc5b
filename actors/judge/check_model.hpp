#pragma once

#include "actors/judge/judge_settings.hpp"
#include "actors/services/llm/http_model.hpp"
#include "events/policy/policy.hpp"

#include <optional>
#include <string>
#include <vector>

namespace fc::actors {

/// What a service was found to be before a run asks it anything.
struct model_facts {
  std::string model;
  std::string served_by; ///< As it names itself; empty where not asked.
  /// Whether the service lists the model; none where it has no list.
  std::optional<bool> listed;
  bool asked = false;        ///< One tiny question was answered.
  services::model_cost cost; ///< Of the check.
  double seconds = 0;
  /// For the longest question that a run may ask, and its answer.
  std::uint64_t tokens_at_most = 0;
  std::optional<double> usd_at_most; ///< None: no prices were given.
  /// Set by who checks several: it cannot be asked now, and another can.
  events::error failure;
};

/// Checks that a model can be asked: its service's list of models, the
/// arithmetic of the context, and one question of at most 64 tokens where
/// `ask` says so or the list leaves it open.
/// @returns `ec::not_found` when there is no such model, `ec::no_access`,
/// `ec::no_money`, `ec::unavailable`, ..., `ec::invalid_argument` when the
/// prompts do not fit into the context. Holds no key.
events::expected<model_facts>
check_model(const services::model_settings& model,
            const judge_settings& settings,
            const events::policy::policy& policy,
            const services::model_connection& through,
            const services::stop_flag& stop, bool ask);

} // namespace fc::actors
