#include "events/log/plan.hpp"

#include "events/common/assert.hpp"
#include "events/log/entry.hpp"
#include "events/log/key.hpp"

#include <algorithm>
#include <string_view>

namespace fc::events::log {

namespace {

/// @returns `ec::invalid_argument` when a blob does not have its digest.
error check_blobs(const std::vector<const blob*>& blobs) {
  for (const auto* each : blobs)
    if (sha256(each->data) != each->id)
      return make_error(ec::invalid_argument,
                        "blob " + each->id.hex()
                          + " does not have this digest; nothing was written");
  return {};
}

} // namespace

/// Lays out one batch behind what was planned before.
class batch_planner {
public:
  batch_planner(const append_context& context, const planner& before,
                const written_records& log)
    : context_(context), before_(before), log_(log) {
    plan_.before = before.end_.last;
    plan_.last = before.end_.last;
    plan_.chain = before.end_.chain;
  }

  expected<append_plan> run(const append_batch& batch) {
    reserve(batch);
    for (const auto* request : batch.requests) {
      auto result = judge(*request);
      if (!result)
        return result.error();
      plan_.results.push_back(std::move(*result));
    }
    FC_ASSERT(plan_.results.size() == batch.requests.size(),
              plan_.results.size(), batch.requests.size());
    FC_ASSERT(plan_.last == plan_.before + plan_.entries.size(), plan_.before,
              plan_.last, plan_.entries.size());
    // Where all was refused, nothing refers to the blobs.
    if (!plan_.entries.empty() || batch.requests.empty())
      plan_.blobs = batch.blobs;
    return std::move(plan_);
  }

private:
  void reserve(const append_batch& batch) {
    std::size_t entries = 0;
    std::size_t size = 0;
    for (const auto* request : batch.requests) {
      entries += request->events.size();
      for (const auto& event : request->events)
        size += event.payload.size() + 2 * request->stream.size() + entry_room;
    }
    plan_.results.reserve(batch.requests.size());
    plan_.entries.reserve(entries);
    plan_.data.reserve(size);
  }

  /// A stream as the batch has left it so far.
  struct pending {
    sequence before = 0;          ///< Sequence in the log.
    std::vector<stored_id> added; ///< By this batch.

    sequence now() const {
      return before + static_cast<sequence>(added.size());
    }
  };

  expected<append_result> judge(const append_request& request) {
    append_result result;
    if (auto err = check(request)) {
      result.failure = std::move(err);
      return result;
    }
    auto& stream = open(request.stream);
    if (stream.now() == request.expected) {
      result.first = request.events.empty() ? 0 : plan_.last + 1;
      add(stream, request);
      result.now = stream.now();
      return result;
    }
    auto repeated = first_of_repeat(stream, request);
    if (!repeated)
      return repeated.error();
    if (*repeated != 0) {
      result.first = *repeated;
      result.now
        = request.expected + static_cast<sequence>(request.events.size());
      return result;
    }
    result.now = stream.now();
    result.failure
      = make_error(ec::conflict, request.stream + " is at sequence "
                                   + std::to_string(result.now) + ", not at "
                                   + std::to_string(request.expected)
                                   + "; read the stream again, then decide");
    return result;
  }

  static error check(const append_request& request) {
    if (!is_stream_name(request.stream))
      return make_error(
        ec::invalid_argument,
        "a stream name has 1 to " + std::to_string(max_stream_name)
          + " bytes and no zero byte: '" + request.stream + "'");
    for (const auto& event : request.events)
      if (event.payload.size() > max_payload)
        return make_error(ec::invalid_argument,
                          request.stream + ": a payload of "
                            + std::to_string(event.payload.size())
                            + " bytes is too large; put it into a blob");
    return {};
  }

  pending& open(const stream_name& name) {
    const auto [at, is_new] = streams_.try_emplace(name);
    if (is_new)
      at->second.before = before_.version_of(name);
    return at->second;
  }

