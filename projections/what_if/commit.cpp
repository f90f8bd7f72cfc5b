#include "projections/what_if/commit.hpp"

namespace fc::projections::what_if {

using namespace events;

namespace {

/// Synced together; each pull request's part stands for itself.
constexpr std::size_t at_a_time = 256;

class verdict_committer {
public:
  verdict_committer(log::event_log& log, const policy::policy& p,
                    const judge& by)
    : log_{log}, policy_{p}, by_{by} {}

  error adopt(const std::string& path) {
    const stream_name stream{policy_stream};
    auto records = log_.read_stream(stream);
    if (!records)
      return records.error();
    if (!records->empty()) {
      const auto newest = event_in<policy_adopted>(records->back());
      if (!newest)
        return newest.error();
      if (newest->id == policy_.id) {
        done_.adopted = records->back().at;
        return {};
      }
    }
    const policy_adopted x{policy_.text, policy_.id, path};
    auto result = log_.append(
      {{stream, static_cast<sequence>(records->size()), {make_event(x)}}}, {},
      {});
    if (!result)
      return result.error();
    done_.adopted = result->front().first;
    done_.newly_adopted = true;
    return result->front().failure;
  }

  error take(const stream_name& stream) {
    auto records = log_.read_stream(stream);
    if (!records)
      return records.error();
    recorded_stream x;
    for (const auto& at : *records)
      if (auto err = fold(x, at))
        return err;
    const auto now = x.state.seq;
    auto judged = rejudge(std::move(x), by_);
    if (!judged)
      return judged.error();
    if (judged->appends.empty())
      return {};
    ++done_.pull_requests;
    for (auto& each : judged->appends) {
      each.causation = done_.adopted;
      done_.verdicts += each.policy ? 1 : 0;
      done_.withdrawn += each.tag == withdrawn::tag ? 1 : 0;
      done_.reopened += each.tag == reopened::tag ? 1 : 0;
    }
    batch_.push_back({stream, now, std::move(judged->appends)});
    return batch_.size() < at_a_time ? error{} : flush();
  }

  error flush() {
    if (batch_.empty())
      return {};
    auto results = log_.append(batch_, {}, {});
    if (!results)
      return results.error();
    for (const auto& each : *results)
      if (each.failure)
        return each.failure;
    batch_.clear();
    return {};
  }

  const commit_result& done() const {
    return done_;
  }

private:
  log::event_log& log_;
  const policy::policy& policy_;
  const judge& by_;
  std::vector<log::append_request> batch_;
  commit_result done_;
};

} // namespace

expected<commit_result>
commit(log::event_log& log, const policy::policy& p, const std::string& path,
       const std::vector<stream_name>& streams) {
  const auto all = load_context(log);
  if (!all)
    return all.error();
  const judge by{p, *all};
  verdict_committer work{log, p, by};
  if (auto err = work.adopt(path))
    return err;
  for (const auto& stream : streams)
    if (auto err = work.take(stream))
      return err;
  if (auto err = work.flush())
    return err;
  return work.done();
}

} // namespace fc::projections::what_if
