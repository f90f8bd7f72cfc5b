#include "projections/reports/moves.hpp"

#include "projections/tables/pull_requests.hpp"

#include <algorithm>
#include <map>

namespace fc::projections {

namespace {

/// Why an event says what it says, where it has words of its own.
template <events::event E>
std::string words_of(const E& x) {
  if constexpr (requires { x.explanation; })
    return x.explanation;
  else if constexpr (requires { x.note; })
    return x.note;
  else
    return {};
}

class movements {
public:
  movements(const events::log::log_reader& log, const scope& about)
    : views_{log}, about_{about} {}

  events::error see(const events::record& at) {
    if (!at.stream.starts_with("pr/"))
      return {};
    auto view = views_.before(at);
    if (!view)
      return view.error();
    auto& now = **view;
    const auto& id = now.pull_request->id;
    if (!about_.holds(id.repo))
      return events::visit(at, [&](const auto& x) { now.apply(at, x); });
    auto& entry = entry_of(now);
    return events::visit(at, [&](const auto& x) {
      now.apply(at, x);
      const auto& state = now.pull_request->state;
      const auto to = index_of(standing_of(state));
      if (to == entry.to)
        return;
      entry.to = to;
      entry.at = at.at;
      entry.tag = at.tag;
      entry.policy = at.policy;
      entry.explanation = state.explanation();
      if (entry.explanation.empty())
        entry.explanation = words_of(x);
    });
  }

  move_report report() {
    move_report result;
    for (auto& [id, x] : entries_)
      if (x.from != x.to)
        result.moves.push_back(std::move(x));
    result.standings.resize(indices_.size());
    for (const auto& [x, index] : indices_)
      result.standings[index] = x;
    return result;
  }

private:
  /// The entry of a pull request, made of where it stood before.
  pull_request_move& entry_of(const stream_view& before) {
    const auto& id = before.pull_request->id;
    const auto [found, is_new] = entries_.try_emplace(id);
    if (is_new) {
      found->second.id = id;
      found->second.from = found->second.to = index_of(
        before.seq == 0 ? standing{} : standing_of(before.pull_request->state));
    }
    return found->second;
  }

  std::size_t index_of(const standing& x) {
    return indices_.try_emplace(x, indices_.size()).first->second;
  }

  stream_views views_;
  scope about_;
  std::map<events::pull_request_id, pull_request_move> entries_;
  std::map<standing, std::size_t> indices_;
};

} // namespace

standing standing_of(const events::pull_request_state& x) {
  standing result{true, x.ends(), {}, x.rule()};
  const auto next = x.next();
  result.stage = next ? std::string{to_string(*next)} : stage_reached(x);
  return result;
}

events::expected<move_report>
moves_since(const events::log::log_reader& log, events::position from,
            const scope& about) {
  movements all{log, about};
  if (auto err = for_each_record(
        log, from + 1, [] { return true; },
        [&](const events::record& at) { return all.see(at); }))
    return err;
  return all.report();
}

} // namespace fc::projections
