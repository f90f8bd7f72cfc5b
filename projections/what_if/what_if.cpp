#include "projections/what_if/what_if.hpp"

namespace fc::projections::what_if {

using namespace events;

namespace {

/// The stage whose evidence an event is, or nothing.
std::optional<stage> brought_by(std::uint16_t tag) {
  switch (tag) {
  case answered::tag:
    return stage::classify;
  case resolved::tag:
    return stage::resolve;
  case problem_rendered::tag:
    return stage::render;
  case synthesized::tag:
    return stage::synthesize;
  case trialled::tag:
    return stage::trial;
  case published::tag:
    return stage::publish;
  default:
    return std::nullopt;
  }
}

bool stands_behind(standing x) {
  return x != standing::not_reached && x != standing::open;
}

/// A sentence without the name of a benchmark before it.
std::string kind_of(const std::string& what) {
  const auto at = what.find(" is a candidate now");
  return at == std::string::npos ? what : "a benchmark" + what.substr(at);
}

class what_if_run {
public:
  what_if_run(const judge& by, const question& what,
              const std::function<void(const stream_name&)>& differs)
    : by_{by}, what_{what}, differs_{differs} {}

  error take(const stream_name& stream, const std::vector<record>& records) {
    recorded_stream x;
    for (const auto& at : records) {
      if (at.tag == spent::tag) {
        if (auto err = spend(at))
          return err;
        continue;
      }
      if (const auto at_stage = brought_by(at.tag))
        ++result_.costs[*at_stage].steps;
      if (at.tag == deferred::tag)
        continue; // says when, not what
      if (auto err = fold(x, at))
        return err;
    }
    const auto& facts = x.state.facts;
    if (what_.since && facts && facts->merged_at < *what_.since)
      return {};
    auto id = pull_request_of(stream);
    if (!id)
      return id.error();
    ++result_.pull_requests;
    const auto title = facts ? facts->title : std::string{};
    auto done = rejudge(std::move(x), by_);
    if (!done)
      return make_error(code_of(done.error()),
                        stream + ": " + describe(done.error()));
    if (!done->appends.empty()) {
      ++result_.superseded;
      if (differs_)
        differs_(stream);
    }
    count(*id, title, *done);
    return {};
  }

  report finish(const streams_read& read) {
    result_.read = read;
    for (auto& each : others_)
      if (result_.changes.size() < what_.max)
        result_.changes.push_back(std::move(each));
    for (std::size_t i = 0; i < gate_total; ++i) {
      double passed = 0;
      double reached = 0;
      for (std::size_t before = 0; before < standing_total; ++before) {
        if (!stands_behind(static_cast<standing>(before)))
          continue;
        for (const auto n : result_.gates[i][before]) {
          reached += static_cast<double>(n);
          if (static_cast<standing>(before) == standing::passed)
            passed += static_cast<double>(n);
        }
      }
      result_.pass_rates[i] = reached > 0 ? passed / reached : 0;
    }
    return std::move(result_);
  }

private:
  error spend(const record& at) {
    auto x = event_in<spent>(at);
    if (!x)
      return x.error();
    if (const auto at_stage = stage_from(x->stage)) {
      auto& cost = result_.costs[*at_stage];
      cost.calls += x->calls;
      cost.tokens += x->tokens;
      cost.usd += x->cost_usd;
      cost.seconds += x->wall_seconds;
    }
    return {};
  }

  void
  count(const pull_request_id& id, const std::string& title, rejudgement& x) {
    for (std::size_t i = 0; i < gate_total; ++i)
      ++result_.gates[i][static_cast<std::size_t>(x.before[i])]
                     [static_cast<std::size_t>(x.after[i])];
    const bool was_published = x.outcome_before == outcome::published;
    result_.withdrawn
      += was_published && x.outcome_after != outcome::published ? 1 : 0;
    constexpr auto last = static_cast<std::size_t>(gate::publish);
    result_.newly
      += x.after[last] == standing::open && x.before[last] != standing::open
           ? 1
           : 0;
    const auto moved = x.moved();
    if (!x.missing.empty())
      return lack(id, x);
    if (!moved)
      return;
    ++result_.changed;
    auto& to = x.outcome_before == x.outcome_after ? others_ : result_.changes;
    if (to.size() >= what_.max)
      return;
    const auto i = static_cast<std::size_t>(*moved);
    to.push_back({id, title, *moved, x.before[i], x.after[i], x.outcome_before,
                  x.outcome_after, std::move(x.rule_before),
                  std::move(x.why_before), std::move(x.rule_after),
                  std::move(x.why_after)});
  }

