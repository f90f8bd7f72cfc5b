#include "projections/registry.hpp"

#include "projections/replay.hpp"
#include "projections/tables/pr_events.hpp"
#include "projections/tables/pull_requests.hpp"
#include "projections/tables/repositories.hpp"
#include "projections/tables/trials.hpp"

#include <algorithm>

namespace fc::projections {

namespace {

/// One line a projection.
using registered
  = events::list<packages, pr_events, pull_requests, releases, repositories,
                 trial_benchmarks, trials, windows>;

template <projection... Ps>
std::vector<table_projection> described_by(events::list<Ps...>) {
  std::vector<table_projection> all{{Ps::name, Ps::version, &Ps::rows}...};
  std::ranges::sort(all, {}, &table_projection::name);
  return all;
}

/// All registered projections as one.
template <class List>
struct every;

template <projection... Ps>
struct every<events::list<Ps...>> {
  static constexpr std::string_view name = "every table";
  static constexpr int version = 1;
  using handles = events::all_events;

  template <events::event E>
  void apply(const moment& at, const E& x) {
    last = {at.at.at, at.at.chain};
    std::apply([&](auto&... each) { (fold(each, at, x), ...); }, parts);
  }

  std::tuple<Ps...> parts;
  checkpoint last;
};

} // namespace

const std::vector<table_projection>& registry() {
  static const auto all = described_by(registered{});
  return all;
}

events::expected<checkpoint>
replay_tables(const events::log::log_reader& log, const checkpoint& before,
              row_sink& out) {
  auto tables = [&]<class... Ps>(events::list<Ps...>) {
    return every<registered>{{Ps{out}...}, before};
  }(registered{});
  const auto go_on = [&] {
    return out.healthy();
  };
  if (auto err = replay_while(go_on, log, before.at + 1, tables))
    return err;
  return tables.last;
}

events::expected<checkpoint>
project(const events::log::log_reader& log, const checkpoint& before,
        table_store& into) {
  auto up_to = replay_tables(log, before, into);
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
