#include "events/common/bounded_file.hpp"
#include "projections/what_if/commit.hpp"
#include "tools/replay/commands.hpp"
#include "tools/replay/what_if_text.hpp"

#include <iostream>

namespace fc::replay {

using namespace events;
using projections::what_if::question;

namespace {

constexpr std::size_t shown = 20;

expected<policy::policy> read_policy(const std::string& path) {
  const auto text = common::read_file(path, "the policy");
  if (!text)
    return text.error();
  return policy::parse_policy(*text, path);
}

expected<question> question_of(const options& x) {
  question result;
  result.max
    = x.all || x.json ? std::numeric_limits<std::size_t>::max() : shown;
  if (!x.since.empty()) {
    const auto since = parse_time(x.since);
    if (!since)
      return since.error();
    result.since = *since;
  }
  result.repo = x.repo;
  return result;
}

/// The newest policy in the log, or none.
expected<std::optional<policy_adopted>> newest_policy(const log_reader& log) {
  const auto records = log.read_stream(policy_stream);
  if (!records)
    return records.error();
  if (records->empty())
    return std::optional<policy_adopted>{};
  auto newest = event_in<policy_adopted>(records->back());
  if (!newest)
    return newest.error();
  return std::optional{std::move(*newest)};
}

/// Nothing of this repository or time: most likely misspelt.
error none_found(const options& x) {
  if (!x.repo && x.since.empty())
    return {};
  return make_error(ec::not_found,
                    "the log has no pull request"
                      + (x.repo ? " of " + x.repo->str() : "")
                      + (x.since.empty() ? "" : " merged since " + x.since));
}

/// What another policy makes of a log.
struct answer {
  policy::policy asked;
  policy_pair policies;
  projections::what_if::report report;
};

/// @param each Called with the stream of every pull request that differs.
expected<answer>
judge_again(const log_reader& log, const options& x,
            const std::function<void(const stream_name&)>& each = {}) {
  auto p = read_policy(x.what_if);
  if (!p)
    return p.error();
  const auto what = question_of(x);
  if (!what)
    return what.error();
  const auto newest = newest_policy(log);
  if (!newest)
    return newest.error();
  auto found = projections::what_if::ask(log, *p, *what, each);
  if (!found)
    return found.error();
  if (found->pull_requests == 0)
    if (auto err = none_found(x))
      return err;
  const policy_pair policies{*newest ? (*newest)->id : digest{}, p->id};
  return answer{std::move(*p), policies, std::move(*found)};
}

} // namespace

command_result what_if(const log_reader& log, const options& x) {
  const auto found = judge_again(log, x);
  if (!found)
    return found.error();
  std::cout << (x.json ? what_if_json(found->report, found->policies)
                       : what_if_text(found->report, found->policies));
  return true;
}

command_result commit_what_if(const options& x) {
  // What is judged is what is committed: nothing else appends meanwhile.
  auto log = events::log::open_rocksdb_log({.path = x.log, .create = false});
  if (!log)
    return log.error();
  std::vector<stream_name> differing;
  const auto found = judge_again(
    **log, x, [&](const stream_name& stream) { differing.push_back(stream); });
  if (!found)
    return found.error();
  const auto done
    = projections::what_if::commit(**log, found->asked, x.what_if, differing);
  if (!done)
    return done.error();
  std::cout << (x.json ? commit_json(found->report, found->policies, *done)
                       : what_if_text(found->report, found->policies)
                           + commit_text(*done));
  return true;
}

} // namespace fc::replay
