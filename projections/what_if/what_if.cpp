#include "projections/what_if/what_if.hpp"

#include "projections/what_if/ordered_pool.hpp"
#include "projections/what_if/tally.hpp"

#include <utility>

namespace fc::projections::what_if {

using namespace events;

namespace {

/// Streams that one thread judges at once: many, so that handing over costs
/// little, in not too many bytes.
class stream_batch {
public:
  void add(whole_stream x) {
    for (const auto& at : x.records)
      bytes_ += at.payload.size();
    streams_.push_back(std::move(x));
  }
  bool full() const noexcept {
    return streams_.size() >= 64 || bytes_ >= (std::size_t{1} << 20U);
  }
  std::vector<whole_stream> take() {
    bytes_ = 0;
    return std::exchange(streams_, {});
  }

private:
  std::vector<whole_stream> streams_;
  std::size_t bytes_ = 0;
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
  tally sum{what, differs};
  ordered_pool<std::vector<whole_stream>, std::vector<judged_stream>> pool{
    what.threads,
    [&](const std::vector<whole_stream>& streams) {
      std::vector<judged_stream> judged;
      for (const auto& each : streams)
        judged.push_back(judge_stream(each, by, what));
      return judged;
    },
    [&](std::vector<judged_stream> judged) {
      for (auto& each : judged)
        if (auto err = sum.add(std::move(each)))
          return err;
      return error{};
    }};
  stream_batch batch;
  error failure;
  const stream_visitor visit
    = [&](const stream_name& stream, std::vector<record> records) {
        batch.add({stream, std::move(records)});
        if (batch.full())
          failure = pool.put(batch.take());
        return failure;
      };
  const auto read = what.repo ? for_each_stream_of(log, *what.repo, visit)
                              : for_each_stream(log, visit);
  if (failure)
    return failure;
  // What was read before reading failed comes first.
  if (auto err = pool.put(batch.take()))
    return err;
  if (auto err = pool.finish())
    return err;
  if (!read)
    return read.error();
  return sum.finish(*read);
}

std::map<stage, double> expected_steps(const report& x) {
  std::map<stage, double> result;
  double coming = static_cast<double>(x.diffs_wanted);
  for (const auto& row : pipeline_table) {
    if (!row.of)
      continue;
    const auto wanted = x.wanted.find(*row.of);
    if (wanted != x.wanted.end())
      coming += static_cast<double>(wanted->second);
    if (coming > 0)
      result[*row.of] = coming;
    if (is_gate(row))
      coming *= x.pass_rates[static_cast<std::size_t>(gate_of(row))];
  }
  return result;
}

} // namespace fc::projections::what_if
