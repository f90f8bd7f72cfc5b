#pragma once

#include "projections/what_if/commit.hpp"

#include <string>

/// What --what-if answers, for people and for programs.
namespace fc::replay {

/// The newest policy of the log (none for an empty log) and the other one.
struct policy_pair {
  events::digest before;
  events::digest after;
};

std::string what_if_text(const projections::what_if::report& x,
                         const policy_pair& policies);
/// One line.
std::string what_if_json(const projections::what_if::report& x,
                         const policy_pair& policies);

std::string commit_text(const projections::what_if::commit_result& x);
/// The same line with what was appended.
std::string
commit_json(const projections::what_if::report& x, const policy_pair& policies,
            const projections::what_if::commit_result& done);

} // namespace fc::replay
