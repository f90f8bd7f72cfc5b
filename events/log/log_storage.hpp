#pragma once

#include "events/log/database.hpp"
#include "events/log/event_log.hpp"
#include "events/log/plan.hpp"

/// Reading the log's families: what the writer and the readers share.
namespace fc::events::log {

/// Bytes of a blob that one row holds; larger ones have a head and chunks.
inline constexpr std::size_t blob_chunk = 1U << 20U;

/// Writes the chunks of a large blob, synced. They count for nothing until its
/// head is written.
error write_chunks(database& to, const digest& id, byte_view data);

/// The rows of a log, as records.
class log_storage {
public:
  explicit log_storage(database db);

  const database& rows() const noexcept {
    return db_;
  }
  database& rows() noexcept {
    return db_;
  }

  /// Position of the last record; reads it.
  expected<position> find_last() const;

  /// See `log_reader`; `last` is a position known to be there.
  error scan(position from, position last, const record_visitor& visit) const;
  expected<std::vector<record>>
  read_stream_to(std::string_view stream, sequence last) const;
  expected<sequence> stream_version(std::string_view stream) const;
  expected<std::vector<stream_name>>
  streams(std::string_view prefix, std::string_view after,
          std::size_t limit) const;
  error visit_streams(std::string_view prefix, position until,
                      const stream_visitor& visit) const;
  expected<bytes> blob_of(const digest& id) const;
  error read_blob(const digest& id, const blob_sink& sink) const;

  /// Whether a blob is stored.
  expected<bool> has_blob(const digest& id) const;

  /// Id of the record at a stream's sequence, which must exist.
  expected<stored_id> id_at(std::string_view stream, sequence seq) const;

  /// Verifies the newest `tail` records and finds the end.
  expected<log_end> verified_end(position tail) const;

  /// All streams, from the index.
  /// @returns `ec::corrupt` when the index does not fit `last` records.
  expected<stream_versions> all_versions(position last) const;

private:
  expected<record> record_at(position at) const;

  database db_;
};

} // namespace fc::events::log
