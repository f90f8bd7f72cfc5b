#pragma once

#include "events/policy/policy.hpp"
#include "events/pull_request_state.hpp"
#include "events/record.hpp"

#include <vector>

namespace fc::events::policy {

/// The verdicts that follow from the evidence of a stage just done, in the
/// order they are appended. Pure: the same state and policy give the same
/// verdicts, which is what lets history be judged again.
/// @param row Digest of the dataset row; used by `stage::publish` only.
std::vector<new_event> decide(const pull_request_state& x, stage done,
                              const digest& row, const policy& p);

} // namespace fc::events::policy
