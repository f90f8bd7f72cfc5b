#include "events/policy/speedup/pairs.hpp"
#include "tools/replay/audit/page.hpp"

#include <algorithm>
#include <cmath>

/// The audit as text.
namespace fc::replay {

namespace {

/// Indents of an event's words and of what hangs below them.
constexpr std::size_t body_indent = 8;
constexpr std::size_t below = 10;
constexpr std::size_t strip_width = 50;

/// Bold, where a terminal shows it.
std::string bold(const std::string& x, bool colour) {
  return colour ? "\x1b[1m" + x + "\x1b[0m" : x;
}

std::string
strip(std::string_view label, const events::policy::speedup::log_ratios& x) {
  if (x.values.empty())
    return {};
  std::vector<double> ratios;
  for (const double value : x.values)
    ratios.push_back(std::exp(value));
  const auto [low, high] = std::ranges::minmax(ratios);
  return std::string(below, ' ') + std::string{label} + human_ratio(low) + " ["
         + dot_strip(ratios, low, high, 1, strip_width) + "] "
         + human_ratio(high) + "\n";
}

class text_page final : public audit_page {
public:
  explicit text_page(std::string& to) : to_{to} {}

  void say(std::string_view text) override {
    to_ += wrapped(text, body_indent);
  }
  void add(std::string_view text) override {
    to_ += wrapped(text, below);
  }
  void table(const text_table& x, std::size_t max) override {
    to_ += x.str(body_indent, max);
    if (x.rows().size() > max)
      say("and " + human_count(x.rows().size() - max) + " more, see --json");
  }
  /// The pairs of confirmed benchmarks, each a dot from the lowest to the
  /// highest ratio, and base against base where that was measured.
  void samples(const std::vector<sampled_benchmark>& all) override {
    using namespace events::policy::speedup;
    for (const auto& each : all) {
      const auto confirmed = confirm_ratios(*each.trial);
      if (confirmed.values.empty())
        continue;
      say(each.trial->name);
      to_ += strip("base / patched  ", confirmed)
             + strip("base / base     ", aa_ratios(*each.trial));
    }
  }

private:
  std::string& to_;
};

std::string header(const audit_data& x, bool colour) {
  std::string page = bold(x.id.str(), colour) + "\n";
  if (const auto& facts = x.state.facts)
    page += wrapped(facts->title, 2);
  for (auto [label, text] : facts_of(x)) {
    label.resize(9, ' ');
    page += labelled(label, text, 2);
  }
  return page;
}

std::string event_line(const events::record& at, bool colour) {
  const auto position = std::to_string(at.at);
  std::string line(position.size() < 6 ? 6 - position.size() : 0, ' ');
  line += position + "  " + human_time_of(at.recorded_at) + "  "
          + bold(std::string{events::name_of(at.tag)}, colour);
  if (at.policy)
    line += "  policy " + short_digest(at.policy);
  return line + "\n";
}

} // namespace

std::vector<std::pair<std::string, std::string>> facts_of(const audit_data& x) {
  std::vector<std::pair<std::string, std::string>> result;
  if (const auto& facts = x.state.facts) {
    result.emplace_back("merged", human_time_of(facts->merged_at));
    result.emplace_back(
      "commits", short_commit(facts->base) + " .. " + short_commit(facts->merge)
                   + " (" + facts->merge_kind + "), "
                   + counted(facts->changed_files, "file") + ", +"
                   + human_count(facts->additions) + " -"
                   + human_count(facts->deletions) + " lines");
  }
  result.emplace_back("outcome", outcome_of(x.state));
  return result;
}

std::string audit_text(const audit_data& x, bool colour) {
  std::string text = header(x, colour);
  text_page page{text};
  format_all(
    x, page,
    [&](const events::record& at) { text += "\n" + event_line(at, colour); },
    [] {});
  return text + "\n" + wrapped(conclusion_of(x.state), 0);
}

} // namespace fc::replay
