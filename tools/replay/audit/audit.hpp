#pragma once

#include "events/log/event_log.hpp"
#include "events/policy/policy.hpp"
#include "events/pull_request_state.hpp"

#include <map>

namespace fc::replay {

/// All that is known of one pull request.
struct audit_data {
  events::pull_request_id id;
  std::vector<events::record> records;
  events::pull_request_state state;
  /// Every policy in the log, by digest; where its text cannot be read any
  /// more, by an older or newer program's policy, only the text is set.
  std::map<events::digest, events::policy::policy> policies;

  /// The policy behind a digest, or nullptr.
  const events::policy::policy* policy_of(const events::digest& id) const;
  /// The policy by which the trial at a sequence was judged: that of the next
  /// speedup verdict, else of the newest verdict.
  const events::policy::policy* judge_of(events::sequence trial) const;
  /// What the gate made of the trial at a sequence: the next verdict.
  std::optional<events::speedup_measured>
  verdict_on(events::sequence trial) const;
};

/// @returns `ec::not_found` for an unknown pull request, with close matches and
/// the commands that show what was read.
events::expected<audit_data> load_audit(const events::log::log_reader& log,
                                        const events::pull_request_id& id);

/// The outcome in a few words: "published", "rejected at ...".
std::string outcome_of(const events::pull_request_state& x);

/// One sentence: why it was published, rejected or failed, or what it waits
/// for.
std::string conclusion_of(const events::pull_request_state& x);

/// What is said first of a pull request: "merged", "2024-03-05 …".
std::vector<std::pair<std::string, std::string>> facts_of(const audit_data& x);

/// For a person; sentences in 80 columns, tables in 100, and no colour unless
/// wanted.
std::string audit_text(const audit_data& x, bool colour);

/// The same as one JSON document.
std::string audit_json(const audit_data& x);

/// The same as one page for a browser, with the samples plotted. It asks the
/// network for nothing and runs nothing.
std::string audit_html(const audit_data& x);

} // namespace fc::replay
