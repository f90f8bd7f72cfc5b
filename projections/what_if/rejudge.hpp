#pragma once

#include "events/policy/policy.hpp"
#include "events/policy/symbolic.hpp"
#include "events/pull_request_state.hpp"

#include <array>
#include <functional>
#include <map>
#include <set>
#include <string>

namespace fc::projections::what_if {

using events::gate;
using events::gate_total;

/// Where a pull request stands at a gate.
enum class standing : std::uint8_t {
  not_reached, ///< An earlier gate stopped it.
  passed,
  rejected, ///< A verdict stopped it here.
  failed,   ///< The work could not be done.
  open,     ///< Still to be done, whatever the policy.
  missing,  ///< The other policy needs evidence that was never recorded.
};

inline constexpr std::size_t standing_total = 6;
std::string_view to_text(standing x) noexcept;

using standings = std::array<standing, gate_total>;

/// Where the newest verdicts on record put it; nothing after the first gate
/// that is not passed counts.
standings standings_of(const events::pull_request_state& x);

/// What a log holds beside pull requests, and what judging needs of it.
struct replay_context {
  /// Text of a blob.
  std::function<events::expected<events::bytes>(const events::digest&)> blob;
  /// How trials were run, by adopted policy.
  std::map<events::digest, events::policy::trial_plan> plans;
  /// Policies of the log that this program cannot read: how trials were run
  /// under them is not known.
  std::set<events::digest> unread;
  /// Repositories without a benchmark suite, with the reason.
  std::map<events::repo_name, std::string> no_suite;
};

/// A policy made ready to judge many pull requests.
struct judge {
  judge(const events::policy::policy& p, const replay_context& all);

  const events::policy::policy& policy;
  const replay_context& known;
  events::policy::symbolic_gate symbolic;
  events::digest rules;   ///< Of the judge that asks no model.
  events::digest prompts; ///< Of those for models.
};

/// A pull request as its stream says, and when its trial was judged first.
struct recorded_stream {
  events::pull_request_state state;
  /// Of the first verdict on the newest trial: how that trial was run.
  events::digest trial_policy;
};

/// Folds one record more.
events::error fold(recorded_stream& into, const events::record& at);

/// What another policy makes of a pull request.
struct rejudgement {
  standings before{};
  standings after{};
  /// Where it ended before, and would end; empty while open or published.
  std::string rule_before, why_before;
  std::string rule_after, why_after;
  events::outcome outcome_before = events::outcome::open;
  events::outcome outcome_after = events::outcome::open;
  /// What the log lacks: verdicts, and evidence that costs nothing. In order,
  /// with no cause yet.
  std::vector<events::new_event> appends;
  /// Evidence that is not there, in words; then `after` has `missing` once.
  std::string missing;
  /// The stage that would bring it; none for discovery.
  std::optional<events::stage> work;

  /// The first gate at which it stands otherwise.
  std::optional<gate> moved() const;
};

/// Judges recorded evidence. Gates behind the first one that is not passed are
/// left as they are. What lacks evidence keeps its verdicts.
/// @returns an error where a diff cannot be read.
events::expected<rejudgement> rejudge(recorded_stream x, const judge& by);

} // namespace fc::projections::what_if
