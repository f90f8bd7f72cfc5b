#include "projections/registry.hpp"

#include "projections/run_progress.hpp"
#include "projections/tables/candidates.hpp"
#include "projections/tables/measurements.hpp"
#include "projections/tables/packages.hpp"
#include "projections/tables/pr_events.hpp"
#include "projections/tables/pull_requests.hpp"
#include "projections/tables/repositories.hpp"
#include "projections/tables/runners.hpp"

#include <algorithm>

namespace fc::projections {

namespace {

/// One line a projection.
using registered
  = events::list<benchmark_codes, benchmark_information, candidate_containers,
                 candidate_prs, error_logs, harbor_runs, packages, pr_events,
                 pull_requests, releases, repositories, runner_failures,
                 runner_progress, trial_benchmarks, windows>;

template <projection... Ps>
std::vector<table_projection> described_by(events::list<Ps...>) {
  std::vector<table_projection> all{{Ps::name, Ps::version, &Ps::rows}...};
  std::ranges::sort(all, {}, &table_projection::name);
  return all;
}

template <projection... Ps>
std::tuple<Ps...> all_of(events::list<Ps...>, const table_output& to) {
  return {Ps{to}...};
}

} // namespace

const std::vector<table_projection>& registry() {
  static const auto all = described_by(registered{});
  return all;
}

struct replay_memory::state {
  state(const events::log::log_reader& from, const checkpoint& x)
    : log{&from}, views{from}, runs{from, x.at + 1}, last{x} {}

  const events::log::log_reader* log;
  stream_views views;
  run_progress_views runs;
  checkpoint last;
};

replay_memory::replay_memory() = default;

replay_memory::~replay_memory() = default;

struct table_replay::state {
  state(const events::log::log_reader& from, row_sink& out, replay_memory* x)
    : log{from}, to{out}, memory{x != nullptr ? *x : own}, tables{all_of(
                                                             registered{},
                                                             {out, from})} {}

  /// Forgets what leads elsewhere than to `before`.
  events::error begin(const checkpoint& before) {
    auto& known = memory.state_;
    if (known && known->log == &log && known->last == before)
      return {};
    known = std::make_unique<replay_memory::state>(log, before);
    return before.at == 0 ? known->views.measure() : events::error{};
  }

  events::error apply(const events::record& at) {
    auto& [from, views, runs, last] = *memory.state_;
    auto view = views.before(at);
    if (!view)
      return view.error();
    if (auto err = runs.before(at, **view))
      return err;
    // Tables of events need nothing of the stream that this event changes: they
    // come first, and the stream may keep the event without copying it.
    if (auto err = events::visit(at, [&]<class E>(E&& x) {
          const auto now = context_of(at, **view);
          std::apply([&](auto&... each) { (fold(each, now, x), ...); }, tables);
          (*view)->apply(at, std::forward<E>(x));
        }))
      return err;
    runs.after(at, **view);
    last = {at.at, at.chain};
    if (!(*view)->tracked())
      return {};
    auto ends = views.is_last(at);
    if (!ends)
      return ends.error();
    if (*ends)
      std::apply([&](auto&... each) { (fold_end(each, **view), ...); }, tables);
    return {};
  }

  void put_runs() {
    memory.state_->runs.take_changed([&](const run_status& x) {
      std::apply([&](auto&... each) { (fold_run(each, x), ...); }, tables);
    });
  }

  const events::log::log_reader& log;
  row_sink& to;
  replay_memory own;
  replay_memory& memory;
  decltype(all_of(registered{}, std::declval<table_output>())) tables;
};

table_replay::table_replay(const events::log::log_reader& log, row_sink& out,
                           replay_memory* memory)
  : state_{std::make_unique<state>(log, out, memory)} {}

table_replay::~table_replay() = default;

events::expected<checkpoint>
table_replay::advance(const checkpoint& before, std::uint64_t max,
                      events::timestamp* newest) {
  if (auto err = state_->begin(before))
    return err;
  const auto each = [&](const events::record& at) {
    if (newest != nullptr)
      *newest = at.recorded_at;
    return state_->apply(at);
  };
  if (auto err = for_each_record(
        state_->log, before.at + 1, max, [&] { return state_->to.healthy(); },
        each)) {
    // Some of it is taken, and no row of it will stay.
    state_->memory.state_.reset();
    return err;
  }
  state_->put_runs();
  return state_->memory.state_->last;
}

events::expected<checkpoint>
project(const events::log::log_reader& log, const checkpoint& before,
        table_store& into, replay_memory* memory) {
  auto up_to = table_replay{log, into, memory}.advance(before);
  if (!up_to)
    return up_to;
  if (auto err = into.commit(*up_to))
    return err;
  return up_to;
}

events::expected<bool>
continues(const events::log::log_reader& log, const checkpoint& x) {
  if (x.at == 0)
    return true;
  if (x.at > log.last())
    return false;
  bool same = false;
  const auto compare = [&](const events::record& at) {
    same = at.at == x.at && at.chain == x.head;
    return false;
  };
  if (auto err = log.scan(x.at, compare))
    return err;
  return same;
}

} // namespace fc::projections
