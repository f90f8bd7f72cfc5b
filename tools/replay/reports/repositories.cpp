#include "projections/event_json.hpp"
#include "projections/replay.hpp"
#include "projections/reports/yields.hpp"
#include "tools/replay/commands.hpp"
#include "tools/replay/reports/about.hpp"
#include "tools/replay/text.hpp"

#include <algorithm>
#include <iostream>

namespace fc::replay {

namespace {

using projections::json;
using projections::yield;

constexpr std::size_t max_rows = 200;
constexpr std::size_t name_width = 34;

struct named_yield {
  std::string name;
  yield of;
};

/// Never measured first, then those with the most pull requests.
std::vector<named_yield> in_order(std::map<std::string, yield> all) {
  std::vector<named_yield> result;
  for (auto& [name, x] : all)
    result.push_back({name, std::move(x)});
  std::ranges::stable_sort(result, [](const auto& a, const auto& b) {
    return std::pair{a.of.never_measured(), a.of.stored}
           > std::pair{b.of.never_measured(), b.of.stored};
  });
  return result;
}

json to_json(const named_yield& x) {
  const auto& about = x.of.repository;
  json one{{"repository", x.name},
           {"windows", about.windows.size()},
           {"windows_that_do_not_match", x.of.mismatches()},
           {"stored", x.of.stored},
           {"passed", x.of.passed},
           {"judged", x.of.judged},
           {"tried", x.of.tried},
           {"attempts", x.of.attempts},
           {"built", x.of.built},
           {"measured", x.of.measured},
           {"published", x.of.published},
           {"failed", x.of.failed},
           {"open", x.of.open},
           {"never_measured", x.of.never_measured()}};
  one["excluded"] = about.excluded ? json{{"rule", about.excluded->rule},
                                          {"reason", about.excluded->reason}}
                                   : json{};
  one["renamed_to"]
    = about.renamed_to ? json(about.renamed_to->to.str()) : json{};
  one["renamed_from"]
    = about.renamed_from ? json(about.renamed_from->from.str()) : json{};
  return one;
}

/// What is to be known beside the numbers.
std::string note_of(const yield& x) {
  std::string text;
  const auto say = [&](const std::string& words) {
    text += (text.empty() ? "" : "; ") + words;
  };
  if (x.never_measured())
    say("NEVER MEASURED: " + counted(x.tried, "pull request") + " tried, "
        + counted(x.attempts, "build") + ", none measured");
  if (const auto wrong = x.mismatches())
    say(counted(wrong, "window") + " DO NOT MATCH, see --windows");
  const auto& about = x.repository;
  if (about.excluded)
    say(
      "excluded"
      + (about.excluded->rule.empty() ? "" : " (" + about.excluded->rule + ")")
      + ": " + about.excluded->reason);
  if (about.renamed_to)
    say("now called " + about.renamed_to->to.str());
  if (about.renamed_from)
    say("before called " + about.renamed_from->from.str()
        + ", which holds its older pull requests");
  return text;
}

void print(const std::vector<named_yield>& all) {
  const auto count = [&](auto test) {
    return static_cast<std::uint64_t>(std::ranges::count_if(all, test));
  };
  const auto out
    = count([](const auto& x) { return x.of.repository.excluded.has_value(); });
  const auto never = count([](const auto& x) { return x.of.never_measured(); });
  std::cout << (all.size() == 1 ? "1 repository"
                                : human_count(all.size()) + " repositories")
            << ", " << human_count(out) << " excluded, " << human_count(never)
            << " tried and never measured\n";
  if (all.empty())
    return;
  text_table table{"repository"};
  table.cut_first(name_width);
  for (const auto* title : {"windows", "stored", "passed", "judged", "built",
                            "measured", "published", "failed"})
    table.add_column(title, align::right);
  for (std::size_t i = 0; i < all.size() && i < max_rows; ++i) {
    const auto& x = all[i].of;
    table.add({all[i].name, human_count(x.repository.windows.size()),
               human_count(x.stored), human_count(x.passed),
               human_count(x.judged), human_count(x.built),
               human_count(x.measured), human_count(x.published),
               human_count(x.failed)});
    if (auto note = note_of(x); !note.empty())
      table.note(std::move(note));
  }
  std::cout << '\n' << table.str(0);
  if (all.size() > max_rows)
    std::cout << "and " << human_count(all.size() - max_rows)
              << " more, see --json\n";
}

} // namespace

command_result show_repositories(const log_reader& log, const options& x) {
  const auto about = scope_of(log, x);
  if (!about)
    return about.error();
  projections::yields result;
  result.about = *about;
  if (auto err = projections::replay(log, result))
    return err;
  const auto all = in_order(result.all());
  if (!x.json) {
    print(all);
    return true;
  }
  auto list = json::array();
  for (const auto& each : all)
    list.push_back(to_json(each));
  std::cout << projections::to_line(list) << '\n';
  return true;
}

} // namespace fc::replay
