#include "projections/reports/failures.hpp"

#include "projections/event_json.hpp"
#include "projections/replay.hpp"
#include "tools/replay/commands.hpp"
#include "tools/replay/reports/about.hpp"
#include "tools/replay/text.hpp"

#include <algorithm>
#include <iostream>

namespace fc::replay {

namespace {

using projections::failure_group;
using projections::json;
using counts = std::map<std::string, std::uint64_t>;

constexpr std::size_t max_groups = 30;
constexpr std::size_t max_message = 400;
constexpr std::size_t max_names = 8;

json to_json(const failure_group::occurrence& x) {
  return {{"position", x.at},
          {"recorded_at", events::to_iso8601(x.when)},
          {"pull_request", x.id.str()}};
}

json to_json(const failure_group& x) {
  auto one = json::object();
  one["fingerprint"] = x.fingerprint.hex();
  one["count"] = x.count;
  one["given_up"] = x.given_up;
  one["pull_requests"] = x.pull_requests.size();
  one["stages"] = x.stages;
  one["causes"] = x.causes;
  one["repositories"] = x.repositories;
  one["first"] = to_json(x.first);
  one["last"] = to_json(x.last);
  one["message"] = x.message;
  return one;
}

/// "resolve_packages", or "resolve_packages 3, publish 1", most frequent first.
std::string listed(const counts& x) {
  std::vector<std::pair<std::string, std::uint64_t>> all{x.begin(), x.end()};
  std::ranges::stable_sort(
    all, [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string text;
  for (std::size_t i = 0; i < all.size() && i < max_names; ++i) {
    text += (i == 0 ? "" : ", ") + all[i].first;
    if (all.size() > 1)
      text += " " + human_count(all[i].second);
  }
  if (all.size() > max_names)
    text += " and " + human_count(all.size() - max_names) + " more";
  return text;
}

void print(const failure_group& x) {
  std::cout << wrapped(human_count(x.count) + " times, "
                         + counted(x.pull_requests.size(), "pull request")
                         + ", " + human_count(x.given_up)
                         + " given up; fingerprint "
                         + short_digest(x.fingerprint),
                       0);
  std::cout << labelled("stage    ",
                        listed(x.stages) + " (" + listed(x.causes) + ")", 4)
            << labelled("where    ", listed(x.repositories), 4)
            << labelled("first    ",
                        human_time_of(x.first.when) + ", position "
                          + std::to_string(x.first.at) + ", "
                          + x.first.id.str(),
                        4);
  if (x.last.at != x.first.at)
    std::cout << labelled("last     ",
                          human_time_of(x.last.when) + ", position "
                            + std::to_string(x.last.at) + ", "
                            + x.last.id.str(),
                          4);
  std::cout << labelled(
    "message  ",
    x.message.empty() ? "(none)" : shortened(x.message, max_message), 4);
}

void print(const std::vector<const failure_group*>& groups) {
  std::uint64_t count = 0;
  std::uint64_t given_up = 0;
  for (const auto* each : groups) {
    count += each->count;
    given_up += each->given_up;
  }
  std::cout << counted(count, "failure") << " of "
            << counted(groups.size(), "kind") << ", "
            << counted(given_up, "pull request") << " given up\n";
  for (std::size_t i = 0; i < groups.size() && i < max_groups; ++i) {
    std::cout << '\n';
    print(*groups[i]);
  }
  if (groups.size() > max_groups)
    std::cout << "\nand " << human_count(groups.size() - max_groups)
              << " more kinds, none more frequent; see --json\n";
}

} // namespace

command_result show_failures(const log_reader& log, const options& x) {
  const auto about = scope_of(log, x);
  if (!about)
    return about.error();
  projections::failures result;
  result.about = *about;
  if (auto err = projections::replay(log, result))
    return err;
  const auto groups = result.groups();
  if (!x.json) {
    print(groups);
    return true;
  }
  auto all = json::array();
  for (const auto* each : groups)
    all.push_back(to_json(*each));
  std::cout << projections::to_line(all) << '\n';
  return true;
}

} // namespace fc::replay
