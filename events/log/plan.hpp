#pragma once

#include "events/log/event_log.hpp"

#include <deque>
#include <span>
#include <unordered_map>
#include <vector>

namespace fc::events::log {

/// Largest payload in bytes; larger evidence belongs into a blob.
inline constexpr std::size_t max_payload = 64U << 20U;

/// Id and place of a stored record: tells a repeated append from a conflict.
struct stored_id {
  event_id id;
  position at = 0;
};

/// What is written of a log, behind what is planned for it.
class written_records {
public:
  virtual ~written_records() = default;

  /// Position of the last record.
  virtual position written() const = 0;

  /// The record at a sequence that the stream has reached.
  virtual expected<stored_id>
  id_at(const stream_name& stream, sequence seq) const = 0;
};

/// Some of a plan's bytes.
struct piece {
  std::size_t offset = 0;
  std::size_t size = 0;
};

/// One record to be written; keys as in key.hpp, the entry as in entry.hpp.
struct planned_entry {
  stored_id id;
  stream_name stream;
  sequence seq = 0;
  piece entry;
  piece log_key;
  piece stream_key;
};

/// What a batch comes to: the answers, and what has to be written for them.
struct append_plan {
  std::vector<append_result> results; ///< One for each request, in order.
  std::vector<planned_entry> entries; ///< Empty when all was refused.
  bytes data;                         ///< Of all entries and keys.
  std::vector<const blob*> blobs;     ///< To be kept; the batch's own.
  position before = 0;                ///< Last of the log before the append.
  position last = 0;                  ///< Of the log after the append.
  digest chain;                       ///< Of the last record after the append.

  byte_view at(const piece& x) const {
    return byte_view{data}.subspan(x.offset, x.size);
  }
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

using stream_versions = std::unordered_map<stream_name, sequence>;

/// The end of a log as it will be when all that was planned is written. For
/// the one thread that plans; another may write meanwhile.
class planner {
public:
  planner(const log_end& end, stream_versions versions);

  /// Judges the requests of a batch one by one, each as if those before it
  /// were already written, and lays out the records.
  /// @returns `ec::invalid_argument` when a blob does not have its digest;
  /// after an error nothing was planned.
  expected<append_plan_ptr>
  plan(const append_batch& batch, const append_context& context,
       const written_records& log);

private:
  friend class batch_planner;

  sequence version_of(const stream_name& stream) const;
  expected<stored_id> id_at(const written_records& log,
                            const stream_name& stream, sequence seq) const;

  log_end end_;
  stream_versions versions_;
  std::deque<append_plan_ptr> ahead_; ///< Perhaps not written yet.
};

/// Whether plans are the next ones of a log that ends at `written`.
bool follow(std::span<const append_plan_ptr> plans, position written);

} // namespace fc::events::log
