#pragma once

#include "events/log/event_log.hpp"

#include <string>
#include <utility>
#include <vector>

namespace fc::events::log {

/// Largest payload in bytes; larger evidence belongs into a blob.
inline constexpr std::size_t max_payload = 64U << 20U;

/// Id and place of a stored record: tells a repeated append from a conflict.
struct stored_id {
  event_id id;
  position at = 0;
};

/// What planning asks of the log it plans for.
class planned_log {
public:
  virtual ~planned_log() = default;

  /// Sequence of a stream's last record, 0 for an unknown stream.
  virtual sequence version_of(const stream_name& stream) const = 0;

  /// The record at a sequence that the stream has reached.
  virtual expected<stored_id>
  id_at(const stream_name& stream, sequence seq) const = 0;
};

/// One record to be written.
struct planned_entry {
  position at = 0;
  stream_name stream;
  sequence seq = 0;
  bytes entry; ///< See entry.hpp.
};

/// What a batch comes to: the answers, and what has to be written for them.
struct append_plan {
  std::vector<append_result> results; ///< One for each request, in order.
  std::vector<planned_entry> entries; ///< Empty when all was refused.
  position last = 0;                  ///< Of the log after the append.
  digest chain;                       ///< Of the last record after the append.
};

/// End of the log that a batch is appended to.
struct log_end {
  position last = 0;
  digest chain;
};

/// Who appends, and when.
struct append_context {
  const origin& by;
  timestamp now;
};

/// Judges the requests of a batch one by one, each as if those before it were
/// already written, and lays out the records. Changes nothing.
expected<append_plan> plan_append(const std::vector<append_request>& batch,
                                  const append_context& context,
                                  const log_end& end, const planned_log& log);

/// @returns `ec::invalid_argument` when a blob does not have its digest.
error check_blobs(const std::vector<blob>& blobs);

} // namespace fc::events::log