  void add(pending& stream, const append_request& request) {
    record x;
    x.stream = request.stream;
    x.recorded_at = context_.now;
    x.run = context_.by.run;
    x.node = context_.by.node;
    for (const auto& event : request.events) {
      x.at = ++plan_.last;
      x.seq = stream.now() + 1;
      FC_ASSERT(x.seq != 0, x.stream, x.at); // it would begin anew
      x.tag = event.tag;
      x.version = event.version;
      x.id = event.id;
      x.policy = event.policy;
      x.causation = event.causation;
      const auto start = plan_.data.size();
      append_entry(plan_.data, x, event.payload, plan_.chain);
      const piece entry{start, plan_.data.size() - start};
      const auto log_key = keep(position_key(x.at));
      const auto index_key = keep(stream_key(x.stream, x.seq));
      plan_.chain = x.chain;
      stream.added.push_back({x.id, x.at});
      plan_.entries.push_back(
        {{x.id, x.at}, request.stream, x.seq, entry, log_key, index_key});
    }
  }

  /// Makes a key ready, so that whoever writes need not.
  piece keep(std::string_view key) {
    const auto raw = as_bytes(key);
    plan_.data.insert(plan_.data.end(), raw.begin(), raw.end());
    return {plan_.data.size() - key.size(), key.size()};
  }

  expected<stored_id>
  id_at(const pending& stream, const stream_name& name, sequence seq) const {
    if (seq > stream.before) {
      FC_ASSERT(seq <= stream.now(), name, seq, stream.now());
      return stream.added[seq - stream.before - 1];
    }
    return before_.id_at(log_, name, seq);
  }

  /// Position of the first event if all of them already are the stream's next
  /// records, appended together; 0 if not.
  expected<position>
  first_of_repeat(const pending& stream, const append_request& request) const {
    if (request.events.empty() || request.expected > stream.now()
        || stream.now() - request.expected < request.events.size())
      return position{0};
    position first = 0;
    auto seq = request.expected;
    for (const auto& event : request.events) {
      auto stored = id_at(stream, request.stream, ++seq);
      if (!stored)
        return stored.error();
      if (first == 0)
        first = stored->at;
      const auto wanted = first + (seq - request.expected - 1);
      if (stored->id != event.id || stored->at != wanted)
        return position{0};
    }
    return first;
  }

  const append_context& context_;
  const planner& before_;
  const written_records& log_;
  append_plan plan_;
  std::unordered_map<std::string_view, pending> streams_;
};

planner::planner(const log_end& end, stream_versions versions)
  : end_(end), versions_(std::move(versions)) {}

sequence planner::version_of(const stream_name& stream) const {
  const auto i = versions_.find(stream);
  return i == versions_.end() ? 0 : i->second;
}

expected<stored_id>
planner::id_at(const written_records& log, const stream_name& stream,
               sequence seq) const {
  for (const auto& plan : ahead_)
    for (const auto& each : plan->entries)
      if (each.seq == seq && each.stream == stream)
        return each.id;
  return log.id_at(stream, seq);
}

expected<append_plan_ptr>
planner::plan(const append_batch& batch, const append_context& context,
              const written_records& log) {
  if (auto err = check_blobs(batch.blobs))
    return err;
  while (!ahead_.empty() && ahead_.front()->last <= log.written())
    ahead_.pop_front();
  auto planned = batch_planner{context, *this, log}.run(batch);
  if (!planned)
    return planned.error();
  auto next = std::make_shared<const append_plan>(std::move(*planned));
  FC_ASSERT(next->before == end_.last, next->before, end_.last);
  for (const auto& each : next->entries) {
    auto& version = versions_[each.stream];
    FC_ASSERT(each.seq == version + 1, each.stream, each.seq, version);
    version = each.seq;
  }
  end_ = {next->last, next->chain};
  if (!next->entries.empty())
    ahead_.push_back(next);
  return append_plan_ptr{std::move(next)};
}

bool follow(std::span<const append_plan_ptr> plans, position written) {
  return std::ranges::all_of(plans, [&](const append_plan_ptr& each) {
    return each->before == std::exchange(written, each->last);
  });
}

} // namespace fc::events::log
