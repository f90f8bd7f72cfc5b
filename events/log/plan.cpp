#include "events/log/plan.hpp"

#include "events/log/entry.hpp"
#include "events/log/key.hpp"

#include <algorithm>
#include <unordered_map>

namespace fc::events::log {

namespace {

/// Lays out one batch over a log that does not change meanwhile.
class planner {
public:
  planner(const append_context& context, const log_end& end,
          const planned_log& log)
    : context_(context), log_(log) {
    plan_.last = end.last;
    plan_.chain = end.chain;
  }

  expected<append_plan> run(const std::vector<append_request>& batch) {
    plan_.results.reserve(batch.size());
    for (const auto& request : batch) {
      auto result = judge(request);
      if (!result)
        return result.error();
      plan_.results.push_back(std::move(*result));
    }
    return std::move(plan_);
  }

private:
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
                                   + "; read the stream again and decide anew");
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
      at->second.before = log_.version_of(name);
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
      x.tag = event.tag;
      x.version = event.version;
      x.id = event.id;
      x.policy = event.policy;
      x.causation = event.causation;
      auto entry = make_entry(x, event.payload, plan_.chain);
      plan_.chain = x.chain;
      stream.added.push_back({x.id, x.at});
      plan_.entries.push_back({x.at, request.stream, x.seq, std::move(entry)});
    }
  }

  expected<stored_id>
  id_at(const pending& stream, const stream_name& name, sequence seq) const {
    if (seq > stream.before)
      return stream.added[seq - stream.before - 1];
    return log_.id_at(name, seq);
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
      const auto place = first + (seq - request.expected - 1);
      if (stored->id != event.id || stored->at != place)
        return position{0};
    }
    return first;
  }

  const append_context& context_;
  const planned_log& log_;
  append_plan plan_;
  std::unordered_map<stream_name, pending> streams_;
};

} // namespace

expected<append_plan> plan_append(const std::vector<append_request>& batch,
                                  const append_context& context,
                                  const log_end& end, const planned_log& log) {
  return planner{context, end, log}.run(batch);
}

error check_blobs(const std::vector<blob>& blobs) {
  for (const auto& each : blobs)
    if (sha256(each.data) != each.id)
      return make_error(ec::invalid_argument,
                        "blob " + each.id.hex()
                          + " does not have this digest; nothing was written");
  return {};
}

} // namespace fc::events::log
