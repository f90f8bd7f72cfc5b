#pragma once

#include "actors/services/git/git_repository.hpp"

#include <optional>
#include <string>
#include <vector>

namespace fc::actors::services {

/// A commit as the log states it; the message is raw bytes.
struct log_commit {
  std::string id;
  std::vector<std::string> parents;
  std::int64_t committed = 0; ///< Seconds since 1970.
  std::string message;
};

/// Before this day a number at the end of a subject mostly named an issue.
inline constexpr events::timestamp numbers_since
  = std::chrono::sys_days{std::chrono::year{2016} / 4 / 1};

/// The pull request that a commit of the first-parent history brought in. A
/// merge says so in its subject (see merge_subject.hpp), or ends it in `(#N)`
/// as a single parent's child does (GitHub offers both texts for merges too,
/// and a merge's text for squashes). Scripts of Apache projects name it in the
/// body. Nothing for other commits.
std::optional<merged_commit> as_pull_request(const log_commit& x);

/// Title and body of any commit: its first line and the rest.
merged_commit as_plain_commit(const log_commit& x);

/// Keeps each number once: a merge before a squash before what reads like a
/// mention; of equal ones the oldest, unless the numbers began anew since. What
/// was not certain is noted.
/// @param found Newest first, and so returned.
std::vector<merged_commit> one_per_number(std::vector<merged_commit> found);

/// Time of a commit; dates that do not fit nanoseconds are cut to what does.
events::timestamp commit_time(std::int64_t seconds) noexcept;

} // namespace fc::actors::services
