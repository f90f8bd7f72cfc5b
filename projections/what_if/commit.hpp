#pragma once

#include "projections/what_if/what_if.hpp"

namespace fc::projections::what_if {

/// What a commit did.
struct commit_result {
  events::position adopted = 0; ///< Of the policy's `PolicyAdopted`.
  bool newly_adopted = false;
  std::uint64_t pull_requests = 0; ///< That got verdicts.
  std::uint64_t verdicts = 0;
  std::uint64_t withdrawn = 0;
  std::uint64_t reopened = 0;
};

/// Adopts the policy unless it is the newest one, and appends to each of the
/// pull requests the verdicts it lacks, one append each, caused by the
/// adoption. May be repeated: what was appended is not lacking any more.
/// @param path Where the policy was read, for its record.
/// @param streams Those that `ask` named; each is read and judged anew.
/// @returns `ec::conflict` when something else appended meanwhile.
events::expected<commit_result>
commit(events::log::event_log& log, const events::policy::policy& p,
       const std::string& path,
       const std::vector<events::stream_name>& streams);

} // namespace fc::projections::what_if
