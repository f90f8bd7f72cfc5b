#pragma once

#include "events/log/event_log.hpp"
#include "events/policy/policy.hpp"
#include "events/pull_request_state.hpp"
#include "tests/support/corpus/dice.hpp"

#include <functional>
#include <string_view>
#include <vector>

namespace fc::support {

/// What the dataset would hold of a pull request; a digest of it.
using row_function = std::function<events::digest(
  const events::pull_request_state& x, std::string_view diff,
  std::string_view statement)>;

/// Everything that follows `SymbolicPassed` in a stream.
struct later_stages {
  std::vector<events::new_event> events;
  std::vector<events::log::blob> blobs;
};

/// Takes a pull request that passed the symbolic rules as far as seeded chance
/// and the policy let it come.
/// @param state As after `SymbolicPassed`; the fold of all events on return.
/// @param idle Events that tell only of waiting and cost, put before the first
/// answer.
later_stages
play_stages(events::pull_request_state& state, std::string_view diff,
            std::size_t idle, dice chance, const events::policy::policy& p,
            const row_function& row);

} // namespace fc::support