  void lack(const pull_request_id& id, const rejudgement& x) {
    ++result_.without;
    auto at = gate::symbolic;
    for (std::size_t i = 0; i < gate_total; ++i)
      if (x.after[i] == standing::missing)
        at = static_cast<gate>(i);
    ++result_.lacking[{at, kind_of(x.missing)}];
    if (x.work)
      ++result_.wanted[*x.work];
    else
      ++result_.diffs_wanted;
    if (result_.shortages.size() < what_.max)
      result_.shortages.push_back({id, at, x.missing});
  }

  const judge& by_;
  const question& what_;
  const std::function<void(const stream_name&)>& differs_;
  report result_;
  std::vector<change> others_; ///< That end as before.
};

error load_policies(const log::log_reader& log, replay_context& to) {
  auto records = log.read_stream(policy_stream);
  if (!records)
    return records.error();
  for (const auto& at : *records) {
    const auto adopted = event_in<policy_adopted>(at);
    if (!adopted)
      return adopted.error();
    const auto parsed = policy::parse_policy(adopted->text, adopted->path);
    if (parsed)
      to.plans[adopted->id] = parsed->trial;
    else
      to.unread.insert(adopted->id);
  }
  return {};
}

error load_repositories(const log::log_reader& log, replay_context& to) {
  constexpr std::size_t page = 1000;
  std::string after;
  while (true) {
    const auto names = log.streams("repo/", after, page);
    if (!names)
      return names.error();
    for (const auto& name : *names) {
      auto records = log.read_stream(name);
      if (!records)
        return records.error();
      for (const auto& at : *records) {
        if (at.tag != repository_seen::tag)
          continue;
        const auto seen = event_in<repository_seen>(at);
        if (!seen)
          return seen.error();
        if (seen->suite_config.empty())
          to.no_suite[seen->repo] = "no usable benchmark suite: " + seen->note;
        else
          to.no_suite.erase(seen->repo);
      }
    }
    if (names->size() < page)
      return {};
    after = names->back();
  }
}

} // namespace

expected<replay_context> load_context(const log::log_reader& log) {
  replay_context all;
  all.blob = [&log](const digest& id) {
    return log.blob_of(id);
  };
  if (auto err = load_policies(log, all))
    return err;
  if (auto err = load_repositories(log, all))
    return err;
  return all;
}

expected<report>
ask(const log::log_reader& log, const policy::policy& p, const question& what,
    const std::function<void(const stream_name&)>& differs) {
  const auto all = load_context(log);
  if (!all)
    return all.error();
  const judge by{p, *all};
  what_if_run state{by, what, differs};
  const stream_visitor visit
    = [&](const stream_name& stream, std::vector<record>& records) {
        return state.take(stream, records);
      };
  const auto read = what.repo ? for_each_stream_of(log, *what.repo, visit)
                              : for_each_stream(log, visit);
  if (!read)
    return read.error();
  return state.finish(*read);
}

std::map<stage, double> expected_steps(const report& x) {
  // The gate that a stage's evidence is judged at; rendering decides nothing.
  constexpr std::array<std::optional<gate>, stage_total> gates{
    gate::judged, gate::environment, std::nullopt,
    gate::build,  gate::speedup,     gate::publish};
  std::map<stage, double> result;
  double coming = static_cast<double>(x.diffs_wanted);
  for (std::size_t i = 0; i < stage_total; ++i) {
    const auto at = static_cast<stage>(i);
    const auto wanted = x.wanted.find(at);
    if (wanted != x.wanted.end())
      coming += static_cast<double>(wanted->second);
    if (coming > 0)
      result[at] = coming;
    if (gates[i])
      coming *= x.pass_rates[static_cast<std::size_t>(*gates[i])];
  }
  return result;
}

} // namespace fc::projections::what_if
