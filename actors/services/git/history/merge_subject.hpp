#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace fc::actors::services {

/// What the subject of a commit says about pull requests.
struct named_pulls {
  /// In the order of the subject; more than one where a queue merged a batch.
  std::vector<std::uint32_t> numbers;
  std::string_view text;  ///< The subject's remaining words.
  bool has_title = false; ///< `text` is the title, not a branch or reviewers.
};

/// Subjects of merges as services, queues, bots and people write them: `Merge
/// pull request #N from …` (GitHub), `Merge #N #M` (bors, Mergify), `Auto merge
/// of #N - …` (homu), `Merged in … (pull request #N)` (Bitbucket), `Merge PR
/// #N: title`, `Auto-merge #N: title` and the like, in any case of letters.
/// Without numbers for everything else, merges of a branch included.
named_pulls merge_subject(std::string_view subject);

/// `Some words (#N)`, as GitHub names a squashed pull request: the last number
/// is its own.
named_pulls squash_subject(std::string_view subject);

/// `Closes #N from …` at the start of a line, as the merge scripts of Apache
/// projects end a message; 0 where there is none.
std::uint32_t closed_in(std::string_view body);

/// `12: Some words r=reviewer a=author`, the line of a pull request in a
/// message of bors: the words. Other lines stay as they are.
std::string_view without_bors(std::string_view line);

/// Whether the subject reads as if it mentions a pull request that was merged
/// before: changelogs, backports, follow-ups.
bool reads_like_mention(std::string_view subject);

} // namespace fc::actors::services
