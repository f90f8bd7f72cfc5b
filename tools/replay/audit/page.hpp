#pragma once

#include "events/catalog.hpp"
#include "projections/event_json.hpp"
#include "tools/replay/audit/audit.hpp"
#include "tools/replay/text.hpp"

namespace fc::replay {

/// A benchmark's pairs, and what is needed to read them.
struct sampled_benchmark {
  const events::benchmark_trial* trial;  ///< Never nullptr.
  const events::policy::policy* rules;   ///< That judged it, or nullptr.
  const events::candidate* as_candidate; ///< What the gate said, or nullptr.
};

/// Where an audit is written: text, or a page for a browser.
class audit_page {
public:
  virtual ~audit_page() = default;

  /// One paragraph.
  virtual void say(std::string_view text) = 0;
  /// What belongs to the paragraph before.
  virtual void add(std::string_view text) = 0;
  /// Where not all rows are shown at once, the first `max`.
  virtual void table(const text_table& x, std::size_t max) = 0;
  /// Candidates first.
  virtual void samples(const std::vector<sampled_benchmark>& all) = 0;
};

/// Says what one event says. An event without a `format` of its own is shown
/// with its fields.
struct event_formatter {
  const audit_data& about;
  const events::record& at;
  audit_page& page;

  template <events::event T>
  void format(const T& x) {
    page.say(std::string{T::name} + ": "
             + projections::to_line(projections::as_json(x)));
  }

  void format(const events::scraped& x);
  void format(const events::symbolic_passed& x);
  void format(const events::symbolic_rejected& x);
  void format(const events::dropped& x);
  void format(const events::attempt_failed& x);
  void format(const events::deferred& x);
  void format(const events::known_failure_avoided& x);
  void format(const events::answered& x);
  void format(const events::classified& x);
  void format(const events::model_answered& x);
  void format(const events::resolved& x);
  void format(const events::env_resolved& x);
  void format(const events::problem_rendered& x);
  void format(const events::synthesized& x);
  void format(const events::image_built& x);
  void format(const events::trialled& x);
  void format(const events::speedup_measured& x);
  void format(const events::published& x);
  void format(const events::withdrawn& x);
  void format(const events::reopened& x);
  void format(const events::diff_audited& x);
  void format(const events::repository_seen& x);
  void format(const events::repository_excluded& x);
  void format(const events::repository_readmitted& x);
  void format(const events::repository_renamed& x);
  void format(const events::window_reconciled& x);
  void format(const events::known_failure_met& x);
  void format(const events::policy_adopted& x);
  void format(const events::run_started& x);
  void format(const events::run_finished& x);
  void format(const events::spent& x);
  void format(const events::limit_met& x);
  void format(const events::program_died& x);

  /// The policy that decided this event, or nullptr.
  const events::policy::policy* rules() const;
  /// One paragraph.
  void say(std::string_view text);
  /// "label: text", or nothing for an empty text.
  void note(std::string_view label, std::string_view text);
  /// "label: a, b, c", cut after `max`.
  void items(std::string_view label, const std::vector<std::string>& xs,
             std::size_t max = 12);
  void blob(std::string_view label, const events::blob_ref& x);
  /// What a rule means and what can be done about it; nothing for an id that
  /// only an older program knew.
  void rule(std::string_view id);
};

/// Writes every event to a page, with `begin` before and `end` after each.
template <class Begin, class End>
void format_all(const audit_data& x, audit_page& page, Begin&& begin,
                End&& end) {
  for (const auto& at : x.records) {
    begin(at);
    event_formatter formatter{x, at, page};
    // The stream was decoded when it was loaded, so this cannot fail.
    if (auto err = events::visit(
          at, [&](const auto& event) { formatter.format(event); }))
      page.say(events::describe(err));
    end();
  }
}

} // namespace fc::replay
