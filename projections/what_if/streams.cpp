#include "projections/what_if/streams.hpp"

namespace fc::projections::what_if {

using namespace events;

namespace {

constexpr std::string_view prefix = "pr/";

/// What judging needs of a record; its stream is known.
struct part {
  position at = 0;
  std::uint16_t tag = 0;
  std::uint8_t version = 0;
  digest policy;
  position causation = 0;
  bytes payload;
};

/// A stream of which a part was read.
struct partial_stream {
  std::vector<part> parts;
  std::size_t bytes = 0;
  sequence seen = 0;
  sequence last = 0;
  bool forgotten = false;
};

class collector {
public:
  collector(const log::log_reader& log, const stream_visitor& visit,
            std::size_t max_bytes)
    : log_{log}, visit_{visit}, max_{max_bytes}, end_{log.last()} {}

  /// How long each stream is, from the index.
  error measure() {
    return log_.visit_streams(prefix, end_,
                              [&](std::string_view stream, sequence last) {
                                open_[stream_name{stream}].last = last;
                              });
  }

  /// One pass over the log, up to the end that it had at first.
  error collect() {
    error failure;
    if (auto err = log_.scan(1, [&](const record& at) {
          if (at.at > end_)
            return false;
          failure = take(at);
          return !failure && at.at < end_;
        }))
      return err;
    if (failure || open_.empty())
      return failure;
    return broken("has a stream that the log does not have to its end: "
                  + open_.begin()->first);
  }

  const streams_read& read() const {
    return read_;
  }

private:
  error take(const record& at) {
    ++read_.records;
    if (!at.stream.starts_with(prefix))
      return {};
    const auto found = open_.find(at.stream);
    if (found == open_.end())
      return broken("lacks record " + std::to_string(at.at));
    auto& x = found->second;
    if (at.seq != x.seen + 1)
      return make_error(ec::corrupt, "record " + std::to_string(at.at)
                                       + " of stream '" + at.stream
                                       + "' follows a gap; run fcreplay "
                                         "--verify");
    x.seen = at.seq;
    if (!x.forgotten)
      keep(x, at);
    if (x.seen < x.last)
      return {};
    ++read_.streams;
    auto records = whole(at.stream, x);
    held_ -= x.bytes;
    open_.erase(found);
    if (!records)
      return records.error();
    return visit_(at.stream, std::move(*records));
  }

  static error broken(const std::string& how) {
    return make_error(ec::corrupt,
                      "the stream index " + how + "; run fcreplay --verify");
  }

  void keep(partial_stream& x, const record& at) {
    const auto size = at.payload.size() + sizeof(part);
    if (held_ + size > max_ && x.seen < x.last) {
      held_ -= x.bytes;
      x = {{}, 0, x.seen, x.last, true};
      return;
    }
    x.parts.push_back(
      {at.at, at.tag, at.version, at.policy, at.causation, at.payload});
    x.bytes += size;
    held_ += size;
  }

  expected<std::vector<record>>
  whole(const stream_name& stream, partial_stream& x) {
    if (x.forgotten) {
      ++read_.read_again;
      return log_.read_stream_to(stream, x.last);
    }
    std::vector<record> result(x.parts.size());
    for (std::size_t i = 0; i < x.parts.size(); ++i) {
      auto& from = x.parts[i];
      auto& to = result[i];
      to.at = from.at;
      to.seq = static_cast<sequence>(i + 1);
      to.tag = from.tag;
      to.version = from.version;
      to.policy = from.policy;
      to.causation = from.causation;
      to.payload = std::move(from.payload);
    }
    return result;
  }

  const log::log_reader& log_;
  const stream_visitor& visit_;
  std::size_t max_;
  position end_;
  std::size_t held_ = 0;
  std::unordered_map<stream_name, partial_stream> open_;
  streams_read read_;
};

} // namespace

expected<streams_read>
for_each_stream(const log::log_reader& log, const stream_visitor& visit,
                std::size_t max_bytes) {
  collector all{log, visit, max_bytes};
  if (auto err = all.measure())
    return err;
  if (auto err = all.collect())
    return err;
  return all.read();
}

expected<streams_read>
for_each_stream_of(const log::log_reader& log, const repo_name& repo,
                   const stream_visitor& visit) {
  constexpr std::size_t page = 1000;
  streams_read read;
  std::string after;
  while (true) {
    auto names
      = log.streams(std::string{prefix} + repo.str() + "#", after, page);
    if (!names)
      return names.error();
    for (const auto& name : *names) {
      auto records = log.read_stream(name);
      if (!records)
        return records.error();
      ++read.streams;
      read.records += records->size();
      if (auto err = visit(name, std::move(*records)))
        return err;
    }
    if (names->size() < page)
      return read;
    after = names->back();
  }
}

} // namespace fc::projections::what_if
