#include "actors/verify/trial.hpp"

#include "events/policy/gate.hpp"
#include "events/policy/speedup/reach.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

namespace fc::actors {

namespace {

using events::benchmark_trial;
using events::ec;
using events::error;
using events::expected;
using events::policy::speedup::is_reached;
using events::policy::speedup::reach;
using events::policy::speedup::reach_from;
using events::policy::speedup::reach_of;

constexpr std::size_t max_functions = 20;

void append_report(std::string& report, std::string_view phase,
                   std::string_view side, std::uint32_t pair,
                   const std::string& raw) {
  if (raw.empty())
    return;
  report += R"({"phase":")" + std::string{phase} + R"(","side":")"
            + std::string{side} + R"(","pair":)" + std::to_string(pair)
            + R"(,"answer":)" + raw + "}\n";
}

/// What went wrong, without where: the report keeps the whole text.
std::string first_line(const std::string& error) {
  return error.substr(0, error.find('\n'));
}

/// What went wrong on either side, in one line.
std::string join_errors(const survey_entry* base, const survey_entry* head) {
  const auto of = [](const survey_entry* side) {
    return side == nullptr || side->status == "ok" ? std::string{}
                                                   : first_line(side->error);
  };
  const auto b = of(base);
  const auto h = of(head);
  if (b == h)
    return b;
  if (b.empty() || h.empty())
    return b.empty() ? "patched: " + h : "base: " + b;
  return "base: " + b + "; patched: " + h;
}

/// @param seconds What the survey of one side took.
double promise_of(const benchmark_trial& x, double seconds) {
  constexpr double start = 1; // Of a process, with the package's import.
  if (!(x.base_loop > 0 && x.head_loop > 0))
    return 0;
  return std::log(x.base_loop / x.head_loop) / (start + seconds);
}

/// Joins what both sides say of one benchmark.
benchmark_trial join(const survey_entry* base, const survey_entry* head) {
  const auto& any = head != nullptr ? *head : *base;
  benchmark_trial x;
  x.name = any.label;
  x.status = any.status;
  x.error = join_errors(base, head);
  if (base != nullptr && x.status == "ok")
    x.status = base->status;
  x.base_status = base != nullptr ? base->status : "absent";
  x.head_status = head != nullptr ? head->status : "absent";
  if (base == nullptr || head == nullptr) {
    x.status = "error";
    x.error = "listed on one side only";
  }
  x.reach = "none";
  for (const auto* side : {base, head}) {
    if (side == nullptr)
      continue;
    if (reach_from(side->reach) < reach_of(x))
      x.reach = side->reach;
    for (const auto& each : side->executed)
      if (std::ranges::find(x.executed, each) == x.executed.end()
          && x.executed.size() < max_functions)
        x.executed.push_back(each);
  }
  if (base != nullptr) {
    x.base_single = base->single;
    x.base_loop = base->loop;
    x.base_worn = base->worn;
  }
  if (head != nullptr) {
    x.head_single = head->single;
    x.head_loop = head->loop;
    x.head_worn = head->worn;
  }
  return x;
}

} // namespace

trial::trial(bench_harness& harness, trial_subject subject,
             const events::policy::policy& policy, seconds_clock now)
  : harness_(harness), subject_(std::move(subject)), policy_(policy),
    now_(std::move(now)) {}

void trial::add(const survey_entry* base, const survey_entry* head) {
  const auto& any = head != nullptr ? *head : *base;
  auto x = join(base, head);
  const auto& kinds = policy_.trial.kinds;
  if (std::ranges::find(kinds, any.kind) == kinds.end())
    x.left_out = "the policy does not time " + any.kind + " benchmarks";
  auto base_number = base != nullptr ? base->number : 1;
  auto head_number = head != nullptr ? head->number : 1;
  // A side that does not reach the change was not calibrated.
  if (x.base_loop <= 0)
    base_number = head_number;
  if (x.head_loop <= 0)
    head_number = base_number;
  keys_.push_back({any.key, base_number, head_number,
                   promise_of(x, any.seconds), any.timeout, any.has_cache});
  evidence_.benchmarks.push_back(std::move(x));
}

