#pragma once

#include "events/record.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace rocksdb {
class Env;
} // namespace rocksdb

namespace fc::events::log {

/// Events for one stream, appended together or not at all.
struct append_request {
  stream_name stream;
  /// Sequence of the stream's last record as the caller knows it, 0 for none.
  sequence expected = 0;
  std::vector<new_event> events;
};

/// What became of one request of a batch.
struct append_result {
  /// Position of the request's first event; events follow without gap.
  position first = 0;
  /// Sequence of the stream after the append, or, on conflict, at present.
  sequence now = 0;
  /// Set when nothing of the request was written: `ec::conflict`.
  error failure;
};

/// A text or file that events refer to by digest.
struct blob {
  digest id;
  bytes data;
};

/// Makes a blob and its name.
blob make_blob(std::string_view text);

/// What is appended together; what it points to must live until it is
/// committed or given up.
struct append_batch {
  std::vector<const append_request*> requests;
  std::vector<const blob*> blobs;
};

/// A batch that was judged and laid out, and is not written yet: plan.hpp.
struct append_plan;
using append_plan_ptr = std::shared_ptr<const append_plan>;

/// Who causes an append.
struct origin {
  std::string run;
  std::string node;
};

/// Called for each record in order; false stops the scan.
using record_visitor = std::function<bool(const record&)>;

/// Called with the name of a stream and the sequence of its last record.
using stream_visitor = std::function<void(std::string_view, sequence)>;

/// Called with the bytes of a blob in order; false stops the reading.
using blob_sink = std::function<bool(byte_view)>;

/// What readers may do. Safe to call from several threads; readers never block
/// the writer.
class log_reader {
public:
  virtual ~log_reader() = default;

  /// Position of the last record, 0 for an empty log.
  virtual position last() const = 0;

  /// Brings a reader beside a writer in another process up to date; other logs
  /// always are.
  virtual error refresh() {
    return {};
  }

  /// Visits records from `from` on, verifying order and hash chain.
  /// @returns `ec::corrupt` naming the first bad position.
  virtual error scan(position from, const record_visitor& visit) const = 0;

  /// All records of a stream, oldest first; empty for an unknown stream.
  virtual expected<std::vector<record>>
  read_stream(std::string_view stream) const = 0;

  /// The same, up to a sequence; what comes after it is not read.
  virtual expected<std::vector<record>>
  read_stream_to(std::string_view stream, sequence last) const;

  /// Sequence of the stream's last record, 0 for an unknown stream.
  virtual expected<sequence> stream_version(std::string_view stream) const = 0;

  /// Names of the streams that begin with `prefix`, in byte order, after
  /// `after`, at most `limit` (keyset paging).
  virtual expected<std::vector<stream_name>>
  streams(std::string_view prefix, std::string_view after,
          std::size_t limit) const = 0;

  /// Visits the streams that begin with `prefix`, in byte order, as they were
  /// when the log ended at `until`: one walk over the index, much faster than
  /// asking for one stream after another.
  virtual error visit_streams(std::string_view prefix, position until,
                              const stream_visitor& visit) const = 0;

  /// @returns `ec::not_found` for an unknown digest, `ec::corrupt` when the
  /// bytes do not have it.
  virtual expected<bytes> blob_of(const digest& id) const = 0;

  /// The same piece by piece, so that a large blob is never in memory as a
  /// whole. Whether the bytes have the digest shows at the end: until then
  /// they are not to be relied on.
  virtual error read_blob(const digest& id, const blob_sink& sink) const;
};

/// The append-only log. Any thread reads. An append has two halves, so that the
/// next batch is judged and hashed while the disk has the one before: one
/// thread plans, one commits; they may be the same.
class event_log : public log_reader {
public:
  /// Judges requests one by one, as if all that was planned before were
  /// written: one in conflict does not hold back the others, and one whose
  /// event ids are already the stream's next records gets their position again.
  /// Writes nothing, and nobody may be answered yet.
  virtual expected<append_plan_ptr>
  plan(const append_batch& batch, const origin& by) = 0;

  /// Writes plans in one synced batch; then their results hold. In the order
  /// of planning, none left out.
  /// @returns `ec::storage_failure` when nothing can be said of the batch; the
  /// log then refuses plans and commits until it is opened again.
  virtual error commit(std::span<const append_plan_ptr> plans) = 0;

  /// Both halves: a reply means that it was synced.
  expected<std::vector<append_result>>
  append(const std::vector<append_request>& batch,
         const std::vector<blob>& blobs, const origin& by);
};

/// Clock of the writer; tests inject their own.
using clock_function = std::function<timestamp()>;

/// The system's real-time clock.
timestamp system_now();

/// A log in memory: for tests, and the reference of the conformance suite.
std::unique_ptr<event_log> make_memory_log(clock_function now = system_now);

/// How to open a log on disk.
struct rocksdb_options {
  std::string path;
  bool create = true;
  clock_function now = system_now;
  /// What a writer keeps its files on; null for the file system. Must outlive
  /// the log. Tests put disks that fail below RocksDB.
  rocksdb::Env* files = nullptr;
};

/// Opens for appending; the tail is verified first.
/// @returns `ec::already_in_use`, `ec::too_new` (written by a newer program),
/// `ec::corrupt` (position named), `ec::storage_failure` with RocksDB's text.
expected<std::unique_ptr<event_log>>
open_rocksdb_log(const rocksdb_options& options);

/// Opens beside a writer, or without one, for reading only: the log as it is
/// now, until `refresh`. Nothing is written into the folder.
/// @returns `ec::not_found`, `ec::invalid_argument` for no log, `ec::too_new`,
/// `ec::corrupt`.
expected<std::unique_ptr<log_reader>>
open_rocksdb_reader(const std::string& path);

/// What a whole verification saw.
struct verify_report {
  position records = 0;
  std::uint64_t streams = 0;
  std::uint64_t blobs = 0; ///< Referenced blobs that were read and hashed.
  std::vector<std::string> problems; ///< One line each, position named.
};

/// Checks every record: order, chain, stream sequences, payloads, and that
/// every referenced blob is there and has its digest.
verify_report verify(const log_reader& log);

} // namespace fc::events::log
