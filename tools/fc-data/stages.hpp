#pragma once

#include "actors/build/stage_context.hpp"
#include "actors/core/worker.hpp"
#include "events/log/event_log.hpp"
#include "events/policy/policy.hpp"

#include <initializer_list>
#include <map>
#include <memory>

namespace fc::tools {

/// What does the work of each stage.
struct stage_set {
  std::map<events::stage, std::shared_ptr<actors::stage_performer>> performers;

  /// A worker for some of them.
  actors::performers of(std::initializer_list<events::stage> which) const {
    actors::performers some;
    for (const auto each : which)
      some.emplace(each, performers.at(each));
    return some;
  }
  /// A worker for all but some.
  actors::performers all_but(std::initializer_list<events::stage> which) const {
    auto others = performers;
    for (const auto each : which)
      others.erase(each);
    return others;
  }
};

/// All stages of a run. What `recorded` holds, if there is one, is not done
/// again.
/// @param judge Of stage 3, which looks into `recorded` itself; none: the
/// rules.
stage_set
make_stages(const std::shared_ptr<events::log::event_log>& log,
            const std::shared_ptr<const events::policy::policy>& policy,
            const actors::stage_context_ptr& context,
            const std::shared_ptr<const events::log::log_reader>& recorded,
            const std::shared_ptr<actors::stage_performer>& judge);

} // namespace fc::tools
