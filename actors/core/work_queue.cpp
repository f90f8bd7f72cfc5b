#include "actors/core/work_queue.hpp"

#include <algorithm>

namespace fc::actors {

namespace {

std::size_t index_of(events::stage at) {
  return static_cast<std::size_t>(at);
}

} // namespace

work_queue::work_queue(std::size_t build_ahead,
                       std::function<bool(const events::stream_name&)> alone)
  : build_ahead_(build_ahead), alone_(std::move(alone)) {}

bool work_queue::is_alone(const events::stream_name& stream) const {
  return alone_ && alone_(stream);
}

work_queue::~work_queue() {
  for (const auto& [id, out] : leases_)
    out.job->stop->store(true);
}

void work_queue::add(work_request_ptr request, double now) {
  auto& line = waiting_[index_of(request->what)];
  const auto due = now + request->delay_s;
  line.push_back({due, std::move(request)});
}

bool work_queue::may_build() const {
  return waiting(events::stage::trial) + leased(events::stage::trial)
           + leased(events::stage::synthesize)
         < build_ahead_;
}

bool work_queue::near_end() const {
  return waiting(events::stage::classify) <= 2 * leases_.size();
}

work_ptr work_queue::take(const std::vector<std::uint8_t>& stages, double now,
                          const lease_seconds& lease_s, bool starved) {
  for (const auto& [id, out] : leases_)
    if (is_alone(out.job->stream))
      return nullptr;
  auto wanted = stages;
  std::ranges::sort(wanted);
  if (starved || !near_end())
    std::ranges::reverse(wanted);
  for (const auto which : wanted) {
    const auto at = static_cast<events::stage>(which);
    if (at == events::stage::synthesize && !may_build())
      continue;
    auto& line = waiting_[which];
    const auto found
      = std::ranges::find_if(line, [&](const delayed_request& each) {
          return each.due <= now
                 && (leases_.empty() || !is_alone(each.request->stream));
        });
    if (found == line.end())
      continue;
    const auto request = found->request;
    line.erase(found);
    auto job = std::make_shared<work>();
    job->lease = next_lease_++;
    job->stream = request->stream;
    job->what = request->what;
    job->attempt = request->attempt;
    job->state = request->state;
    job->stop = std::make_shared<std::atomic<bool>>(false);
    leases_.emplace(job->lease, grant{job, now + lease_s[which]});
    return job;
  }
  return nullptr;
}

bool work_queue::finish(std::uint64_t lease) {
  return leases_.erase(lease) == 1;
}

std::vector<work_ptr> work_queue::expire(double now) {
  std::vector<work_ptr> ended;
  std::erase_if(leases_, [&](const auto& each) {
    if (each.second.until > now)
      return false;
    each.second.job->stop->store(true);
    ended.push_back(each.second.job);
    return true;
  });
  return ended;
}

std::size_t work_queue::waiting(events::stage at) const {
  return waiting_[index_of(at)].size();
}

std::size_t work_queue::leased(events::stage at) const {
  return static_cast<std::size_t>(std::ranges::count_if(
    leases_, [&](const auto& each) { return each.second.job->what == at; }));
}

} // namespace fc::actors
