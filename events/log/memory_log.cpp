#include "events/log/entry.hpp"
#include "events/log/event_log.hpp"
#include "events/log/plan.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <shared_mutex>

namespace fc::events::log {

namespace {

/// The log without a disk. Entries are shared with running scans, so nobody
/// holds the lock while a visitor runs.
class memory_log final : public event_log, private written_records {
public:
  explicit memory_log(clock_function now) : now_(std::move(now)) {}

  position last() const override {
    const std::shared_lock lock{mutex_};
    return entries_.size();
  }

  error scan(position from, const record_visitor& visit) const override {
    const auto first = std::max<position>(from, 1);
    const auto end = last();
    if (first > end)
      return {};
    digest previous;
    if (first > 1) {
      auto before = read_entry(first - 1, *entry(first - 1));
      if (!before)
        return before.error();
      previous = before->chain;
    }
    chain_reader reader{first, previous};
    for (auto at = first; at <= end; ++at) {
      auto x = reader.read(at, *entry(at));
      if (!x)
        return x.error();
      if (!visit(*x))
        return {};
    }
    return {};
  }

  expected<std::vector<record>>
  read_stream(std::string_view stream) const override {
    std::vector<position> positions;
    {
      const std::shared_lock lock{mutex_};
      if (const auto i = streams_.find(stream); i != streams_.end())
        positions = i->second;
    }
    std::vector<record> records;
    records.reserve(positions.size());
    for (const auto at : positions) {
      auto x = read_entry(at, *entry(at));
      if (!x)
        return x.error();
      records.push_back(std::move(*x));
    }
    return records;
  }

  expected<sequence> stream_version(std::string_view stream) const override {
    const std::shared_lock lock{mutex_};
    const auto i = streams_.find(stream);
    return i == streams_.end() ? sequence{0}
                               : static_cast<sequence>(i->second.size());
  }

  expected<std::vector<stream_name>>
  streams(std::string_view prefix, std::string_view after,
          std::size_t limit) const override {
    const std::shared_lock lock{mutex_};
    std::vector<stream_name> names;
    auto i = after < prefix ? streams_.lower_bound(prefix)
                            : streams_.upper_bound(after);
    for (; i != streams_.end() && names.size() < limit
           && i->first.starts_with(prefix);
         ++i)
      names.push_back(i->first);
    return names;
  }

  error visit_streams(std::string_view prefix, position until,
                      const stream_visitor& visit) const override {
    std::vector<std::pair<stream_name, sequence>> found;
    {
      const std::shared_lock lock{mutex_};
      for (auto i = streams_.lower_bound(prefix);
           i != streams_.end() && i->first.starts_with(prefix); ++i) {
        const auto end = std::ranges::upper_bound(i->second, until);
        found.emplace_back(i->first,
                           static_cast<sequence>(end - i->second.begin()));
      }
    }
    for (const auto& [name, last] : found)
      if (last > 0)
        visit(name, last);
    return {};
  }

  expected<bytes> blob_of(const digest& id) const override {
    const std::shared_lock lock{mutex_};
    const auto i = blobs_.find(id);
    if (i == blobs_.end())
      return make_error(ec::not_found, "the log holds no blob " + id.hex());
    return i->second;
  }

  expected<append_plan_ptr>
  plan(const append_batch& batch, const origin& by) override {
    return planner_.plan(batch, {by, now_()}, *this);
  }

  error commit(std::span<const append_plan_ptr> plans) override {
    const std::unique_lock lock{mutex_};
    if (!follow(plans, entries_.size()))
      return make_error(ec::internal, "a plan before these was not committed");
    for (const auto& plan : plans) {
      for (const auto* each : plan->blobs)
        blobs_.try_emplace(each->id, each->data);
      for (const auto& each : plan->entries) {
        const auto data = plan->at(each.entry);
        entries_.push_back(
          std::make_shared<const bytes>(data.begin(), data.end()));
        streams_[each.stream].push_back(each.id.at);
      }
    }
    return {};
  }

private:
  position written() const override {
    return last();
  }

  expected<stored_id>
  id_at(const stream_name& stream, sequence seq) const override {
    position at = 0;
    {
      const std::shared_lock lock{mutex_};
      at = streams_.find(stream)->second[seq - 1];
    }
    auto x = read_entry(at, *entry(at));
    if (!x)
      return x.error();
    return stored_id{x->id, at};
  }

  std::shared_ptr<const bytes> entry(position at) const {
    const std::shared_lock lock{mutex_};
    return entries_[at - 1];
  }

  clock_function now_;
  mutable std::shared_mutex mutex_;
  std::vector<std::shared_ptr<const bytes>> entries_; ///< By position - 1.
  std::map<stream_name, std::vector<position>, std::less<>> streams_;
  std::map<digest, bytes> blobs_;
  planner planner_{{}, {}};
};

} // namespace

std::unique_ptr<event_log> make_memory_log(clock_function now) {
  return std::make_unique<memory_log>(std::move(now));
}

} // namespace fc::events::log
