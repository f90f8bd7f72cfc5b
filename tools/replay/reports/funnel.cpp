#include "projections/funnel.hpp"

#include "projections/event_json.hpp"
#include "projections/replay.hpp"
#include "tools/replay/commands.hpp"
#include "tools/replay/reports/about.hpp"
#include "tools/replay/text.hpp"

#include <iostream>

namespace fc::replay {

namespace {

using projections::funnel_count;
using projections::json;

std::string name_of(std::size_t column) {
  return std::string{events::funnel_columns[column].label.name};
}

json to_json(const funnel_count& x) {
  auto result = json::object();
  auto& survived = result["survived"] = json::object();
  for (std::size_t i = 0; i < x.survived.size(); ++i)
    survived[name_of(i)] = x.survived[i];
  auto& stopped = result["stopped"] = json::object();
  for (const auto& [at, rules] : x.reasons)
    for (const auto& [rule, count] : rules)
      stopped[name_of(at)][rule] = count;
  auto& open = result["open"] = json::object();
  for (const auto& [at, count] : x.open)
    open[name_of(at)] = count;
  return result;
}

json to_json(const projections::funnel& x) {
  auto groups = json::array();
  for (const auto& [group, count] : x.groups()) {
    auto each = json::object();
    each["repository"] = group.repository;
    each["month"] = group.month;
    each.update(to_json(count));
    groups.push_back(std::move(each));
  }
  auto result = json::object();
  result["total"] = to_json(x.total());
  result["groups"] = std::move(groups);
  return result;
}

std::vector<std::string>
cells(std::string repository, std::string month, const funnel_count& x) {
  std::vector<std::string> result{std::move(repository), std::move(month)};
  for (const auto count : x.survived)
    result.push_back(std::to_string(count));
  return result;
}

void print(const projections::funnel& x) {
  text_table counts{"repository", "month"};
  for (std::size_t i = 0; i < events::funnel_column_total; ++i)
    counts.add_column(name_of(i), align::right);
  for (const auto& [group, count] : x.groups())
    counts.add(cells(group.repository, group.month, count));
  const auto total = x.total();
  counts.add(cells("total", "", total));
  std::cout << counts.str(0);

  text_table reasons{"stopped at", "rule"};
  reasons.add_column("pull requests", align::right);
  for (const auto& [at, rules] : total.reasons)
    for (const auto& [rule, count] : rules)
      reasons.add({name_of(at), rule, std::to_string(count)});
  for (const auto& [at, count] : total.open)
    reasons.add({name_of(at), "(still open)", std::to_string(count)});
  if (!reasons.empty())
    std::cout << '\n' << reasons.str(0);
}

} // namespace

command_result show_funnel(const log_reader& log, const options& x) {
  const auto about = scope_of(log, x);
  if (!about)
    return about.error();
  projections::funnel result;
  result.about = *about;
  if (auto err = projections::replay(log, result))
    return err;
  if (x.json)
    std::cout << projections::to_line(to_json(result)) << '\n';
  else
    print(result);
  return true;
}

} // namespace fc::replay
