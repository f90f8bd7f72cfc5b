#include "projections/event_json.hpp"
#include "projections/reports/moves.hpp"
#include "projections/tables/pull_requests.hpp"
#include "tools/replay/commands.hpp"
#include "tools/replay/points.hpp"
#include "tools/replay/reports/about.hpp"
#include "tools/replay/text.hpp"

#include <algorithm>
#include <iostream>

namespace fc::replay {

namespace {

using projections::json;
using projections::move_report;
using projections::pull_request_move;
using projections::standing;

constexpr std::size_t max_moves = 50;

/// The two positions of a difference.
struct span {
  events::position from = 0;
  events::position to = 0;
};

/// How many moved from one standing to another.
struct pair_count {
  std::size_t from = 0;
  std::size_t to = 0;
  std::uint64_t count = 0;
};

std::string name_of(const standing& x) {
  if (!x.known)
    return "not there";
  switch (x.ends) {
  case events::outcome::published:
    return "published";
  case events::outcome::rejected:
    return "rejected at " + x.stage + " (" + x.rule + ")";
  case events::outcome::failed:
    return "failed at " + x.stage + " (" + x.rule + ")";
  case events::outcome::open:
    break;
  }
  return "open before " + x.stage;
}

/// Most frequent first.
std::vector<pair_count> counts_of(const move_report& x) {
  std::map<std::pair<std::size_t, std::size_t>, std::uint64_t> counts;
  for (const auto& each : x.moves)
    ++counts[{each.from, each.to}];
  std::vector<pair_count> result;
  for (const auto& [pair, count] : counts)
    result.push_back({pair.first, pair.second, count});
  std::ranges::stable_sort(
    result, [](const auto& a, const auto& b) { return a.count > b.count; });
  return result;
}

json to_json(const standing& x) {
  if (!x.known)
    return nullptr;
  return {{"outcome", projections::to_text(x.ends)},
          {"stage", x.stage},
          {"rule", x.rule}};
}

json to_json(const move_report& all, const pull_request_move& x) {
  auto one = json::object();
  one["pull_request"] = x.id.str();
  one["from"] = to_json(all.standings[x.from]);
  one["to"] = to_json(all.standings[x.to]);
  one["position"] = x.at;
  one["event"] = std::string{events::name_of(x.tag)};
  one["policy"] = x.policy ? json(x.policy.hex()) : json(nullptr);
  one["explanation"] = x.explanation;
  return one;
}

/// One document, written move by move: a quarter of a million are too many to
/// hold as JSON.
void print_json(const span& between, const move_report& x) {
  auto counts = json::array();
  for (const auto& each : counts_of(x))
    counts.push_back({{"from", to_json(x.standings[each.from])},
                      {"to", to_json(x.standings[each.to])},
                      {"pull_requests", each.count}});
  std::cout << "{\"from\":" << between.from << ",\"to\":" << between.to
            << ",\"counts\":" << projections::to_line(counts) << ",\"moves\":[";
  const char* comma = "";
  for (const auto& each : x.moves) {
    std::cout << comma << projections::to_line(to_json(x, each));
    comma = ",";
  }
  std::cout << "]}\n";
}

void print(const span& between, const move_report& x) {
  std::cout << counted(x.moves.size(), "pull request")
            << " moved between position " << between.from << " and "
            << between.to << '\n';
  if (x.moves.empty())
    return;
  std::cout << '\n';
  for (const auto& each : counts_of(x)) {
    auto count = human_count(each.count);
    count.insert(0, count.size() < 9 ? 9 - count.size() : 0, ' ');
    std::cout << labelled(count + "  ",
                          name_of(x.standings[each.from]) + " -> "
                            + name_of(x.standings[each.to]),
                          0);
  }
  std::cout << '\n';
  for (std::size_t i = 0; i < x.moves.size() && i < max_moves; ++i) {
    const auto& each = x.moves[i];
    std::cout
      << wrapped(each.id.str() + ": " + name_of(x.standings[each.from]) + " -> "
                   + name_of(x.standings[each.to]),
                 0)
      << wrapped(
           "position " + std::to_string(each.at) + ", "
             + std::string{events::name_of(each.tag)}
             + (each.policy ? ", policy " + short_digest(each.policy) : "")
             + (each.explanation.empty() ? "" : ": " + each.explanation),
           4);
  }
  if (x.moves.size() > max_moves)
    std::cout << "\nand " << human_count(x.moves.size() - max_moves)
              << " more, see --json\n";
}

/// Position 0, before everything, is a place to compare with.
events::expected<span> span_of(const log_reader& log, const options& x) {
  const auto from = events::log::position_of(log, x.diff.front());
  if (!from)
    return from.error();
  const auto to = events::log::position_of(log, x.diff.back());
  if (!to)
    return to.error();
  if (*to < *from)
    return events::make_error(events::ec::invalid_argument,
                              "--diff: position " + std::to_string(*to)
                                + " comes before " + std::to_string(*from)
                                + "; name the earlier one first");
  return span{*from, *to};
}

} // namespace

command_result show_diff(const log_reader& log, const options& x) {
  const auto between = span_of(log, x);
  if (!between)
    return between.error();
  const events::log::log_snapshot snapshot{log, between->to};
  const auto about = scope_of(snapshot, x);
  if (!about)
    return about.error();
  const auto moves = projections::moves_since(snapshot, between->from, *about);
  if (!moves)
    return moves.error();
  if (x.json)
    print_json(*between, *moves);
  else
    print(*between, *moves);
  return true;
}

} // namespace fc::replay