void trial::merge(const survey_report& base, const survey_report& head) {
  std::map<bench_key, const survey_entry*> on_head;
  for (const auto& each : head.entries)
    on_head.emplace(each.key, &each);
  std::set<bench_key> seen;
  for (const auto& each : base.entries) {
    if (!seen.insert(each.key).second) {
      // Nothing tells them apart, so nothing says which one was timed.
      add(&each, &each);
      auto& x = evidence_.benchmarks.back();
      x.status = x.base_status = x.head_status = "error";
      x.error = "several parameters have the same text";
      continue;
    }
    const auto found = on_head.find(each.key);
    add(&each, found == on_head.end() ? nullptr : found->second);
    if (found != on_head.end())
      on_head.erase(found);
  }
  for (const auto& each : head.entries)
    if (on_head.contains(each.key))
      add(nullptr, &each);
}

void trial::count_suite(const survey_report& base, const survey_report& head) {
  auto& to = evidence_;
  std::set<std::string> failed_on_base;
  for (const auto& each : base.import_errors)
    failed_on_base.insert(each.module);
  std::uint32_t unseen = 0;
  for (const auto* report : {&base, &head}) {
    for (const auto& each : report->import_errors) {
      auto text = each.module + ": " + each.error;
      if (std::ranges::find(to.import_errors, text) == to.import_errors.end())
        to.import_errors.push_back(std::move(text));
      if (report == &head && failed_on_base.erase(each.module) > 0)
        ++unseen;
    }
    for (const auto& each : report->ignored)
      if (std::ranges::find(to.ignored, each) == to.ignored.end())
        to.ignored.push_back(each);
    to.survey_cut = to.survey_cut || !report->complete;
  }
  to.modules = std::max({base.modules, head.modules, unseen});
  to.modules_seen = to.modules - unseen;
  const auto has_run = [](const benchmark_trial& x) {
    return x.base_status == "ok" || x.head_status == "ok";
  };
  const auto count = [&](auto&& which) {
    return static_cast<std::uint32_t>(
      std::ranges::count_if(to.benchmarks, which));
  };
  to.listed = static_cast<std::uint32_t>(to.benchmarks.size());
  to.impacted = count(is_reached);
  to.ran = count(has_run);
}

error trial::survey(const change_targets& what) {
  std::array<survey_report, 2> reports;
  // If time runs out, the patched side was asked for what base reached.
  std::vector<bench_key> first;
  for (std::size_t i = 0; i < reports.size(); ++i) {
    auto report = harness_.survey(subject_.sides[i], what,
                                  subject_.changed_extensions, first);
    if (!report)
      return report.error();
    append_report(report_, "survey", subject_.sides[i].name, 0, report->raw);
    cpu_seconds_ += report->cpu_seconds;
    for (const auto& each : report->entries)
      if (reach_from(each.reach) != reach::none)
        first.push_back(each.key);
    reports[i] = std::move(*report);
  }
  merge(reports[0], reports[1]);
  count_suite(reports[0], reports[1]);
  return {};
}

error trial::prepare(const std::vector<std::size_t>& which) {
  std::vector<bench_key> keys;
  double seconds = 0;
  for (const auto i : which) {
    if (!keys_[i].has_cache)
      continue;
    keys.push_back(keys_[i].key);
    seconds += std::max(keys_[i].timeout, policy_.trial.benchmark_timeout_s);
  }
  if (keys.empty())
    return {};
  for (const auto& side : subject_.sides) {
    auto made = harness_.prepare(side, keys, seconds);
    if (!made) {
      // Its benchmarks will fail, and say so; a stop ends all.
      const auto code = events::code_of(made.error());
      if (code == ec::cancelled || code == ec::unavailable)
        return made.error();
      made = preparation{{events::describe(made.error())}, {}, 0};
    }
    cpu_seconds_ += made->cpu_seconds;
    append_report(report_, "prepare", side.name, 0, made->raw);
    for (const auto& each : made->errors)
      for (const auto i : which)
        if (auto& x = evidence_.benchmarks[i];
            x.error.empty()
            && (each.starts_with(keys_[i].key.name + ": ")
                || made->raw.empty()))
          x.error = side.name + ": " + first_line(each);
  }
  return {};
}

