#pragma once

#include "events/event.hpp"
#include "events/ids.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace fc::events {

/// A source of pull requests was opened.
struct repository_seen {
  static constexpr std::uint16_t tag = 500;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "RepositorySeen";

  repo_name repo;
  std::string source;
  std::string head;
  std::string suite_config; ///< Empty: no usable benchmark suite.
  std::string suite_dir;
  std::string note;
  /// From here on only a service knows; empty where git alone was read.
  std::string node_id; ///< Its identity, whatever it is called.
  std::uint32_t stars = 0;
  bool fork = false;
  bool archived = false;
  timestamp created_at{};
  timestamp pushed_at{};
  std::string language;
  std::string description;
  std::vector<std::string> topics;
  std::string branch;          ///< The default one.
  std::string requires_python; ///< As its metadata states it.
  std::string found_by;        ///< The source that named it, e.g. "bigquery".

  using fields
    = members<&repository_seen::repo, &repository_seen::source,
              &repository_seen::head, &repository_seen::suite_config,
              &repository_seen::suite_dir, &repository_seen::note,
              &repository_seen::node_id, &repository_seen::stars,
              &repository_seen::fork, &repository_seen::archived,
              &repository_seen::created_at, &repository_seen::pushed_at,
              &repository_seen::language, &repository_seen::description,
              &repository_seen::topics, &repository_seen::branch,
              &repository_seen::requires_python, &repository_seen::found_by>;
  bool operator==(const repository_seen&) const = default;
};

/// Nothing of this repository is built, for the reason given.
struct repository_excluded {
  static constexpr std::uint16_t tag = 501;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "RepositoryExcluded";

  repo_name repo;
  std::string reason;
  /// "user", "no_suite", or the rule of the policy, e.g. "stars"; empty in old
  /// logs, where only a missing suite excluded.
  std::string rule;

  using fields
    = members<&repository_excluded::repo, &repository_excluded::reason,
              &repository_excluded::rule>;
  bool operator==(const repository_excluded&) const = default;
};

/// What excluded the repository holds no more; the newest of both counts.
struct repository_readmitted {
  static constexpr std::uint16_t tag = 504;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "RepositoryReadmitted";

  repo_name repo;
  std::string reason;
  std::string rule; ///< Of the exclusion that is lifted.

  using fields
    = members<&repository_readmitted::repo, &repository_readmitted::reason,
              &repository_readmitted::rule>;
  bool operator==(const repository_readmitted&) const = default;
};

/// A repository has another name now. Recorded in the streams of both names;
/// its pull requests stay in the streams they began in.
struct repository_renamed {
  static constexpr std::uint16_t tag = 505;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "RepositoryRenamed";

  std::string node_id;
  repo_name from;
  repo_name to;

  using fields = members<&repository_renamed::node_id,
                         &repository_renamed::from, &repository_renamed::to>;
  bool operator==(const repository_renamed&) const = default;
};

/// All pull requests of a window are stored, or how many are not.
struct window_reconciled {
  static constexpr std::uint16_t tag = 502;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "WindowReconciled";

  repo_name repo;
  timestamp start{};
  timestamp end{};
  std::uint32_t counted = 0; ///< By the source.
  std::uint32_t stored = 0;
  std::vector<std::string> missing;
  std::string note;
  std::string method;       ///< "history", "search", "list"; empty in old logs.
  std::uint32_t calls = 0;  ///< Requests to the service, repeated ones too.
  std::uint32_t points = 0; ///< Of the service's budget.
  std::uint32_t git_operations = 0; ///< Over the network.
  std::uint32_t page_size = 0;      ///< That worked; the next run begins there.
  std::uint32_t audited = 0;        ///< Diffs compared with served ones.
  std::uint32_t audit_mismatches = 0;

  using fields
    = members<&window_reconciled::repo, &window_reconciled::start,
              &window_reconciled::end, &window_reconciled::counted,
              &window_reconciled::stored, &window_reconciled::missing,
              &window_reconciled::note, &window_reconciled::method,
              &window_reconciled::calls, &window_reconciled::points,
              &window_reconciled::git_operations, &window_reconciled::page_size,
              &window_reconciled::audited,
              &window_reconciled::audit_mismatches>;
  bool operator==(const window_reconciled&) const = default;
};

/// A pull request met a failure that no repeat mends. Known to all pull
/// requests of the repository; the failure itself is in its own stream.
struct known_failure_met {
  static constexpr std::uint16_t tag = 503;
  static constexpr std::uint8_t version = 1;
  static constexpr std::string_view name = "DeadEndMet";

  std::string stage;
  digest subject; ///< What the step works on; none where only it has it.
  digest fingerprint;
  std::string cause;
  std::string message;
  stream_name stream; ///< Of the pull request.
  sequence seq = 0;   ///< Of its `AttemptFailed` or `Synthesized`.

  using fields = members<&known_failure_met::stage, &known_failure_met::subject,
                         &known_failure_met::fingerprint,
                         &known_failure_met::cause, &known_failure_met::message,
                         &known_failure_met::stream, &known_failure_met::seq>;
  bool operator==(const known_failure_met&) const = default;
};

using repository_events
  = list<repository_seen, repository_excluded, window_reconciled,
         known_failure_met, repository_readmitted, repository_renamed>;

} // namespace fc::events
