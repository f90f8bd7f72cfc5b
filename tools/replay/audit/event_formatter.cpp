#include "events/policy/rules.hpp"
#include "tools/replay/audit/page.hpp"

/// How an event's words are put together, for any page.
namespace fc::replay {

const events::policy::policy* event_formatter::rules() const {
  return about.policy_of(at.policy);
}

void event_formatter::say(std::string_view text) {
  page.say(text);
}

void event_formatter::note(std::string_view label, std::string_view text) {
  if (!text.empty())
    say(std::string{label} + ": " + std::string{text});
}

void event_formatter::items(std::string_view label,
                            const std::vector<std::string>& xs,
                            std::size_t max) {
  std::string text;
  for (std::size_t i = 0; i < xs.size() && i < max; ++i)
    text += (i == 0 ? "" : ", ") + xs[i];
  if (xs.size() > max)
    text += " and " + human_count(xs.size() - max) + " more";
  note(label, text);
}

void event_formatter::blob(std::string_view label, const events::blob_ref& x) {
  if (x)
    say(std::string{label} + ": " + human_bytes(x.size) + ", sha256 "
        + short_digest(x.id));
}

void event_formatter::rule(std::string_view id) {
  const auto* known = events::policy::rules::find(id);
  if (known == nullptr)
    return;
  note("rule " + std::string{id}, known->meaning);
  note("what to do (docs/rules.md)", known->remedy);
}

} // namespace fc::replay