std::vector<std::size_t> trial::screening_order() const {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < evidence_.benchmarks.size(); ++i) {
    const auto& x = evidence_.benchmarks[i];
    if (is_reached(x) && x.status == "ok" && x.left_out.empty())
      order.push_back(i);
  }
  std::ranges::stable_sort(order, [this](std::size_t a, std::size_t b) {
    // Benchmarks that surely run changed code come first, those that cannot be
    // known last.
    const auto group = [this](std::size_t i) {
      return std::max(reach_of(evidence_.benchmarks[i]), reach::extension);
    };
    return group(a) != group(b) ? group(a) < group(b)
                                : keys_[a].promise > keys_[b].promise;
  });
  // Three that promise most, then one of the slower ones: a budget that runs
  // out must not hide a slowdown, and heavy ones must not use it up.
  std::vector<std::size_t> mixed;
  for (std::size_t front = 0, back = order.size(); front < back;) {
    for (int i = 0; i < 3 && front < back; ++i)
      mixed.push_back(order[front++]);
    if (front < back)
      mixed.push_back(order[--back]);
  }
  return mixed;
}

expected<timing> trial::time_one(std::size_t which, const bench_side& side,
                                 std::string_view phase, std::uint32_t pair,
                                 std::uint32_t seed) {
  const auto& key = keys_[which];
  const auto number = side.name == "head" ? key.head_number : key.base_number;
  auto result = harness_.time(side, key.key, number, key.timeout, seed);
  if (!result)
    return result;
  cpu_seconds_ += result->cpu_seconds;
  append_report(report_, phase, side.name, pair, result->raw);
  auto& x = evidence_.benchmarks[which];
  if (&side != &twin()) {
    auto& clock = side.name == "head" ? x.head_clock : x.base_clock;
    clock.claimed += result->clock.claimed;
    clock.cpu += result->clock.cpu;
    clock.wall += result->clock.wall;
    clock.resolution += result->clock.resolution;
  }
  if (!result->error.empty() && x.error.empty())
    x.error = side.name + ": " + result->error;
  return result;
}

error trial::time_pairs(std::size_t which, const bench_side& partner,
                        std::uint32_t pairs, std::string_view phase) {
  for (std::uint32_t pair = 0; pair < pairs; ++pair) {
    const bool base_first = pair % 2 == 0;
    const auto seed = ++pairs_;
    auto first
      = time_one(which, base_first ? base() : partner, phase, pair, seed);
    if (!first)
      return first.error();
    auto second
      = time_one(which, base_first ? partner : base(), phase, pair, seed);
    if (!second)
      return second.error();
    const auto& b = base_first ? *first : *second;
    const auto& h = base_first ? *second : *first;
    auto& x = evidence_.benchmarks[which];
    if (phase == "aa") {
      x.aa_base.push_back(b.value);
      x.aa_twin.push_back(h.value);
      continue;
    }
    const bool screening = phase == "screen";
    (screening ? x.screen_base : x.confirm_base).push_back(b.value);
    (screening ? x.screen_head : x.confirm_head).push_back(h.value);
    x.first_base.push_back(b.first);
    x.first_head.push_back(h.first);
  }
  return {};
}

error trial::screen(const std::vector<std::size_t>& order) {
  const auto start = now_();
  for (const auto which : order) {
    if (now_() - start > policy_.trial.screen_budget_s) {
      evidence_.budget_spent = true;
      evidence_.benchmarks[which].left_out
        = "the time for screening was used up";
      continue;
    }
    if (auto err
        = time_pairs(which, head(), policy_.trial.screen_pairs, "screen"))
      return err;
  }
  return {};
}

error trial::confirm() {
  const auto start = now_();
  const auto& plan = policy_.trial;
  for (const auto which : events::policy::screen(
         evidence_.benchmarks, policy_.gate, plan.max_candidates)) {
    if (now_() - start > plan.confirm_budget_s) {
      evidence_.budget_spent = true;
      evidence_.benchmarks[which].left_out
        = "the time for confirmation was used up";
      continue;
    }
    if (auto err = time_pairs(which, head(), plan.confirm_pairs, "confirm"))
      return err;
    if (auto err = time_pairs(which, twin(), plan.aa_pairs, "aa"))
      return err;
  }
  return {};
}

expected<events::trialled> trial::run() {
  auto what = harness_.targets(subject_.base_source, subject_.head_source,
                               subject_.changed_files, base());
  if (!what)
    return what.error();
  evidence_.changed_functions = what->functions;
  if (what->nothing && subject_.changed_extensions.empty())
    return std::move(evidence_); // Nothing that a benchmark could reach.
  if (auto err = survey(*what))
    return err;
  const auto wanted = screening_order();
  if (auto err = prepare(wanted))
    return err;
  if (auto err = screen(wanted))
    return err;
  if (auto err = confirm())
    return err;
  return std::move(evidence_);
}

} // namespace fc::actors
