#pragma once

#include "events/log/event_log.hpp"

#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

namespace fc::projections::what_if {

/// Called with a pull request's whole stream, oldest record first.
using stream_visitor = std::function<events::error(
  const events::stream_name& stream, std::vector<events::record> records)>;

/// How much of the log was read.
struct streams_read {
  std::uint64_t records = 0;
  std::uint64_t streams = 0;
  std::uint64_t read_again = 0; ///< Streams that did not fit in memory.
};

/// Reads the log once, in order, and hands over each pull request when its last
/// record was seen: no stream is looked up, so the disk is read as fast as it
/// can be. Streams that are not whole yet wait in memory up to `max_bytes`;
/// beyond it the newest are forgotten and read from the log again at their end.
events::expected<streams_read>
for_each_stream(const events::log::log_reader& log, const stream_visitor& visit,
                std::size_t max_bytes = std::size_t{384} << 20U);

/// The same for the pull requests of one repository, stream by stream.
events::expected<streams_read>
for_each_stream_of(const events::log::log_reader& log,
                   const events::repo_name& repo, const stream_visitor& visit);

} // namespace fc::projections::what_if
