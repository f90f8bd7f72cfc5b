#include "projections/reports/spend.hpp"

#include "projections/event_json.hpp"
#include "projections/replay.hpp"
#include "tools/replay/commands.hpp"
#include "tools/replay/reports/about.hpp"
#include "tools/replay/text.hpp"

#include <cmath>
#include <iostream>

namespace fc::replay {

namespace {

using projections::cost;
using projections::json;
using projections::spend_count;
using projections::spent_on;
using projections::spent_on_total;

json number(double x) {
  return std::isfinite(x) ? json(x) : json(nullptr);
}

json to_json(const cost& x) {
  return {{"steps", x.steps},
          {"calls", x.calls},
          {"wall_seconds", number(x.wall_seconds)},
          {"cpu_seconds", number(x.cpu_seconds)},
          {"bytes", x.bytes},
          {"tokens", x.tokens},
          {"cost_usd", number(x.usd)}};
}

/// `x` shared by `among` tasks; null for none.
json share_json(const cost& x, std::uint64_t among) {
  if (among == 0)
    return nullptr;
  const auto part = [&](double sum) {
    return number(sum / static_cast<double>(among));
  };
  return {{"calls", part(static_cast<double>(x.calls))},
          {"wall_seconds", part(x.wall_seconds)},
          {"cpu_seconds", part(x.cpu_seconds)},
          {"bytes", part(static_cast<double>(x.bytes))},
          {"tokens", part(static_cast<double>(x.tokens))},
          {"cost_usd", part(x.usd)}};
}

const cost& of(const spend_count& x, spent_on end) {
  return x.by_end[static_cast<std::size_t>(end)];
}

json to_json(const spend_count& x) {
  auto result = json::object();
  result["total"] = to_json(x.total);
  auto& stages = result["stages"] = json::object();
  for (const auto& stage : projections::stages_in_order(x.stages))
    stages[stage] = to_json(x.stages.at(stage));
  auto& ends = result["spent_on"] = json::object();
  for (std::size_t i = 0; i < spent_on_total; ++i) {
    const auto end = static_cast<spent_on>(i);
    auto one = to_json(of(x, end));
    if (end != spent_on::no_pull_request)
      one["pull_requests"] = x.pull_requests[i];
    ends[std::string{to_text(end)}] = std::move(one);
  }
  result["published"] = x.published();
  result["per_published_alone"]
    = share_json(of(x, spent_on::published), x.published());
  result["per_published"] = share_json(x.total, x.published());
  return result;
}

std::string money(double usd) {
  return usd == 0 ? "-" : human_number(usd);
}

std::string some(std::uint64_t x) {
  return x == 0 ? "-" : human_count(x);
}

void add_cost_columns(text_table& to) {
  for (const auto* title :
       {"steps", "time", "processor", "calls", "bytes", "tokens", "USD"})
    to.add_column(title, align::right);
}

std::vector<std::string>
cells_of(std::vector<std::string> first, const cost& x) {
  for (auto& cell :
       {some(x.steps), human_time(x.wall_seconds), human_time(x.cpu_seconds),
        some(x.calls), x.bytes == 0 ? std::string{"-"} : human_bytes(x.bytes),
        some(x.tokens), money(x.usd)})
    first.push_back(cell);
  return first;
}

/// `x` shared by `among` tasks, in words.
std::string share(const cost& x, std::uint64_t among) {
  const auto n = static_cast<double>(among);
  const auto whole = [&](std::uint64_t sum) {
    return static_cast<std::uint64_t>(
      std::llround(static_cast<double>(sum) / n));
  };
  std::string text = human_time(x.wall_seconds / n) + ", "
                     + human_time(x.cpu_seconds / n) + " of processor time";
  if (x.calls > 0)
    text += ", " + counted(whole(x.calls), "call");
  if (x.bytes > 0)
    text += ", " + human_bytes(whole(x.bytes));
  if (x.tokens > 0)
    text += ", " + counted(whole(x.tokens), "token");
  if (x.usd != 0)
    text += ", " + human_number(x.usd / n) + " USD";
  return text;
}

void print_tasks(const spend_count& x) {
  if (x.published() == 0) {
    std::cout << "nothing is published: what a published task costs cannot be "
                 "said\n";
    return;
  }
  std::cout << wrapped(
    "one published task, of " + human_count(x.published()) + ":", 0)
            << labelled("its own steps      ",
                        share(of(x, spent_on::published), x.published()), 2)
            << labelled("failures included  ", share(x.total, x.published()), 2)
            << wrapped("failures included = everything that was spent (on "
                       "published, rejected, failed and open pull requests, "
                       "and on none) / published tasks",
                       2);
}

void print(const projections::spend& x) {
  const auto total = x.total();
  text_table stages{"stage"};
  add_cost_columns(stages);
  for (const auto& stage : projections::stages_in_order(total.stages))
    stages.add(cells_of({stage}, total.stages.at(stage)));
  stages.add(cells_of({"total"}, total.total));
  text_table ends{"spent on"};
  ends.add_column("PRs", align::right);
  add_cost_columns(ends);
  for (std::size_t i = 0; i < spent_on_total; ++i) {
    const auto end = static_cast<spent_on>(i);
    ends.add(cells_of({std::string{to_text(end)}, some(total.pull_requests[i])},
                      total.by_end[i]));
  }
  text_table repositories{"repository"};
  repositories.add_column("published", align::right);
  add_cost_columns(repositories);
  for (const auto& [repository, count] : x.repositories())
    repositories.add(cells_of(
      {repository.empty() ? "(none)" : repository, some(count.published())},
      count.total));
  std::cout << stages.str(0) << '\n' << ends.str(0) << '\n';
  if (!repositories.empty())
    std::cout << repositories.str(0) << '\n';
  print_tasks(total);
}

} // namespace

command_result show_spend(const log_reader& log, const options& x) {
  const auto about = scope_of(log, x);
  if (!about)
    return about.error();
  projections::spend result;
  result.about = *about;
  if (auto err = projections::replay(log, result))
    return err;
  if (!x.json) {
    print(result);
    return true;
  }
  auto all = to_json(result.total());
  auto& repositories = all["repositories"] = json::object();
  for (const auto& [repository, count] : result.repositories())
    repositories[repository] = to_json(count);
  std::cout << projections::to_line(all) << '\n';
  return true;
}

} // namespace fc::replay
