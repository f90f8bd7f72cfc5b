#pragma once

#include "events/event.hpp"
#include "events/ids.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fc::events {

/// One file of a pull request; a rename has its new path.
struct file_change {
  std::string path;
  std::uint32_t additions = 0;
  std::uint32_t deletions = 0;

  using fields = members<&file_change::path, &file_change::additions,
                         &file_change::deletions>;
  bool operator==(const file_change&) const = default;
};

/// An issue that a pull request closes, perhaps of another repository.
struct linked_issue {
  std::string repo; ///< `owner/name` as the service states it.
  std::uint32_t number = 0;
  std::string title;
  std::uint32_t comments = 0; ///< All there are; the blob may hold fewer.

  using fields = members<&linked_issue::repo, &linked_issue::number,
                         &linked_issue::title, &linked_issue::comments>;
  bool operator==(const linked_issue&) const = default;
};

/// A merged pull request was seen: its facts as git or a service states them.
struct scraped {
  static constexpr std::uint16_t tag = 100;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "Scraped";

  repo_name repo;
  std::uint32_t number = 0;
  std::string title;
  std::string body;
  timestamp merged_at{};
  /// Commit the change starts from: first parent of the merge.
  std::string base;
  std::string merge; ///< The merge or squash commit.
  /// "merge", "squash", "rebase" or "task" (named by the user).
  std::string merge_kind;
  /// Counted by the source; `files` may be shorter.
  std::uint32_t changed_files = 0;
  std::uint32_t additions = 0;
  std::uint32_t deletions = 0;
  std::vector<file_change> files;
  blob_ref diff; ///< Absent where title or files already rejected it.
  /// Objects the source should hold and does not.
  std::vector<std::string> missing_objects;
  std::string source; ///< Where it was read: a path or a URL.
  /// Invalid UTF-8 in title, body or a path was replaced.
  bool text_repaired = false;
  /// From here on only a service knows; empty where git alone was read.
  std::string node_id; ///< The service's own identity of it, for ever.
  timestamp created_at{};
  timestamp closed_at{};
  std::string head; ///< Newest commit of its branch.
  std::string base_branch;
  std::string author;      ///< Empty: the account is gone.
  std::string author_kind; ///< "User", "Bot", ...
  std::vector<std::string> labels;
  std::vector<linked_issue> issues;
  /// JSON: one object an issue, as the service gave it, with comments.
  blob_ref issue_texts;
  std::string note; ///< What was unusual on the way; empty if nothing.

  using fields
    = members<&scraped::repo, &scraped::number, &scraped::title, &scraped::body,
              &scraped::merged_at, &scraped::base, &scraped::merge,
              &scraped::merge_kind, &scraped::changed_files,
              &scraped::additions, &scraped::deletions, &scraped::files,
              &scraped::diff, &scraped::missing_objects, &scraped::source,
              &scraped::text_repaired, &scraped::node_id, &scraped::created_at,
              &scraped::closed_at, &scraped::head, &scraped::base_branch,
              &scraped::author, &scraped::author_kind, &scraped::labels,
              &scraped::issues, &scraped::issue_texts, &scraped::note>;
  bool operator==(const scraped&) const = default;
};

/// Title, files and diff size allow this to be performance work.
struct symbolic_passed {
  static constexpr std::uint16_t tag = 101;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "SymbolicPassed";

  std::string note; ///< Which rule let the title pass.

  using fields = members<&symbolic_passed::note>;
  bool operator==(const symbolic_passed&) const = default;
};

/// A symbolic rule rejected the pull request.
struct symbolic_rejected {
  static constexpr std::uint16_t tag = 102;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "SymbolicRejected";

  std::string rule; ///< E.g. "title", "files.count", "files.no_core".
  std::string explanation;

  using fields
    = members<&symbolic_rejected::rule, &symbolic_rejected::explanation>;
  bool operator==(const symbolic_rejected&) const = default;
};

