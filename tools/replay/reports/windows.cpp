#include "projections/reports/windows.hpp"

#include "projections/event_json.hpp"
#include "tools/replay/commands.hpp"
#include "tools/replay/reports/about.hpp"
#include "tools/replay/text.hpp"

#include <iostream>

namespace fc::replay {

namespace {

using projections::certificate;
using projections::json;
using projections::time_window;

constexpr std::size_t max_rows = 100;
constexpr std::size_t max_missing = 20;

/// One line of the report.
struct line {
  std::string repository;
  time_window window;
  const certificate* newest;
};

/// Lines of the report, by kind.
struct listing {
  std::vector<line> wrong; ///< Counted is not stored.
  std::vector<line> right;
  std::vector<std::pair<std::string, time_window>> gaps;
  std::vector<std::string> never; ///< Repositories without a certificate.
};

listing listing_of(const projections::windows& x) {
  listing result;
  for (const auto& [repository, each] : x.repositories) {
    for (const auto& [window, newest] : each.windows)
      (newest.matches() ? result.right : result.wrong)
        .push_back({repository, window, &newest});
    for (const auto& gap : each.gaps())
      result.gaps.emplace_back(repository, gap);
    if (each.windows.empty())
      result.never.push_back(repository);
  }
  return result;
}

/// "2024-01-31", with the time of day where it is not midnight.
std::string day_of(events::timestamp x) {
  const bool midnight = x == std::chrono::time_point_cast<std::chrono::days>(x);
  return midnight ? events::to_iso8601(x).substr(0, 10) : human_time_of(x);
}

json to_json(const std::string& repository, const time_window& x) {
  return {{"repository", repository},
          {"start", events::to_iso8601(x.start)},
          {"end", events::to_iso8601(x.end)}};
}

json to_json(const line& x) {
  auto one = to_json(x.repository, x.window);
  const auto& event = x.newest->event;
  one["counted"] = event.counted;
  one["stored"] = event.stored;
  one["matches"] = x.newest->matches();
  one["missing"] = event.missing;
  one["note"] = event.note;
  one["position"] = x.newest->at;
  one["recorded_at"] = events::to_iso8601(x.newest->when);
  return one;
}

json to_json(const listing& x) {
  auto result = json::object();
  result["mismatches"] = x.wrong.size();
  auto& all = result["windows"] = json::array();
  for (const auto* part : {&x.wrong, &x.right})
    for (const auto& each : *part)
      all.push_back(to_json(each));
  auto& gaps = result["gaps"] = json::array();
  for (const auto& [repository, window] : x.gaps)
    gaps.push_back(to_json(repository, window));
  result["never_reconciled"] = x.never;
  return result;
}

std::string note_of(const events::window_reconciled& x) {
  std::string text;
  for (std::size_t i = 0; i < x.missing.size() && i < max_missing; ++i)
    text += (i == 0 ? "missing: " : ", ") + x.missing[i];
  if (x.missing.size() > max_missing)
    text += " and " + human_count(x.missing.size() - max_missing)
            + " more, see --json";
  if (x.missing.empty() && x.counted != x.stored)
    text = "which are missing is not recorded";
  return text + (text.empty() || x.note.empty() ? "" : "; ") + x.note;
}

void print(const std::vector<line>& lines) {
  text_table table{"repository", "from", "to"};
  table.add_column("counted", align::right);
  table.add_column("stored", align::right);
  table.add_column("position", align::right);
  for (std::size_t i = 0; i < lines.size() && i < max_rows; ++i) {
    const auto& [repository, window, newest] = lines[i];
    table.add({repository, day_of(window.start), day_of(window.end),
               human_count(newest->event.counted),
               human_count(newest->event.stored), std::to_string(newest->at)});
    if (!newest->matches() || !newest->event.missing.empty())
      table.note(note_of(newest->event));
  }
  std::cout << table.str(0);
  if (lines.size() > max_rows)
    std::cout << "and " << human_count(lines.size() - max_rows)
              << " more, see --json\n";
}

void print(const listing& x) {
  const auto total = x.wrong.size() + x.right.size();
  if (total == 0)
    std::cout << "no window was reconciled\n";
  else if (x.wrong.empty())
    std::cout << "all " << counted(total, "window")
              << " match what their source counts\n";
  else
    std::cout << "DO NOT MATCH: " << human_count(x.wrong.size()) << " of "
              << counted(total, "window")
              << "; the source counts other pull requests than are stored\n";
  if (!x.wrong.empty()) {
    std::cout << '\n';
    print(x.wrong);
  }
  if (!x.gaps.empty()) {
    text_table gaps{"gap: nobody reconciled", "from", "to"};
    for (std::size_t i = 0; i < x.gaps.size() && i < max_rows; ++i)
      gaps.add({x.gaps[i].first, day_of(x.gaps[i].second.start),
                day_of(x.gaps[i].second.end)});
    std::cout << '\n' << gaps.str(0);
    if (x.gaps.size() > max_rows)
      std::cout << "and " << human_count(x.gaps.size() - max_rows)
                << " more, see --json\n";
  }
  if (!x.never.empty()) {
    std::string names;
    for (const auto& each : x.never)
      names += (names.empty() ? "" : ", ") + each;
    std::cout << '\n' << labelled("never reconciled: ", names, 0);
  }
  if (!x.right.empty()) {
    std::cout << '\n';
    print(x.right);
  }
}

} // namespace

command_result show_windows(const log_reader& log, const options& x) {
  const auto about = scope_of(log, x);
  if (!about)
    return about.error();
  const auto result = projections::read_windows(log, *about);
  if (!result)
    return result.error();
  const auto all = listing_of(*result);
  if (x.json)
    std::cout << projections::to_line(to_json(all)) << '\n';
  else
    print(all);
  return true;
}

} // namespace fc::replay
