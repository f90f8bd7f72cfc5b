#pragma once

#include "events/catalog.hpp"
#include "tools/replay/audit/audit.hpp"

namespace fc::replay {

/// Writes what one event says. An event without a `tell` does not compile.
struct event_teller {
  const audit_data& about;
  const events::record& at;
  std::string& page;

  void tell(const events::scraped& x);
  void tell(const events::symbolic_passed& x);
  void tell(const events::symbolic_rejected& x);
  void tell(const events::dropped& x);
  void tell(const events::attempt_failed& x);
  void tell(const events::deferred& x);
  void tell(const events::dead_end_known& x);
  void tell(const events::answered& x);
  void tell(const events::classified& x);
  void tell(const events::resolved& x);
  void tell(const events::env_resolved& x);
  void tell(const events::problem_rendered& x);
  void tell(const events::synthesized& x);
  void tell(const events::image_built& x);
  void tell(const events::trialled& x);
  void tell(const events::speedup_measured& x);
  void tell(const events::published& x);
  void tell(const events::withdrawn& x);
  void tell(const events::reopened& x);
  void tell(const events::repository_seen& x);
  void tell(const events::repository_excluded& x);
  void tell(const events::window_reconciled& x);
  void tell(const events::dead_end_met& x);
  void tell(const events::policy_adopted& x);
  void tell(const events::run_started& x);
  void tell(const events::run_finished& x);
  void tell(const events::spent& x);

  /// The policy that decided this event, or nullptr.
  const events::policy::policy* rules() const;
  /// One paragraph.
  void say(std::string_view text);
  /// "label: text", or nothing for an empty text.
  void note(std::string_view label, std::string_view text);
  /// "label: a, b, c", cut after `most`.
  void items(std::string_view label, const std::vector<std::string>& xs,
             std::size_t most = 12);
  void blob(std::string_view label, const events::blob_ref& x);
};

/// Indents of an event's words and of what hangs below them.
inline constexpr std::size_t said = 8;
inline constexpr std::size_t below = 10;

} // namespace fc::replay
