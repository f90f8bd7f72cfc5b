#include "tools/fc-data/preflight/preflight.hpp"

#include "events/common/shown.hpp"
#include "events/common/utf8.hpp"
#include "tools/shell/columns.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <unistd.h>

namespace fc::tools {

namespace {

constexpr std::size_t widest_page = 100;
constexpr std::array<std::string_view, 4> words{"OK", "FAIL", "note",
                                                "skipped"};

std::string_view word(check_state x) {
  return words[static_cast<std::size_t>(x)];
}

std::size_t width_of(std::string_view x) {
  return shell::columns_of(x);
}

/// As wide as the terminal that reads it, if one does.
std::size_t page_width() {
  return ::isatty(STDOUT_FILENO) == 1 ? std::min(
           widest_page, shell::size_of_terminal(STDOUT_FILENO).columns)
                                      : widest_page;
}

/// Lines of at most `width` columns, broken at spaces where there are any.
std::vector<std::string> lines_of(std::string_view text, std::size_t width) {
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    const auto space = std::min(text.find(' '), text.size());
    auto word = text.substr(0, space);
    text.remove_prefix(std::min(space + 1, text.size()));
    while (!word.empty()) {
      auto& line = lines.back();
      const auto used = width_of(line) + (line.empty() ? 0 : 1);
      if (used + width_of(word) <= width) {
        line += (line.empty() ? "" : " ") + std::string{word};
        break;
      }
      if (!line.empty()) {
        lines.emplace_back();
        continue;
      }
      const auto cut = std::max<std::size_t>(
        1, events::common::utf8_prefix(word, width).size());
      line = word.substr(0, cut);
      word.remove_prefix(cut);
      if (!word.empty())
        lines.emplace_back();
    }
  }
  return lines;
}

std::string padded(std::string_view x, std::size_t width) {
  std::string text{x};
  text.append(width - std::min(width, width_of(x)), ' ');
  return text;
}

void print_table(std::ostream& out, const std::vector<check>& all) {
  std::size_t name = 4;
  std::size_t cost = 0;
  for (const auto& each : all) {
    name = std::max(name, width_of(each.name));
    cost = std::max(cost, width_of(each.cost));
  }
  constexpr std::size_t state = 7;
  cost = cost == 0 ? 0 : std::clamp<std::size_t>(cost, 4, 22);
  constexpr std::size_t least = 20;
  const auto taken = name + state + cost + 6;
  const auto says = std::max(page_width(), taken + least) - taken;
  out << padded("name", name) << "  " << padded("state", state) << "  "
      << (cost == 0 ? "what it says" : padded("what it says", says) + "  cost")
      << '\n';
  for (const auto& each : all) {
    const auto text = lines_of(events::common::shown(each.says), says);
    const auto price = lines_of(each.cost, std::max<std::size_t>(cost, 1));
    for (std::size_t i = 0; i < std::max(text.size(), price.size()); ++i) {
      auto line = padded(i == 0 ? each.name : "", name) + "  "
                  + padded(i == 0 ? word(each.state) : "", state) + "  "
                  + padded(i < text.size() ? text[i] : "", says) + "  "
                  + (i < price.size() ? price[i] : "");
      line.erase(line.find_last_not_of(' ') + 1);
      out << line << '\n';
    }
  }
}

std::size_t failures(const std::vector<check>& all) {
  return static_cast<std::size_t>(std::ranges::count(
    all, check_state::failed, [](const check& x) { return x.state; }));
}

} // namespace

void print_checks(std::ostream& out, const std::vector<check>& all,
                  bool as_json) {
  const auto failed = failures(all);
  if (as_json) {
    auto list = nlohmann::json::array();
    for (const auto& each : all)
      list.push_back({{"name", each.name},
                      {"state", word(each.state)},
                      {"says", each.says},
                      {"cost", each.cost}});
    out << events::common::shown(
      nlohmann::json{{"ready", failed == 0}, {"checks", list}}.dump(
        -1, ' ', false, nlohmann::json::error_handler_t::replace))
        << '\n';
    return;
  }
  print_table(out, all);
  out << '\n'
      << (failed == 0 ? "ready"
                      : "NOT READY: " + std::to_string(failed)
                          + (failed == 1 ? " check" : " checks") + " failed")
      << '\n';
}

/// What somebody set and nothing reads. One that names a model keeps a run from
/// starting, unless it is said who judges.
std::vector<check> check_settings(const options& settings) {
  if (settings.ignored.empty())
    return {
      {"settings", check_state::ok, "every variable that is set is read", {}}};
  std::vector<check> all;
  for (const auto& each : settings.ignored) {
    const bool in_the_way = each.names_model && settings.names_no_judge;
    all.push_back(
      {"settings",
       in_the_way ? check_state::failed : check_state::noted,
       to_string(each) + (in_the_way ? "; a run does not start this way" : ""),
       {}});
  }
  return all;
}

std::vector<check> run_checks(const options& settings) {
  std::vector<check> all = check_settings(settings);
  for (const auto part : {check_machine, check_log, check_lists, check_github,
                          check_bigquery, check_the_judge, check_database})
    std::ranges::move(part(settings), std::back_inserter(all));
  return all;
}

exit_code preflight(std::ostream& out, const options& settings) {
  const auto all = run_checks(settings);
  print_checks(out, all, settings.json);
  return failures(all) == 0 ? exit_code::done : exit_code::could_not_run;
}

} // namespace fc::tools
