#include "tools/replay/audit/page.hpp"

#include "tools/replay/text.hpp"

namespace fc::replay {

namespace {

/// Bold, where a terminal shows it.
std::string bold(const std::string& x, bool colour) {
  return colour ? "\x1b[1m" + x + "\x1b[0m" : x;
}

std::string change_of(const events::scraped& x) {
  return counted(x.changed_files, "file") + ", +" + human_count(x.additions)
         + " -" + human_count(x.deletions) + " lines";
}

std::string header(const audit_data& x, bool colour) {
  std::string page = bold(x.id.str(), colour) + "\n";
  if (const auto& facts = x.state.facts) {
    page += wrapped(facts->title, 2);
    page += labelled("merged   ", human_time_of(facts->merged_at), 2);
    page += labelled("commits  ",
                     short_commit(facts->base) + " .. "
                       + short_commit(facts->merge) + " (" + facts->merge_kind
                       + "), " + change_of(*facts),
                     2);
  }
  return page + labelled("outcome  ", outcome_of(x.state), 2);
}

std::string event_line(const events::record& at, bool colour) {
  const auto place = std::to_string(at.at);
  std::string line(place.size() < 6 ? 6 - place.size() : 0, ' ');
  line += place + "  " + human_time_of(at.recorded_at) + "  "
          + bold(std::string{events::name_of(at.tag)}, colour);
  if (at.policy)
    line += "  policy " + short_digest(at.policy);
  return line + "\n";
}

} // namespace

const events::policy::policy* event_teller::rules() const {
  return about.policy_of(at.policy);
}

void event_teller::say(std::string_view text) {
  page += wrapped(text, said);
}

void event_teller::note(std::string_view label, std::string_view text) {
  if (!text.empty())
    say(std::string{label} + ": " + std::string{text});
}

void event_teller::items(std::string_view label,
                         const std::vector<std::string>& xs, std::size_t most) {
  std::string text;
  for (std::size_t i = 0; i < xs.size() && i < most; ++i)
    text += (i == 0 ? "" : ", ") + xs[i];
  if (xs.size() > most)
    text += " and " + human_count(xs.size() - most) + " more";
  note(label, text);
}

void event_teller::blob(std::string_view label, const events::blob_ref& x) {
  if (x)
    say(std::string{label} + ": " + human_bytes(x.size) + ", sha256 "
        + short_digest(x.id));
}

std::string audit_text(const audit_data& x, bool colour) {
  std::string page = header(x, colour);
  for (const auto& at : x.records) {
    page += "\n" + event_line(at, colour);
    event_teller teller{x, at, page};
    // The stream was decoded when it was loaded, so this cannot fail.
    if (auto err
        = events::visit(at, [&](const auto& event) { teller.tell(event); }))
      page += wrapped(events::describe(err), said);
  }
  return page + "\n" + wrapped(conclusion_of(x.state), 0);
}

} // namespace fc::replay
