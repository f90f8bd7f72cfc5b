#include "tools/replay/audit/html.hpp"
#include "tools/replay/audit/plot.hpp"

#include <algorithm>

/// The audit as one page for a browser.
namespace fc::replay {

namespace {

/// Figures that are open at first.
constexpr std::size_t open_figures = 8;

constexpr const char* head
  = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
    "'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, "
    "initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
    "<link rel=\"icon\" href=\"data:,\">\n";

constexpr const char* legend
  = "Each dot is one pair of fresh processes, from top to bottom in the order "
    "of measuring; to the right is faster. Thin line: 1, as fast as before. "
    "Dashed: the least the gate asks for. Thick: the median. Bar below: the "
    "interval.";

std::string paragraph(const char* style, std::string_view text) {
  return std::string{"<p class=\""} + style + "\">" + html::escaped(text)
         + "</p>\n";
}

/// A cell, of a heading or of a row.
std::string cell(const char* tag, align how, std::string_view text) {
  return std::string{"<"} + tag
         + (how == align::right ? " class=\"right\"" : "")
         + (tag[1] == 'h' ? " scope=\"col\"" : "") + ">" + html::escaped(text)
         + "</" + tag + ">";
}

std::string rows_of(const text_table& x, std::size_t from, std::size_t to) {
  std::string result = "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
                       "aria-label=\""
                       + html::escaped(x.titles().front())
                       + "\"><table><thead><tr>";
  for (std::size_t i = 0; i < x.titles().size(); ++i)
    result += cell("th", x.aligns()[i], x.titles()[i]);
  result += "</tr></thead><tbody>\n";
  for (auto row = from; row < to; ++row) {
    const auto& [cells, note] = x.rows()[row];
    result += "<tr>";
    for (std::size_t i = 0; i < cells.size(); ++i)
      result += cell("td", x.aligns()[i], cells[i]);
    result += "</tr>\n";
    if (!note.empty())
      result += "<tr><td class=\"note\" colspan=\""
                + std::to_string(cells.size()) + "\">" + html::escaped(note)
                + "</td></tr>\n";
  }
  return result + "</tbody></table></div>\n";
}

/// What is there, but folded away.
std::string
folded(std::size_t count, std::string_view noun, const std::string& what) {
  return "<details><summary>" + html::escaped(counted(count, noun))
         + " more</summary>\n" + what + "</details>\n";
}

class html_page final : public audit_page {
public:
  explicit html_page(std::string& to) : to_{to} {}

  void say(std::string_view text) override {
    to_ += html::element("p", text) + "\n";
  }
  void add(std::string_view text) override {
    to_ += paragraph("more", text);
  }
  void table(const text_table& x, std::size_t max) override {
    const auto shown = std::min(max, x.rows().size());
    to_ += rows_of(x, 0, shown);
    if (const auto rest = x.rows().size() - shown; rest > 0)
      to_ += folded(rest, "row", rows_of(x, shown, x.rows().size()));
  }
  void samples(const std::vector<sampled_benchmark>& all) override {
    std::string open;
    std::string rest;
    std::size_t drawn = 0;
    for (const auto& each : all) {
      const auto plot = strip_plot(each, "f" + std::to_string(figures_));
      if (plot.empty())
        continue;
      ++figures_;
      (drawn++ < open_figures ? open : rest) += plot;
    }
    if (drawn == 0)
      return;
    to_ += paragraph("meta", legend) + open;
    if (drawn > open_figures)
      to_ += folded(drawn - open_figures, "figure", rest);
  }

private:
  std::string& to_;
  std::size_t figures_ = 0;
};

std::string header(const audit_data& x) {
  std::string page = "<header>" + html::element("h1", x.id.str()) + "\n";
  if (const auto& facts = x.state.facts)
    page
      += paragraph("title", facts->title.empty() ? "(no title)" : facts->title);
  page += "<dl>";
  for (const auto& [label, text] : facts_of(x))
    page += html::element("dt", label) + html::element("dd", text);
  return page + "</dl>\n" + paragraph("conclusion", conclusion_of(x.state))
         + "</header>\n";
}

std::string event_head(const audit_data& x, const events::record& at) {
  std::string page = "<li id=\"e" + std::to_string(at.at) + "\">"
                     + html::element("h3", events::name_of(at.tag))
                     + "\n<p class=\"meta\">position " + std::to_string(at.at)
                     + ", <time datetime=\""
                     + events::to_iso8601(at.recorded_at) + "\">"
                     + human_time_of(at.recorded_at) + "</time>";
  if (at.causation != 0) {
    const auto position = std::to_string(at.causation);
    const bool here
      = std::ranges::count(x.records, at.causation, &events::record::at) > 0;
    page += ", after "
            + (here ? "<a href=\"#e" + position + "\">position " + position
                        + "</a>"
                    : "position " + position);
  }
  if (at.policy) {
    const auto digest = short_digest(at.policy);
    const bool known = x.policies.contains(at.policy);
    page
      += ", policy "
         + (known ? "<a href=\"#p" + digest + "\">" + digest + "</a>" : digest);
  }
  return page + "</p>\n";
}

/// The whole text of every policy that a verdict here names.
std::string policies_of(const audit_data& x) {
  std::string page;
  for (const auto& [id, policy] : x.policies) {
    const bool used = std::ranges::any_of(
      x.records, [&](const events::record& at) { return at.policy == id; });
    if (used)
      page += "<details id=\"p" + short_digest(id) + "\"><summary>" + "policy "
              + id.hex() + "</summary>" + html::element("pre", policy.text)
              + "</details>\n";
  }
  return page.empty() ? page : "<h2>Policies</h2>\n" + page;
}

} // namespace

std::string audit_html(const audit_data& x) {
  std::string text = head;
  text += html::element("title", "Audit of " + x.id.str()) + "\n<style>";
  text += html::style();
  text += "</style></head>\n<body><main>\n" + header(x)
          + "<h2>What was seen, measured and decided</h2>\n<ol>\n";
  html_page page{text};
  format_all(
    x, page, [&](const events::record& at) { text += event_head(x, at); },
    [&] { text += "</li>\n"; });
  text += "</ol>\n" + policies_of(x)
          + "<footer>Made by fcreplay from the event log, as of position "
          + std::to_string(x.state.last)
          + ", the last record of this pull request.</footer>\n"
            "</main></body></html>\n";
  return text;
}

} // namespace fc::replay