/// The pull request goes no further, for the reason given.
struct dropped {
  static constexpr std::uint16_t tag = 103;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "Dropped";

  std::string stage;
  std::string rule;
  std::string explanation;
  bool failed = false; ///< True: work could not be done, nothing was judged.

  using fields = members<&dropped::stage, &dropped::rule, &dropped::explanation,
                         &dropped::failed>;
  bool operator==(const dropped&) const = default;
};

/// Where a failure is recorded: an `AttemptFailed` or a `Synthesized`.
struct failure_ref {
  stream_name stream;
  sequence seq = 0;

  using fields = members<&failure_ref::stream, &failure_ref::seq>;
  bool operator==(const failure_ref&) const = default;
};

/// An attempt at a stage failed; never a verdict.
struct attempt_failed {
  static constexpr std::uint16_t tag = 104;
  /// 1 had the fingerprint as a text, cut at 160 bytes, and nothing `known`.
  static constexpr std::uint8_t version = 2;
  static constexpr std::string_view name = "AttemptFailed";

  std::string stage;
  std::uint32_t attempt = 0; ///< Counted from 1.
  std::string cause;         ///< Class of the failure: an error code.
  std::string message;
  /// Of the message without what differs from run to run
  /// (failures/fingerprint.hpp).
  digest fingerprint;
  blob_ref log;
  /// The same failure as other pull requests of the repository met it before,
  /// as many as the policy counts.
  std::vector<failure_ref> known;

  using fields = members<&attempt_failed::stage, &attempt_failed::attempt,
                         &attempt_failed::cause, &attempt_failed::message,
                         &attempt_failed::fingerprint, &attempt_failed::log,
                         &attempt_failed::known>;
  bool operator==(const attempt_failed&) const = default;
};

/// Work waits until a time or for a cause to go away.
struct deferred {
  static constexpr std::uint16_t tag = 105;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "Deferred";

  std::string stage;
  timestamp until{};
  std::string cause;

  using fields = members<&deferred::stage, &deferred::until, &deferred::cause>;
  bool operator==(const deferred&) const = default;
};

/// A step was not tried: with the same subject it failed in this repository
/// as often as the policy allows. Evidence; what follows is the policy's.
struct known_failure_avoided {
  static constexpr std::uint16_t tag = 106;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "DeadEndKnown";

  std::string stage;
  digest subject; ///< What the step works on (failures/known_failure.hpp).
  digest fingerprint;
  std::string cause;
  std::string message;
  std::vector<failure_ref> failures;

  using fields
    = members<&known_failure_avoided::stage, &known_failure_avoided::subject,
              &known_failure_avoided::fingerprint,
              &known_failure_avoided::cause, &known_failure_avoided::message,
              &known_failure_avoided::failures>;
  bool operator==(const known_failure_avoided&) const = default;
};

/// What ended the pull request at a stage does not hold under the policy of
/// this verdict: the stage is to be done (again).
struct reopened {
  static constexpr std::uint16_t tag = 107;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "Reopened";

  std::string stage;
  std::string explanation;

  using fields = members<&reopened::stage, &reopened::explanation>;
  bool operator==(const reopened&) const = default;
};

/// The diff made from git was compared with the one that the service serves.
struct diff_audited {
  static constexpr std::uint16_t tag = 108;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "DiffAudited";

  bool equal = false; ///< But for what both may write differently.
  std::uint64_t git_bytes = 0;
  std::uint64_t served_bytes = 0;
  blob_ref served;  ///< Kept where they differ.
  std::string note; ///< The first difference.

  using fields = members<&diff_audited::equal, &diff_audited::git_bytes,
                         &diff_audited::served_bytes, &diff_audited::served,
                         &diff_audited::note>;
  bool operator==(const diff_audited&) const = default;
};

using pull_request_events
  = list<scraped, symbolic_passed, symbolic_rejected, dropped, attempt_failed,
         deferred, known_failure_avoided, reopened, diff_audited>;

} // namespace fc::events
